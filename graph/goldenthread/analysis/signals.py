"""In what two things are alike: signals in 0..1, from what the graph says of them and from their wording.

Each signal compares one kind of token: themes, activity types, audiences, stems of words … A thing is a vector of the
tokens it has, each weighted by how rare it is; the signal of a pair is the cosine of the two vectors
(Salton and Buckley, Term-weighting approaches in automatic text retrieval, 1988). Concepts of a hierarchy lend half
of their weight to the concept above, so that near concepts are a little alike.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import log
from typing import Any

import numpy as np
import snowballstemmer
from scipy import sparse

from goldenthread.analysis.facts import Facts
from goldenthread.analysis.parties import Parties

Array = np.ndarray[Any, np.dtype[np.float64]]
Indices = np.ndarray[Any, np.dtype[np.int64]]
Bag = Mapping[str, float]
Bagger = Callable[[str], Bag]

_STOP_WORDS = frozenset(
    "a about across after all also an and any are as at be been both but by can each for from had has have how if in "
    "into is it its more most new not of on one or other our out over own so some such than that the their them then "
    "there these they this those through to two under up was were what when where which while who whom whose will "
    "with within would year years".split()
)
_CHUNK = 200_000


class Signals:
    """The signals of a list of things.

    Args:
        things: IRIs.
        baggers: name of a signal → what tokens a thing has, and how much of each.
        concepts: the concepts that a thing has, for `shared`.
    """

    def __init__(
        self, things: Sequence[str], baggers: Mapping[str, Bagger], concepts: Callable[[str], Iterable[str]] = tuple
    ) -> None:
        self.things = things
        self._matrices = {name: _matrix([bagger(thing) for thing in things])[0] for name, bagger in baggers.items()}
        self._concepts, self._columns = _matrix([_even(concepts(thing)) for thing in things], weigh=False)

    def of(self, first: Indices, second: Indices) -> dict[str, Array]:
        """The signals of pairs given as two arrays of positions in `things`: signal → its values for the pairs."""
        return {name: np.minimum(_dots(matrix, matrix, first, second), 1.0) for name, matrix in self._matrices.items()}

    def shared(self, first: Indices, second: Indices, effects: Mapping[str, float]) -> Array:
        """For each pair: the sum of the effects of the concepts that both have.

        Args:
            first: positions in `things`.
            second: positions in `things`, as many.
            effects: concept (IRI) → effect; a concept that is not named has none.
        """
        weights = np.zeros(self._concepts.shape[1])
        for concept, effect in effects.items():
            if concept in self._columns:
                weights[self._columns[concept]] = effect
        return _dots(self._concepts, (self._concepts @ sparse.diags(weights)).tocsr(), first, second)


def _matrix(bags: Sequence[Bag], weigh: bool = True) -> tuple[sparse.csr_matrix, dict[str, int]]:
    """Bags as rows, and the column of each token.

    Args:
        bags: the tokens of each thing.
        weigh: whether rare tokens weigh more (inverse document frequency) and rows have length 1.
    """
    frequency = Counter(token for bag in bags for token in bag)
    columns = {token: number for number, token in enumerate(frequency)}
    starts, indices, values = [0], list[int](), list[float]()
    for bag in bags:
        weighted = [amount * (1 + log(len(bags) / frequency[t])) if weigh else amount for t, amount in bag.items()]
        length = sum(value**2 for value in weighted) ** 0.5 if weigh else 1.0
        indices += [columns[token] for token in bag]
        values += [value / length for value in weighted]
        starts.append(len(indices))
    return sparse.csr_matrix((values, indices, starts), shape=(len(bags), max(len(columns), 1))), columns


def _dots(one: sparse.csr_matrix, other: sparse.csr_matrix, first: Indices, second: Indices) -> Array:
    parts = [
        np.asarray(one[first[at : at + _CHUNK]].multiply(other[second[at : at + _CHUNK]]).sum(axis=1)).ravel()
        for at in range(0, len(first), _CHUNK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def of_actions(facts: Facts, actions: Sequence[str]) -> Signals:
    """The signals of actions: what they are about, the deed, for whom, for what, by whom, with what, in what words."""
    parties = Parties(facts)
    topics, deeds, groups = (_Hierarchy(facts) for _ in range(3))
    match = Crosswalk(facts)

    return Signals(
        actions,
        {
            "theme": lambda a: topics.bag(facts.all(a, "gt:theme")),
            "activity": lambda a: deeds.bag(facts.all(a, "gt:activityType")),
            "audience": lambda a: groups.bag(facts.all(a, "gt:concerns")),
            "outcome": lambda a: _even(match(outcome) for outcome in facts.all(a, "gt:contributesTo")),
            "service": lambda a: _even(facts.all(a, "gt:uses")),
            "strategy": lambda a: _even(facts.all(a, "gt:cites")),
            "party": lambda a: _even(parties.expand(parties.named(a))),
            "wording": lambda a: words(facts.one(a, "rdfs:label")),
            "spelling": lambda a: letters(facts.one(a, "rdfs:label")),
            "section": lambda a: _even(facts.all(a, "gt:inSection")),
        },
        lambda a: (c for name in ("gt:theme", "gt:activityType", "gt:concerns") for c in facts.all(a, name)),
    )


def of_services(facts: Facts, services: Sequence[str]) -> Signals:
    """The signals of services: the need they meet, for whom, by whom, and their names and definitions."""
    topics, groups = _Hierarchy(facts), _Hierarchy(facts)
    return Signals(
        services,
        {
            "theme": lambda s: topics.bag(facts.all(s, "gt:theme")),
            "audience": lambda s: groups.bag(facts.all(s, "gt:concerns")),
            "party": lambda s: _even(facts.all(s, "gt:providedBy")),
            "wording": lambda s: words(f"{facts.one(s, 'skos:prefLabel')} {facts.one(s, 'skos:definition')}"),
        },
    )


def of_groups(facts: Facts, groups: Sequence[str]) -> Signals:
    """The signals of sub-groups: what they work on, for whom, who is in them, their names and purposes."""
    topics, audiences = _Hierarchy(facts), _Hierarchy(facts)

    def themes(group: str) -> set[str]:
        work = (a for name in ("gt:lead", "gt:responsible") for a in facts.inverse(name).get(group, ()))
        return {*facts.all(group, "gt:theme"), *(theme for action in work for theme in facts.all(action, "gt:theme"))}

    return Signals(
        groups,
        {
            "theme": lambda g: topics.bag(themes(g)),
            "audience": lambda g: audiences.bag(facts.all(g, "gt:concerns")),
            "members": lambda g: _even(facts.all(g, "org:hasMember")),
            "wording": lambda g: words(f"{facts.one(g, 'skos:prefLabel')} {facts.one(g, 'gt:purpose')}"),
        },
    )


def _even(tokens: Iterable[str]) -> Bag:
    return dict.fromkeys(tokens, 1.0)


class _Hierarchy:
    """Concepts with those above them, each step up at half the weight."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._above: dict[str, dict[str, float]] = {}

    def bag(self, concepts: Iterable[str]) -> Bag:
        found: dict[str, float] = {}
        for concept in concepts:
            for above, amount in self._with_above(concept).items():
                found[above] = max(found.get(above, 0.0), amount)
        return found

    def _with_above(self, concept: str) -> dict[str, float]:
        if concept not in self._above:
            found, level, amount = {concept: 1.0}, {concept}, 1.0
            while level:
                amount /= 2
                level = {a for c in level for a in self._facts.all(c, "skos:broader") if a not in found}
                found |= dict.fromkeys(level, amount)
            self._above[concept] = found
        return self._above[concept]


