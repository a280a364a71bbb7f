"""What two actions, services or sub-groups have in common and where they differ, in sentences a planner can check."""

import re
from collections.abc import Iterable, Mapping, Sequence

from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.analysis.parties import Parties
from goldenthread.analysis.signals import Crosswalk, stems

_MATTERS: Mapping[str, Sequence[tuple[str, str, str]]] = {
    "action": (
        ("gt:theme", "Both are about", "is about"),
        ("gt:activityType", "In both the deed is to", "is to"),
        ("gt:concerns", "Both are for", "is for"),
        ("gt:uses", "Both use", "uses"),
        ("gt:cites", "Both refer to", "refers to"),
    ),
    "service": (
        ("gt:theme", "Both are about", "is about"),
        ("gt:concerns", "Both are for", "is for"),
        ("gt:providedBy", "Both are provided by", "is provided by"),
    ),
    "group": (
        ("gt:theme", "Both are about", "is about"),
        ("gt:concerns", "Both are for", "is for"),
        ("org:hasMember", "Both have as members", "has as members"),
        ("org:subOrganizationOf", "Both report to", "reports to"),
    ),
}
"""Kind of thing → property, words for what both have, words for what one has."""
_TOLD_APART = {"gt:theme", "gt:activityType", "gt:concerns"}


class Likeness:
    """Compares things of a graph.

    Args:
        facts: the graph.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._names = Names(facts)
        self._parties = Parties(facts)
        self._crosswalk = Crosswalk(facts)

    def same(self, kind: str, one: str, other: str) -> tuple[str, ...]:
        """What two things of a kind (`action`, `service`, `group`) share, the weightiest first."""
        return tuple(self._same(kind, one, other))

    def _same(self, kind: str, one: str, other: str) -> Iterable[str]:
        facts = self._facts
        for name, both, _ in _MATTERS[kind]:
            first, second = set(facts.all(one, name)), set(facts.all(other, name))
            if shared := first & second:
                yield f"{both} {self._list(shared)}"
            elif above := self._above(first) & self._above(second):
                yield f"{both} {self._list(self._lowest(above))}, in different branches"
        if kind == "action":
            yield from self._same_outcomes(one, other)
            yield from self._same_parties(one, other)
            if common := set(facts.all(one, "gt:inSection")) & set(facts.all(other, "gt:inSection")):
                yield f"Both stand in the section {self._list(common)}"
        if said := self._shared_words(one, other):
            yield f"Both say: {', '.join(said)}"

    def _same_outcomes(self, one: str, other: str) -> Iterable[str]:
        first, second = (set(self._facts.all(action, "gt:contributesTo")) for action in (one, other))
        if shared := first & second:
            yield f"Both serve {self._list(shared)}"
        matches = {self._crosswalk(outcome): outcome for outcome in first - second}
        for outcome in sorted(second - first):
            if match := matches.get(self._crosswalk(outcome)):
                yield f"They serve matching outcomes, {self._names(match)} and {self._names(outcome)}"

    def _same_parties(self, one: str, other: str) -> Iterable[str]:
        first, second = (self._parties.named(action) for action in (one, other))
        if shared := first & second:
            yield f"Both name {self._list(shared)}"
        if behind := (self._parties.expand(first) & self._parties.expand(second)) - shared:
            yield f"Both involve {self._list(behind)}"

    def different(
        self, kind: str, one: str, other: str, called: tuple[str, str] = ("first", "second")
    ) -> tuple[str, ...]:
        """Where two things of a kind differ in subject, deed or beneficiaries.

        Args:
            kind: `action`, `service` or `group`.
            one: the first of the two.
            other: the second.
            called: what to call them.
        """
        found = []
        for name, _, says in _MATTERS[kind]:
            first, second = set(self._facts.all(one, name)), set(self._facts.all(other, name))
            if name in _TOLD_APART and first != second:
                parts = [
                    f"only the {which} {says} {self._list(own)}"
                    for which, own in zip(called, (first - second, second - first), strict=True)
                    if own
                ]
                text = "; ".join(parts)
                found.append(text[0].upper() + text[1:])
        return tuple(found)

    def _list(self, things: Iterable[str], most: int = 4) -> str:
        names = sorted(self._names(thing) for thing in things)
        if len(names) > most:
            names = [*names[:most], f"{len(names) - most} more"]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

    def _above(self, concepts: Iterable[str]) -> set[str]:
        found, fresh = set[str](), list(concepts)
        while fresh:
            for concept in self._facts.all(fresh.pop(), "skos:broader"):
                if concept not in found:
                    found.add(concept)
                    fresh.append(concept)
        return found

    def _lowest(self, concepts: set[str]) -> set[str]:
        return concepts - self._above(concepts)

    def _shared_words(self, one: str, other: str) -> list[str]:
        first, second = (self._label(thing) for thing in (one, other))
        common = set(stems(first)) & set(stems(second))
        found = (word for word in re.findall(r"[^\W_][\w'’-]*", first) if set(stems(word)) & common)
        return list(dict.fromkeys(word.lower() if not word.isupper() else word for word in found))

    def _label(self, thing: str) -> str:
        return self._facts.one(thing, "rdfs:label") or self._facts.one(thing, "skos:prefLabel")
