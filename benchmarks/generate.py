"""A graph of plans as large as you like, skewed like the real ones, with known things planted in it.

Few partners do most (Zipf's law), few themes recur everywhere, many actions lack a lead or a date. Planted, so that the
analyses can be held to finding them again: outcomes without actions, pairs of actions in different plans that say
nearly the same, outcomes that one party alone delivers, and circles of actions that wait for each other.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import pyoxigraph as ox

from goldenthread.namespaces import DCT, GT, ID, PROV, RDF, RDFS, SKOS, SOURCE, XSD, plan_graph
from goldenthread.store import SourceFile, Store, shipped_files
from goldenthread.turtle import parse, text_of

_PER_PLAN = 100
_VERBS = "Agree Review Develop Pilot Map Train Monitor Publish Extend Evaluate Fund Host Convene Audit Align".split()
_SYLLABLES = "ba ce di fo gu la me ni po ru sa te vi wo za bre cla dru fle gri pla sto".split()


@dataclass
class Planted:
    """What is known to be in a generated graph.

    Attributes:
        unserved: outcomes that no action serves.
        twins: pairs of actions that overlap.
        sole: (outcome, party) where the party alone delivers the outcome.
        circles: sets of actions that wait for each other.
    """

    unserved: set[str] = field(default_factory=set)
    twins: set[frozenset[str]] = field(default_factory=set)
    sole: set[tuple[str, str]] = field(default_factory=set)
    circles: set[tuple[str, ...]] = field(default_factory=set)


class _Zipf:
    """Draws from a list of which the first are the commonest."""

    def __init__(self, things: Sequence[str], skew: float) -> None:
        self._things = things
        self._sums = list(accumulate(1 / (rank + 1) ** skew for rank in range(len(things))))

    def draw(self, dice: random.Random) -> str:
        return dice.choices(self._things, cum_weights=self._sums)[0]


def generate(actions: int, seed: int = 1) -> tuple[Store, Planted]:
    """Make a store of about so many actions, in plans of a hundred, beside the shipped registers of concepts.

    Args:
        actions: how many; the planted ones come on top (one in fifty).
        seed: the same seed gives the same graph.
    """
    backend, planted = ox.Store(), Planted()
    concepts = [file for file in shipped_files() if _is_concepts(file)]
    for file in concepts:
        graph = ox.NamedNode(file.graph)
        backend.bulk_extend(
            ox.Quad(t.subject, t.predicate, t.object, graph) for t in parse(text_of(file.path), str(file.path))
        )
    maker = _Maker(backend, actions, random.Random(seed), planted)
    backend.bulk_extend(maker.quads())
    return Store(backend), planted


def _is_concepts(file: SourceFile) -> bool:
    return file.graph.rpartition("/")[2] in {"themes", "activities", "audiences", "statuses", "kinds"}


class _Maker:
    def __init__(self, backend: ox.Store, actions: int, dice: random.Random, planted: Planted) -> None:
        self._dice, self._planted, self._number = dice, planted, actions
        self._plans = max(2, actions // _PER_PLAN)

        def individuals(kind: str) -> list[str]:
            subjects = {iri for iri, _ in Store(backend).pairs(f"{RDF}type")}
            found = sorted(iri for iri in subjects if iri.startswith(f"{ID}{kind}/"))
            dice.shuffle(found)
            return found

        self._themes = _Zipf(individuals("theme"), 0.7)
        self._deeds = _Zipf(individuals("activity"), 0.5)
        self._audiences = _Zipf(individuals("audience"), 0.8)
        self._partners = _Zipf([f"{ID}partner/p{n}" for n in range(40 + actions // 20)], 0.9)
        words = ["".join(dice.choices(_SYLLABLES, k=3)) for _ in range(400 + actions // 25)]
        self._words = _Zipf(words, 0.8)

    def quads(self) -> Iterator[ox.Quad]:
        """All statements beside those of the registers."""
        for number in range(self._plans):
            slug = f"plan-{number}"
            graph = ox.NamedNode(plan_graph(slug))
            for subject, predicate, value in self._plan(slug, number):
                yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value, graph)

    def _plan(self, slug: str, number: int) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
        dice, plan, framework = self._dice, f"{ID}plan/{slug}", f"{ID}framework/{slug}"
        year = 2005 + number % 20
        yield from _thing(plan, "Plan", f"Plan {number}", "dct:title")
        yield plan, f"{RDFS}label", _text(f"Plan {number}")
        yield plan, f"{GT}owner", _node(f"{ID}partner/p{number % 40}")
        yield plan, f"{PROV}wasDerivedFrom", _node(f"{SOURCE}{slug}.txt")
        yield plan, f"{GT}periodStart", _date(year, 4, 1)
        yield plan, f"{GT}periodEnd", _date(year + 1, 3, 31)
        outcomes = [f"{ID}outcome/{slug}/{n}" for n in range(20)]
        for outcome in outcomes:
            yield from _thing(outcome, "Outcome", f"Outcome {outcome.rpartition('/')[2]}", "skos:prefLabel")
            yield outcome, f"{SKOS}inScheme", _node(framework)
            yield outcome, f"{GT}partOfPlan", _node(plan)
            yield outcome, f"{GT}level", ox.Literal("local")
            yield outcome, f"{PROV}wasDerivedFrom", _node(f"{SOURCE}{slug}.txt#line=1,2")
        self._planted.unserved.add(outcomes[0])
        size = self._number // self._plans
        for at in range(size):
            yield from self._action(slug, plan, at, dice.choice(outcomes[2:]), self._partner_list())
        yield from self._extra(slug, plan, number, size, outcomes[1])

    def _partner_list(self) -> list[str]:
        number = self._dice.choices((0, 1, 2, 6), (45, 35, 15, 5))[0]
        return sorted({self._partners.draw(self._dice) for _ in range(number)})

    def _extra(
        self, slug: str, plan: str, number: int, size: int, outcome: str
    ) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
        """The planted part: an outcome with one deliverer, a circle, and a twin in the plan before."""
        party = f"{ID}partner/sole-{number}"
        yield from _thing(party, "Partner", f"Sole {number}", "skos:prefLabel")
        self._planted.sole.add((outcome, party))
        yield from self._action(slug, plan, size, outcome, [party])
        yield from self._action(slug, plan, size + 1, outcome, [party])
        one, other = (f"{ID}action/{slug}/{at}" for at in (size, size + 1))
        yield one, f"{GT}dependsOn", _node(other)
        yield other, f"{GT}dependsOn", _node(one)
        self._planted.circles.add((one, other))
        if number % 2:
            words = [self._words.draw(self._dice) for _ in range(6)]
            what = (self._themes.draw(self._dice), self._deeds.draw(self._dice), self._audiences.draw(self._dice))
            twins = []
            for home, last in ((f"plan-{number - 1}", "first"), (slug, "again")):
                twin = f"{ID}action/{home}/twin"
                twins.append(twin)
                text = f"{_VERBS[number % len(_VERBS)]} {' '.join(words)} {last}"
                yield from self._describe(twin, f"{ID}plan/{home}", home, text, what)
            self._planted.twins.add(frozenset(twins))

    def _action(
        self, slug: str, plan: str, at: int, outcome: str, parties: Iterable[str]
    ) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
        dice, action = self._dice, f"{ID}action/{slug}/{at}"
        text = f"{dice.choice(_VERBS)} {' '.join(self._words.draw(dice) for _ in range(dice.randint(4, 9)))}"
        what = (self._themes.draw(dice), self._deeds.draw(dice), self._audiences.draw(dice))
        yield from self._describe(action, plan, slug, text, what, at)
        yield action, f"{DCT}identifier", ox.Literal(str(at))
        yield action, f"{GT}contributesTo", _node(outcome)
        if dice.random() < 0.5:
            yield action, f"{GT}theme", _node(self._themes.draw(dice))
        for party in parties:
            yield from _thing(party, "Partner", party.rpartition("/")[2], "skos:prefLabel")
            yield action, f"{GT}responsible", _node(party)
        if dice.random() < 0.3:
            yield action, f"{GT}timescale", ox.Literal(f"Year {dice.randint(1, 3)}")
        if dice.random() < 0.2:
            yield action, f"{GT}measure", _text("A report exists")

    def _describe(
        self, action: str, plan: str, slug: str, text: str, what: Sequence[str], at: int = 0
    ) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
        yield from _thing(action, "Action", text[:100], "rdfs:label")
        yield action, f"{GT}partOfPlan", _node(plan)
        yield action, f"{PROV}wasDerivedFrom", _node(f"{SOURCE}{slug}.txt#line={at + 2},{at + 3}")
        for name, concept in zip(("theme", "activityType", "concerns"), what, strict=True):
            yield action, f"{GT}{name}", _node(concept)


def _thing(iri: str, kind: str, label: str, name: str) -> Iterator[tuple[str, str, ox.NamedNode | ox.Literal]]:
    prefix, _, local = name.partition(":")
    yield iri, f"{RDF}type", _node(f"{GT}{kind}")
    yield iri, {"dct": DCT, "rdfs": RDFS, "skos": SKOS}[prefix] + local, _text(label)


def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _text(text: str) -> ox.Literal:
    return ox.Literal(text, language="en")


def _date(year: int, month: int, day: int) -> ox.Literal:
    return ox.Literal(f"{year}-{month:02}-{day:02}", datatype=ox.NamedNode(f"{XSD}date"))