class Crosswalk:
    """One outcome for all that a crosswalk says are the same, exactly or closely."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._chosen: dict[str, str] = {}

    def __call__(self, outcome: str) -> str:
        """The outcome that stands for this one and all that match it."""
        if outcome not in self._chosen:
            same, fresh = {outcome}, [outcome]
            while fresh:
                one = fresh.pop()
                for name in ("skos:exactMatch", "skos:closeMatch"):
                    for other in (*self._facts.all(one, name), *self._facts.inverse(name).get(one, ())):
                        if other not in same:
                            same.add(other)
                            fresh.append(other)
            self._chosen |= dict.fromkeys(same, min(same))
        return self._chosen[outcome]


_STEMMER = snowballstemmer.stemmer("english")


@cache
def _stem(word: str) -> str:
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """The words of a text that carry meaning, without their endings."""
    found = (word.strip("-'’") for word in re.findall(r"[^\W_][\w'’-]*", text.casefold()))
    return [_stem(word) for word in found if word and word not in _STOP_WORDS]


def words(text: str) -> Bag:
    """The stems of a text and each two that follow each other."""
    found = stems(text)
    return dict.fromkeys(found, 1.0) | {f"{a} {b}": 1.0 for a, b in pairwise(found)}


def letters(text: str) -> Bag:
    """Every four letters that follow each other within a word, which tells words of one root."""
    found = (f" {word} " for word in re.findall(r"[^\W_]+", text.casefold()) if word not in _STOP_WORDS)
    return {word[at : at + 4]: 1.0 for word in found for at in range(max(1, len(word) - 3))}
