"""The report at once: what is in the graph, whether it is valid, and what is missing; the paper has the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from goldenthread import queries
from goldenthread.namespaces import place, slug_of
from goldenthread.store import Store
from goldenthread.turtle import natural
from goldenthread.validation import Report as Validation
from goldenthread.validation import validate_shipped

if TYPE_CHECKING:
    from rich.console import Console

_OUTCOME_GAP = "gaps/outcomes-without-actions"
ACTION_GAPS = ("party", "lead", "timescale", "measure", "outcome")
"""What an action can lack; each is the end of a query's name, `gaps/actions-without-…`."""
_COMPLETENESS = (*ACTION_GAPS, "status")
_COUNTS = {"timescale": "with_date"}
"""Columns of `register/plans` that are not simply `with_` and the name."""


@dataclass(frozen=True)
class Missing:
    """One thing that lacks something, and where it stands.

    Attributes:
        iri: the action or outcome.
        home: slug of the plan it belongs to, or that states it.
        reference: its printed reference or code; for an action without one, the end of its IRI.
        label: its short title; empty for an outcome that a document cites by bare code.
        evidence: source fragments (IRIs) it rests on; empty where it gives none.
    """

    iri: str
    home: str
    reference: str
    label: str
    evidence: tuple[str, ...]

    @property
    def places(self) -> str:
        """The evidence in words, such as `lanarkshire-2008.txt, lines 57–61`."""
        return "; ".join(place(fragment) for fragment in self.evidence)


@dataclass(frozen=True)
class Gap:
    """A kind of gap and everything that has it.

    Attributes:
        name: the query that finds it, such as `gaps/actions-without-lead`.
        title, problem, solution: from the header of the query.
        found: everything that has the gap, in document order.
    """

    name: str
    title: str
    problem: str
    solution: str
    found: tuple[Missing, ...]

    def by_home(self) -> dict[str, list[Missing]]:
        """What was found, grouped by plan."""
        groups: dict[str, list[Missing]] = {}
        for missing in self.found:
            groups.setdefault(missing.home, []).append(missing)
        return groups


@dataclass(frozen=True)
class PlanRow:
    """A plan and its counts.

    Attributes:
        slug: the plan's slug.
        title: its title.
        period: its first and last day, ISO dates.
        sections, outcomes, actions: how many it has.
        complete: for each of `ACTION_GAPS` and `status`: how many actions do have it.
    """

    slug: str
    title: str
    period: tuple[str, str]
    sections: int
    outcomes: int
    actions: int
    complete: Mapping[str, int]


@dataclass(frozen=True)
class Report:
    """Everything the report says.

    Attributes:
        statements: number of RDF statements in the graph.
        counts: how many partners, groups, strategies, services, outcomes, frameworks … the whole graph has.
        plans: the plans reported on, by date.
        validation: the result of validating the whole graph against the core shapes.
        gaps: outcomes without actions, then what actions lack.
        stated: plan slug → how many outcomes the plan defines, names or links an action to.
    """

    statements: int
    counts: Mapping[str, int]
    plans: tuple[PlanRow, ...]
    validation: Validation
    gaps: tuple[Gap, ...]
    stated: Mapping[str, int]

    @property
    def total(self) -> PlanRow:
        """The counts of all its plans added up."""
        starts, ends = [plan.period[0] for plan in self.plans], [plan.period[1] for plan in self.plans]
        return PlanRow(
            slug="all",
            title="All plans",
            period=(min(starts, default=""), max(ends, default="")),
            sections=sum(plan.sections for plan in self.plans),
            outcomes=sum(plan.outcomes for plan in self.plans),
            actions=sum(plan.actions for plan in self.plans),
            complete={lack: sum(plan.complete[lack] for plan in self.plans) for lack in _COMPLETENESS},
        )

    def size(self, gap: Gap, home: str) -> int:
        """How many outcomes a plan states, or actions it has: what the number of a gap is out of."""
        if gap.name == _OUTCOME_GAP:
            return self.stated.get(home, 0)
        return sum(plan.actions for plan in self.plans if plan.slug == home)

    def name(self, home: str) -> str:
        """The title of the plan that `home` is the slug of."""
        return next((plan.title for plan in self.plans if plan.slug == home), home)

    def as_dict(self) -> dict[str, object]:
        """The report as plain data for JSON."""
        return {
            "statements": self.statements,
            "counts": dict(self.counts),
            "plans": [asdict(plan) for plan in self.plans],
            "validation": self.validation.as_dict(),
            "gaps": [asdict(gap) for gap in self.gaps],
        }


def make(store: Store, plans: Sequence[str] = ()) -> Report:
    """Build the report from a store.

    Args:
        store: the shipped graph.
        plans: names of the plans to report on; none means all.

    Raises:
        UnknownName: there is no such plan.
    """
    chosen = {queries.find_individual(store, ("plan",), name).value for name in plans}
    stated = Counter(slug_of(row["plan"]) for row in _rows(store, "register/outcomes-of-plans"))

    def wanted(row: Mapping[str, str]) -> bool:
        return not chosen or row["plan"] in chosen

    names = [_OUTCOME_GAP, *(f"gaps/actions-without-{lack}" for lack in ACTION_GAPS)]
    return Report(
        statements=len(store),
        counts={row["kind"]: int(row["number"]) for row in _rows(store, "register/counts")},
        plans=tuple(_plan_row(row) for row in _rows(store, "register/plans") if wanted(row)),
        validation=validate_shipped(store),
        gaps=tuple(_gap(name, [row for row in _rows(store, name) if wanted(row)]) for name in names),
        stated=stated,
    )


