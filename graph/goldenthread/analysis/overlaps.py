"""Overlaps: pairs of actions, services or sub-groups that do the same, or nearly the same, for the same people.

The words are those of the United States Government Accountability Office (GAO-15-49SP, Fragmentation, overlap and
duplication: an evaluation and management guide, 2015). *Duplication*: the same activity for the same beneficiaries;
*overlap*: similar goals, activities or beneficiaries; *fragmentation*: several bodies in the same broad area.
*Continuation*, to carry on an action of an earlier plan, is none of the three.

The score of a pair is the probability, estimated by a logistic model of the signals of `signals`, that a planner who
reads both calls them duplication or overlap. The weights stand in `profiles/overlaps.yaml`; how they were found is
told in docs/overlaps.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from pathlib import Path

import numpy as np

from goldenthread import resources, settings
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.signals import Array, Indices, Signals, of_actions, of_groups, of_services, stems
from goldenthread.errors import BadSyntax
from goldenthread.namespaces import ID
from goldenthread.turtle import natural

DUPLICATION, OVERLAP, FRAGMENTATION, CONTINUATION = "duplication", "overlap", "fragmentation", "continuation"
_MOST_CANDIDATES = 40_000_000
_SMALLEST_BLOCK = 48


SIGNALS = {
    "action": "theme activity audience outcome service strategy party wording spelling section".split(),
    "service": "theme audience party wording".split(),
    "group": "theme audience members wording".split(),
}
"""Kind of thing → the signals that its model weighs."""
_CONCEPTS = ("theme", "activity", "audience")


@dataclass(frozen=True)
class Model:
    """A logistic model.

    Attributes:
        constant: the log odds of a pair that is alike in nothing.
        signals: signal → what it adds to the log odds when it is 1.
        concepts: theme, activity type or audience (IRI) → what it adds when both have it, beyond what the signals
            say: more than 0 for a narrow matter on which two actions easily meet, less for a broad one.
    """

    constant: float
    signals: Mapping[str, float]
    concepts: Mapping[str, float]

    def __call__(self, signals: Signals, first: Indices, second: Indices) -> tuple[Array, Mapping[str, Array]]:
        """The probability for each pair, and the signals behind it."""
        values = signals.of(first, second)
        total = self.constant + signals.shared(first, second, self.concepts)
        for name, weight in self.signals.items():
            total = total + weight * values[name]
        return np.asarray(1 / (1 + np.exp(-total))), values


@dataclass(frozen=True)
class Weights:
    """Everything about the model that can be set.

    Attributes:
        models: `action`, `service`, `group` → the model of the score; `duplication` → the model of how likely two
            actions do the very same.
        thresholds: `overlap`: least score of an overlap; `duplication`: least probability of a duplication;
            `cluster`: least score of a tie within a cluster.
    """

    models: Mapping[str, Model]
    thresholds: Mapping[str, float]

    @classmethod
    def load(cls, path: Path | None = None) -> "Weights":
        """The shipped weights, with the entries of a file of the same form put over them.

        Raises:
            UnreadableFile: the file cannot be read.
            BadSyntax: it is not YAML, or names a section, signal or threshold that does not exist; with file and line.
        """
        sections: dict[str, dict[str, float]] = {}
        shipped = resources.folder("profiles") / "overlaps.yaml"
        for file in [shipped] if path is None else [shipped, path]:
            for entry in settings.entries(file):
                sections.setdefault(entry.key, {}).update(_numbers(entry, file))
        models = {}
        for name in (*SIGNALS, "duplication"):
            values = sections[name]
            signals = {key: value for key, value in values.items() if "/" not in key and key != "constant"}
            concepts = {f"{ID}{key}": value for key, value in values.items() if "/" in key}
            models[name] = Model(values["constant"], signals, concepts)
        return cls(models, sections["thresholds"])


def _numbers(section: settings.Entry, file: Path) -> dict[str, float]:
    """The numbers of a section, all of whose names are known."""
    known = {name: ["constant", *signals] for name, signals in SIGNALS.items()}
    known |= {"duplication": known["action"], "thresholds": ["overlap", "duplication", "cluster"]}
    if section.key not in known:
        where = f"{file}, line {section.line}"
        raise BadSyntax(f"{where}: there is no section ‘{section.key}’.", f"The sections are {', '.join(known)}.")
    if not section.entries:
        raise BadSyntax(
            f"{file}, line {section.line}: ‘{section.key}’ is empty.", "Write lines ‘name: number’ below it."
        )
    found = {}
    for entry in section.entries:
        where, names = f"{file}, line {entry.line}", known[section.key]
        if entry.key not in names and entry.key.partition("/")[0] not in _CONCEPTS:
            raise BadSyntax(f"{where}: ‘{entry.key}’ is not known here.", f"Known are {', '.join(names)}, theme/… .")
        if isinstance(entry.value, bool) or not isinstance(entry.value, int | float):
            raise BadSyntax(f"{where}: ‘{entry.value}’ is not a number.", "Write lines ‘name: number’.")
        found[entry.key] = float(entry.value)
    return found


@dataclass(frozen=True)
class Overlap:
    """Two things that are alike.

    Attributes:
        first, second: IRIs; of two actions, the one of the earlier plan first.
        score: 0..1, the probability that a planner calls them duplication or overlap.
        kind: `duplication`, `overlap`, `fragmentation` or `continuation`.
    """

    first: str
    second: str
    score: float
    kind: str


@dataclass(frozen=True)
class Cluster:
    """Several things of which each is alike to others in the cluster.

    Attributes:
        members: IRIs, sorted.
        score: mean score of the pairs within it that are alike.
        pairs: how many such pairs there are.
    """

    members: tuple[str, ...]
    score: float
    pairs: int


def candidates(keys: Sequence[Iterable[str]]) -> tuple[Indices, Indices]:
    """Pairs that share a key, found block by block; keys that too many share say too little and are passed over.

    The largest block allowed is 100,000 divided by the number of things, or 48 if that is more: up to about 2,000
    things nothing of note is passed over, and beyond them the pairs grow with the number of things and no faster.
    Blocking as in Christen, Data matching (2012), chapter 4.

    Args:
        keys: of each thing.

    Returns:
        Positions of the first and of the second of each pair, first < second.
    """
    most = max(_SMALLEST_BLOCK, 100_000 // max(len(keys), 1))
    blocks: dict[str, list[int]] = {}
    for number, own in enumerate(keys):
        for key in set(own):
            blocks.setdefault(key, []).append(number)
    kept = [block for block in blocks.values() if 1 < len(block) <= most]
    found = [np.zeros(0, dtype=np.int64)]
    for block in kept:
        members = np.asarray(block, dtype=np.int64)
        first, second = np.triu_indices(len(members), k=1)
        found.append(members[first] * len(keys) + members[second])
    pairs = np.unique(np.concatenate(found))
    return pairs // max(len(keys), 1), pairs % max(len(keys), 1)


def _keys(facts: Facts, action: str) -> set[str]:
    """What an action must share with another to be compared with it."""
    themes, deeds = facts.all(action, "gt:theme"), facts.all(action, "gt:activityType")
    audiences, found = facts.all(action, "gt:concerns"), stems(facts.one(action, "rdfs:label"))
    keys = {*themes, *facts.all(action, "gt:uses"), *facts.all(action, "gt:cites"), *found}
    keys |= {f"{a} {b}" for a, b in pairwise(found)} | {action, *facts.all(action, "gt:continues")}
    for theme in themes:
        keys |= {f"{theme} {other}" for other in (*deeds, *audiences, *found)}
        keys |= {f"{theme} {deed} {audience}" for deed in deeds for audience in audiences}
    return keys


def of_actions_in(facts: Facts, weights: Weights, min_score: float = 0.0) -> list[Overlap]:
    """All pairs of actions that are alike, the most alike first.

    Args:
        facts: the graph.
        weights: the model.
        min_score: leave out pairs with a lower score.
    """
    actions = facts.of_class("gt:Action")
    first, second = candidates([_keys(facts, action) for action in actions])
    signals = of_actions(facts, actions)
    scores, values = weights.models["action"](signals, first, second)
    twins, _ = weights.models["duplication"](signals, first, second)
    lines = _Lines(facts)
    found = []
    for at in np.flatnonzero(scores >= min_score):
        one, other = lines.in_order(actions[first[at]], actions[second[at]])
        kind = _kind(float(scores[at]), float(twins[at]), lines.carries_on(one, other), weights)
        if kind != FRAGMENTATION or values["theme"][at] or values["service"][at]:
            found.append(Overlap(one, other, round(float(scores[at]), 4), kind))
    return _in_order(found)


def of_services_in(facts: Facts, weights: Weights, min_score: float = 0.0) -> list[Overlap]:
    """Pairs of services that meet the same need for the same people; as `of_actions_in`."""
    services = facts.of_class("gt:Service")
    keys = [{*facts.all(s, "gt:theme"), *stems(facts.one(s, "skos:prefLabel"))} for s in services]
    return _of_bodies("service", keys, of_services(facts, services), weights, min_score)


def of_groups_in(facts: Facts, weights: Weights, min_score: float = 0.0) -> list[Overlap]:
    """Pairs of sub-groups with the same purpose or members; as `of_actions_in`."""
    groups = facts.of_class("gt:SubGroup")
    keys = [
        {*facts.all(g, "gt:concerns"), *facts.all(g, "org:hasMember"), *stems(facts.one(g, "skos:prefLabel"))}
        for g in groups
    ]
    return _of_bodies("group", keys, of_groups(facts, groups), weights, min_score)


def _of_bodies(
    kind: str, keys: Sequence[Iterable[str]], signals: Signals, weights: Weights, min_score: float
) -> list[Overlap]:
    first, second = candidates(keys)
    scores, _ = weights.models[kind](signals, first, second)
    found = []
    for at in np.flatnonzero(scores >= min_score):
        one, other = sorted((signals.things[first[at]], signals.things[second[at]]), key=natural)
        likely = scores[at] >= weights.thresholds["overlap"]
        found.append(Overlap(one, other, round(float(scores[at]), 4), OVERLAP if likely else FRAGMENTATION))
    return _in_order(found)


def _in_order(found: Iterable[Overlap]) -> list[Overlap]:
    return sorted(found, key=lambda pair: (-pair.score, natural(pair.first), natural(pair.second)))


def clusters(found: Iterable[Overlap], weights: Weights) -> list[Cluster]:
    """Sets of three or more things that are alike: communities of the network of pairs above the threshold.

    Method: Louvain, with scores as weights (Blondel and others, Fast unfolding of communities in large networks,
    2008), always from the same seed.

    Args:
        found: pairs; continuations are left out, as are pairs below the threshold of clusters.
        weights: the thresholds.
    """
    import networkx as nx

    least = weights.thresholds["cluster"]
    graph: nx.Graph[str] = nx.Graph()
    for pair in found:
        if pair.score >= least and pair.kind != CONTINUATION:
            graph.add_edge(pair.first, pair.second, weight=pair.score)
    found_clusters = []
    for part in nx.community.louvain_communities(graph, weight="weight", seed=1) if graph else []:
        ties = [float(tie["weight"]) for _, _, tie in graph.subgraph(part).edges(data=True)]
        if len(part) > 2:
            members = tuple(sorted(part, key=natural))
            found_clusters.append(Cluster(members, round(sum(ties) / len(ties), 4), len(ties)))
    return sorted(found_clusters, key=lambda c: (-len(c.members), -c.score, c.members))


class Carried(Enum):
    """Whether one action carries on another."""

    no = 0
    likely = 1
    stated = 2


class _Lines:
    """Lines of plans: which plan follows which for the same area, and which action is said to carry on which."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._plan = {action: facts.one(action, "gt:partOfPlan") for action in facts.of_class("gt:Action")}
        plans = set(self._plan.values())
        self._period = {p: (facts.one(p, "gt:periodStart"), facts.one(p, "gt:periodEnd")) for p in plans}
        self._areas = {p: {place for area in facts.all(p, "gt:area") for place in self._within(area)} for p in plans}

    def _within(self, area: str) -> set[str]:
        """An area and those it lies in, short of the whole country, in which every plan lies."""
        above = self._facts.one(area, "skos:broader")
        return {area} | (self._within(above) if above else set()) if above else set()

    def in_order(self, one: str, other: str) -> tuple[str, str]:
        """Two actions, that of the earlier plan first."""

        def order(action: str) -> tuple[str, str, object]:
            return (self._period[self._plan[action]][0], self._plan[action], natural(action))

        return (one, other) if order(one) <= order(other) else (other, one)

    def carries_on(self, one: str, other: str) -> Carried:
        """Whether the second action carries on the first: said so, or likely because its plan follows in its area."""
        if self._said(other, one):
            return Carried.stated
        (_, end), (start, _) = self._period[self._plan[one]], self._period[self._plan[other]]
        follows = bool(end and start and end < start)
        return (
            Carried.likely if follows and self._areas[self._plan[one]] & self._areas[self._plan[other]] else Carried.no
        )

    def _said(self, later: str, earlier: str) -> bool:
        seen, fresh = {later}, [later]
        while fresh:
            for before in self._facts.all(fresh.pop(), "gt:continues"):
                if before == earlier:
                    return True
                if before not in seen:
                    seen.add(before)
                    fresh.append(before)
        return False


def _kind(score: float, twin: float, carried_on: "Carried", weights: Weights) -> str:
    alike = score >= weights.thresholds["overlap"]
    if carried_on is Carried.stated or (alike and carried_on is Carried.likely):
        return CONTINUATION
    if not alike:
        return FRAGMENTATION
    return DUPLICATION if twin >= weights.thresholds["duplication"] else OVERLAP
