"""What the take-away says, before it takes a form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import networkx as nx

from goldenthread import queries, resources, settings
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.analysis.networks import Choice, NodeMeasures, Summary, measures, network
from goldenthread.analysis.overlaps import Weights
from goldenthread.analysis.parties import Parties
from goldenthread.findings.dependencies import dependencies
from goldenthread.findings.duties import Duty, checklist
from goldenthread.findings.finding import Finding, Selection
from goldenthread.findings.gaps import gaps, kind_of_query
from goldenthread.findings.overlaps import overlaps
from goldenthread.findings.profile import SEVERITIES, Profile
from goldenthread.namespaces import kind_of, place
from goldenthread.reviews import Review
from goldenthread.store import Store

FAMILIES = {"gap": "Gaps", "overlap": "Overlaps", "dependency": "Dependencies"}
_PER_KIND = 1


@dataclass(frozen=True)
class Kind:
    """A kind of finding, in words.

    Attributes:
        name: such as `gap.actions-without-lead`.
        title: what is found, a few words.
        problem, solution: why it matters and what to do.
    """

    name: str
    title: str
    problem: str
    solution: str


@dataclass(frozen=True)
class Row:
    """A finding as a row of a table.

    Attributes:
        severity: `high`, `medium` or `low`.
        kind: what is found, a few words.
        plan: the plans concerned, by name.
        reference: the references of the actions, or codes of the outcomes, that it is about.
        title: what was found.
        reasons: why, sentences.
        places: where it stands in the documents, in words.
        score: 0..1 where it has one.
    """

    severity: str
    kind: str
    plan: str
    reference: str
    title: str
    reasons: tuple[str, ...]
    places: tuple[str, ...]
    score: float | None


@dataclass(frozen=True)
class Action:
    """An action as a row of the workbook.

    Attributes:
        plan, section, reference, label: where it stands and what it is.
        lead, responsible, partners: who, by name.
        timescale: as printed.
        start, end: dates, where the document lets them be worked out.
        status, measure, outcomes, themes, audiences: as in the graph, by name.
        places: where it stands in the document, in words.
    """

    plan: str
    section: str
    reference: str
    label: str
    lead: str
    responsible: str
    partners: str
    timescale: str
    start: date | None
    end: date | None
    status: str
    measure: str
    outcomes: str
    themes: str
    audiences: str
    places: str


@dataclass(frozen=True)
class DutyRow:
    """A duty as a row of a table.

    Attributes:
        plan: the plan it applies to, by name.
        act, section: where the duty stands in law.
        title: what it asks.
        verdict: `met`, `not met` or `cannot be told`.
        reasons: why, sentences.
        remedy: how to mend it.
        places: where it stands in the document, in words.
    """

    plan: str
    act: str
    section: str
    title: str
    verdict: str
    reasons: tuple[str, ...]
    remedy: str
    places: tuple[str, ...]


@dataclass(frozen=True)
class Coverage:
    """How much of a framework of national outcomes the plans serve.

    Attributes:
        framework: its name.
        outcomes: how many it has.
        served: how many an action serves, directly or through a narrower outcome.
        plans: which plans serve how many, the earliest first, in words.
    """

    framework: str
    outcomes: int
    served: int
    plans: str


@dataclass(frozen=True)
class Paper:
    """Everything the take-away says.

    Attributes:
        day: when it was drawn up.
        scope: the plans it is about, by name.
        ladder: for each plan: its name, first and last day, and how many actions it has in all, with somebody named,
            with a lead, a date, a measure, an outcome, a status.
        headlines: what matters, sentences.
        serious: the most serious findings, one of each kind.
        kinds: kind → what it is called.
        findings: all findings, the most serious first.
        duties: the checklist.
        coverage: of the national frameworks.
        rows: kind → its findings as rows, in the same order.
        summary, nodes, graph: the network of parties that share actions.
        actions: the register of actions.
    """

    day: date
    scope: tuple[str, ...]
    ladder: tuple[Mapping[str, str], ...]
    headlines: tuple[str, ...]
    serious: tuple[Row, ...]
    kinds: Mapping[str, Kind]
    findings: tuple[Finding, ...]
    rows: Mapping[str, tuple[Row, ...]]
    duties: tuple[DutyRow, ...]
    coverage: tuple[Coverage, ...]
    summary: Summary
    nodes: tuple[NodeMeasures, ...]
    graph: "nx.Graph[str]"
    actions: tuple[Action, ...]

    def family(self, name: str) -> list[tuple[Kind, tuple[Row, ...]]]:
        """The kinds of a family that were found, with their rows, in the order of the findings."""
        return [(self.kinds[kind], rows) for kind, rows in self.rows.items() if kind.startswith(f"{name}.")]


def kinds() -> dict[str, Kind]:
    """Every kind of finding in words: from the headers of the queries, and from `profiles/kinds.yaml` for the rest."""
    found = {}
    for query in queries.library().values():
        if query.finding is not None:
            name = kind_of_query(query.name)
            found[name] = Kind(name, query.title, query.problem, query.solution)
    for entry in settings.entries(resources.folder("profiles") / "kinds.yaml"):
        texts = {part.key: str(part.value) for part in entry.entries}
        found[entry.key] = Kind(entry.key, texts["title"], texts["problem"], texts["solution"])
    return found


def make(store: Store, plans: tuple[str, ...] = (), reviews: Iterable[Review] = (), day: date | None = None) -> Paper:
    """Draw up the take-away, with the shipped severities and weights.

    Args:
        store: the graph.
        plans: IRIs of the plans it is about; none means all.
        reviews: verdicts on overlaps.
        day: the day to put on it; by default today.
    """
    facts, profile, weights = Facts(store), Profile.load(), Weights.load()
    found = [
        *gaps(store, profile, facts),
        *overlaps(facts, profile, weights, weights.thresholds["overlap"], reviews),
        *dependencies(store, facts, profile),
    ]
    found = Selection(plans=plans).of(found, facts)
    duties = tuple(duty for duty in checklist(store, facts) if not plans or duty.plan in plans)
    graph = network(facts, Choice(plans=plans, one_mode=True))
    summary, nodes = measures(graph)
    maker = _Maker(facts, kinds())
    rows: dict[str, list[Row]] = {}
    for finding in found:
        rows.setdefault(finding.kind, []).append(maker.row(finding))
    ladder = tuple(
        {**row, "label": maker.name(row["plan"])}
        for row in store.rows(queries.named("register/plans").text)
        if not plans or row["plan"] in plans
    )
    coverage = maker.coverage(store)
    return Paper(
        day=day or date.today(),
        scope=tuple(row["label"] for row in ladder),
        ladder=ladder,
        headlines=tuple(maker.headlines(found, ladder, coverage, duties)),
        serious=tuple(maker.serious(found)),
        kinds=maker.kinds,
        findings=tuple(found),
        rows={kind: tuple(group) for kind, group in rows.items()},
        duties=tuple(map(maker.duty, duties)),
        coverage=coverage,
        summary=summary,
        nodes=tuple(nodes),
        graph=graph,
        actions=tuple(
            maker.action(a) for a in Parties(facts).actions if not plans or facts.one(a, "gt:partOfPlan") in plans
        ),
    )


class _Maker:
    def __init__(self, facts: Facts, known: Mapping[str, Kind]) -> None:
        self._facts = facts
        self._names = Names(facts)
        self.kinds = known

    def name(self, thing: str) -> str:
        """What a thing is called."""
        return self._names(thing)

    def _list(self, things: Iterable[str]) -> str:
        return "; ".join(dict.fromkeys(self._names(thing) for thing in things))

    def _reference(self, thing: str) -> str:
        if kind_of(thing) == "action":
            return self._names.reference(thing)
        return self._facts.one(thing, "skos:notation") if kind_of(thing) == "outcome" else ""

    def row(self, finding: Finding) -> Row:
        """A finding as a row."""
        references = (self._reference(subject) for subject in finding.subjects)
        return Row(
            severity=finding.severity,
            kind=self.kinds[finding.kind].title,
            plan=self._list(finding.plans),
            reference="; ".join(dict.fromkeys(filter(None, references))),
            title=finding.title,
            reasons=finding.reasons,
            places=finding.places,
            score=finding.score,
        )

    def duty(self, duty: Duty) -> DutyRow:
        """A duty as a row."""
        return DutyRow(
            plan=self._names(duty.plan),
            act=duty.act,
            section=duty.section,
            title=duty.title,
            verdict=duty.verdict,
            reasons=duty.reasons,
            remedy=duty.remedy,
            places=tuple(map(place, duty.evidence)),
        )

    def serious(self, found: Iterable[Finding]) -> Iterable[Row]:
        """The first of each kind among the most serious."""
        seen: dict[str, int] = {}
        for finding in found:
            seen[finding.kind] = seen.get(finding.kind, 0) + 1
            if finding.severity == SEVERITIES[0] and seen[finding.kind] <= _PER_KIND:
                yield self.row(finding)

    def coverage(self, store: Store) -> tuple[Coverage, ...]:
        """How much of each national framework is served, and by which plans."""
        served: dict[str, list[bool]] = {}
        for row in store.rows(queries.named("register/national-outcomes-coverage").text):
            served.setdefault(row["framework"], []).append(int(row["actions"]) > 0)
        plans: dict[str, list[str]] = {}
        for row in store.rows(queries.named("register/coverage-over-time").text):
            plans.setdefault(row["framework"], []).append(f"{self._names(row['plan'])}: {row['served']}")
        return tuple(
            Coverage(self._names(framework), len(group), sum(group), "; ".join(plans.get(framework, ["none"])))
            for framework, group in sorted(served.items())
        )

    def headlines(
        self,
        found: list[Finding],
        ladder: tuple[Mapping[str, str], ...],
        coverage: tuple[Coverage, ...],
        duties: tuple[Duty, ...],
    ) -> Iterable[str]:
        """What matters, in a few sentences, each of which the tables bear out."""
        number: dict[str, int] = {}
        for finding in found:
            number[finding.kind] = number.get(finding.kind, 0) + 1
        actions = sum(int(row["actions"]) for row in ladder)
        if not actions:
            yield "The graph holds no action of these plans."
            return
        without = {
            name: actions - sum(int(row[f"with_{name}"]) for row in ladder) for name in ("party", "lead", "measure")
        }
        yield (
            f"Of {actions} actions, {without['party']} name nobody who is to do them, {without['lead']} have no lead "
            f"and {without['measure']} no measure of completion."
        )
        yield (
            f"{_count(number.get('gap.outcomes-without-actions', 0), 'outcome')} that the plans state have no action; "
            f"{_count(number.get('dependency.outcomes-with-sole-deliverer', 0), 'outcome')} hang on one party alone."
        )
        served, total = sum(c.served for c in coverage), sum(c.outcomes for c in coverage)
        yield f"{served} of the {total} outcomes of {len(coverage)} national frameworks are served by an action."
        pairs = [number.get(f"overlap.{kind}", 0) for kind in ("duplication", "overlap", "continuation")]
        yield (
            f"{_count(pairs[0], 'pair')} of actions or services look like duplication and {pairs[1]} overlap; "
            f"{_count(pairs[2], 'pair')} carry on earlier work."
        )
        worst = next((f for f in found if f.kind == "dependency.worst-pair-for-actions"), None)
        if worst:
            yield f"{worst.title}."
        verdicts = [duty.verdict for duty in duties]
        if verdicts:
            yield (
                f"Of {len(verdicts)} duties in law that apply, {verdicts.count('met')} are met, "
                f"{verdicts.count('not met')} are not met and {verdicts.count('cannot be told')} cannot be told "
                "from the document."
            )

    def action(self, action: str) -> Action:
        """A row of the register of actions."""
        facts = self._facts
        leads = facts.all(action, "gt:lead")
        days = (facts.one(action, f"gt:period{end}") for end in ("Start", "End"))
        start, end = (date.fromisoformat(day) if day else None for day in days)
        return Action(
            plan=self._list(facts.all(action, "gt:partOfPlan")),
            section=self._list(facts.all(action, "gt:inSection")),
            reference=self._names.reference(action),
            label=facts.one(action, "rdfs:label"),
            lead=self._list(leads),
            responsible=self._list(p for p in facts.all(action, "gt:responsible") if p not in leads),
            partners=self._list(facts.all(action, "gt:withPartner")),
            timescale="; ".join(facts.all(action, "gt:timescale")),
            start=start,
            end=end,
            status=self._list(facts.all(action, "gt:status")),
            measure="; ".join(facts.all(action, "gt:measure")),
            outcomes=self._list(facts.all(action, "gt:contributesTo")),
            themes=self._list(facts.all(action, "gt:theme")),
            audiences=self._list(facts.all(action, "gt:concerns")),
            places="; ".join(map(self._names, facts.all(action, "prov:wasDerivedFrom"))),
        )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