def _rows(store: Store, name: str) -> list[dict[str, str]]:
    return store.rows(queries.named(name).text)


def _plan_row(row: Mapping[str, str]) -> PlanRow:
    return PlanRow(
        slug=slug_of(row["plan"]),
        title=row["title"],
        period=(row["start"], row["end"]),
        sections=int(row["sections"]),
        outcomes=int(row["outcomes"]),
        actions=int(row["actions"]),
        complete={lack: int(row[_COUNTS.get(lack, f"with_{lack}")]) for lack in _COMPLETENESS},
    )


def _gap(name: str, rows: list[dict[str, str]]) -> Gap:
    """Gather the rows of a gap query, one row an evidence, into one entry a subject."""
    by_subject: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        by_subject.setdefault((row["plan"], row.get("action") or row["outcome"]), []).append(row)
    found = (
        Missing(
            iri=iri,
            home=slug_of(plan),
            reference=first.get("reference") or first.get("notation") or iri.rpartition("/")[2],
            label=first.get("label", ""),
            evidence=tuple(sorted({row["evidence"] for row in group if "evidence" in row}, key=natural)),
        )
        for (plan, iri), group in by_subject.items()
        for first in group[:1]
    )
    query = queries.named(name)
    ordered = sorted(found, key=lambda m: (m.home, natural(m.iri)))
    return Gap(name, query.title, query.problem, query.solution, tuple(ordered))


def render(report: Report, format: str) -> str:
    """Write the report as `text` or `json`."""
    if format == "json":
        import json

        return json.dumps(report.as_dict(), indent=2, ensure_ascii=False) + "\n"
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    show(report, limit=None, console=Console(file=out, width=120))
    return out.getvalue()


def show(report: Report, limit: int | None, console: "Console | None" = None) -> None:
    """Print the report to a terminal.

    Args:
        report: what to print.
        limit: how many entries of each list to print; None prints all.
        console: where to print; by default the terminal.
    """
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = console or Console(highlight=False)
    console.print("[bold]Golden Thread: what the plans say and what they leave open[/bold]")
    whole = ", ".join(f"{number} {kind}" for kind, number in report.counts.items())
    console.print(f"{report.statements} statements: {whole}.")

    content, complete = (
        Table(
            title=f"\n{title}",
            title_justify="left",
            title_style="bold",
            box=box.SIMPLE_HEAD,
            show_edge=False,
            padding=(0, 1, 0, 0),
        )
        for title in ("What is in the plans", "How many actions have …")
    )
    for table, text_columns, number_columns in (
        (content, ("Plan", "Period"), ("Sections", "Outcomes", "Actions")),
        (complete, ("Plan",), ("Actions", *(lack.capitalize() for lack in _COMPLETENESS))),
    ):
        for heading in text_columns:
            table.add_column(heading, no_wrap=True)
        for heading in number_columns:
            table.add_column(heading, justify="right", no_wrap=True)
    for plan in report.plans:
        numbers = (plan.sections, plan.outcomes, plan.actions)
        content.add_row(plan.slug, f"{plan.period[0]} to {plan.period[1]}", *map(str, numbers))
        complete.add_row(plan.slug, str(plan.actions), *map(str, plan.complete.values()))
    total = report.total
    content.add_row("all", "", *map(str, (total.sections, total.outcomes, total.actions)), style="bold")
    complete.add_row("all", str(total.actions), *map(str, total.complete.values()), style="bold")
    console.print(content, complete, "", sep="\n")

    if report.validation.conforms:
        console.print("[bold]Validation[/bold]  The graph keeps every core rule.\n")
    else:
        console.print(f"[bold]Validation[/bold]  {len(report.validation.results)} times a rule is broken:")
        for result in report.validation.results[:limit]:
            console.print(f"  {escape(str(result))}", soft_wrap=True)
        _more(console, len(report.validation.results), limit)
        console.print()

    for gap in report.gaps:
        console.print(f"[bold]{gap.title}: {len(gap.found)}[/bold]\n{escape(gap.problem)}")
        for home, group in gap.by_home().items():
            size = report.size(gap, home)
            console.print(f"  [cyan]{home}[/cyan]: {len(group)} of {size}", soft_wrap=True)
            for missing in group[:limit]:
                label = missing.label or "(no title in the documents)"
                where = f"  [dim]{escape(missing.places)}[/dim]" if missing.evidence else ""
                console.print(f"    {escape(missing.reference)}  {escape(label)}{where}", soft_wrap=True)
            _more(console, len(group), limit)
        console.print()


def _more(console: "Console", number: int, limit: int | None) -> None:
    if limit is not None and number > limit:
        console.print(f"    [dim]… and {number - limit} more (--all lists them)[/dim]")
