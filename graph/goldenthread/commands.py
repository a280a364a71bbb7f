"""The commands that find things: gaps, overlaps, dependencies, networks, duties; and verdicts on what was found."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from goldenthread.analysis.facts import Facts
    from goldenthread.findings.finding import Finding, Selection
    from goldenthread.store import Store


class FindingFormat(StrEnum):
    """Forms of findings."""

    text = "text"
    json = "json"
    csv = "csv"


class NetworkFormat(StrEnum):
    """Forms of a network."""

    table = "table"
    html = "html"
    graphml = "graphml"
    gexf = "gexf"
    json = "json"
    nodes = "nodes"
    edges = "edges"


class NetworkMode(StrEnum):
    """What stands on the two sides of a network."""

    party_action = "party-action"
    party_outcome = "party-outcome"
    party_group = "party-group"
    plan_strategy = "plan-strategy"


class Verdict(StrEnum):
    """What a reviewer says of a finding."""

    confirmed = "confirmed"
    rejected = "rejected"


StoreOption = Annotated[
    Path | None,
    typer.Option("--store", metavar="FOLDER", help="Keep the store on disk in this folder, built when needed."),
]
WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", metavar="FOLDER", help="Folder of your own additions, such as verdicts.")
]
ProfileOption = Annotated[
    Path | None, typer.Option("--profile", metavar="FILE.yaml", help="Severities that differ from the shipped ones.")
]
PlanOption = Annotated[list[str] | None, typer.Option("--plan", help="Only this plan (slug or name); may be repeated.")]
FrameworkOption = Annotated[
    list[str] | None, typer.Option("--framework", help="Only this outcome framework; may be repeated.")
]
KindOption = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; may be repeated.")]
SeverityOption = Annotated[list[str] | None, typer.Option("--severity", help="high, medium or low; may be repeated.")]
FormatOption = Annotated[FindingFormat, typer.Option("--format", help="Form of the findings.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")]
AllOption = Annotated[bool, typer.Option("--all", help="In the terminal, list every finding, not the first few.")]


def gaps(
    plan: PlanOption = None,
    framework: FrameworkOption = None,
    kind: KindOption = None,
    severity: SeverityOption = None,
    profile: ProfileOption = None,
    format: FormatOption = FindingFormat.text,
    output: OutputOption = None,
    all: AllOption = False,
    store: StoreOption = None,
) -> None:
    """Find what is missing: outcomes without actions, actions without a lead, groups without a chair, and more."""
    from goldenthread.findings import gaps as family
    from goldenthread.findings.profile import Profile

    graph, facts = _graph(store)
    chosen = _selection(graph, plan, framework, kind, severity)
    levels = Profile.load(profile)
    _put(chosen.of(family.gaps(graph, levels, facts), facts), format, output, all)


def overlaps(
    min_score: Annotated[float, typer.Option("--min-score", min=0, max=1, help="Leave out pairs below this.")] = 0.0,
    limit: Annotated[int | None, typer.Option("--limit", min=0, help="Only so many, the most alike first.")] = None,
    clusters: Annotated[bool, typer.Option("--clusters", help="Clusters of three or more, not pairs.")] = False,
    plan: PlanOption = None,
    framework: FrameworkOption = None,
    kind: KindOption = None,
    severity: SeverityOption = None,
    weights: Annotated[
        Path | None, typer.Option("--weights", metavar="FILE.yaml", help="Weights that differ from the shipped ones.")
    ] = None,
    profile: ProfileOption = None,
    workspace: WorkspaceOption = None,
    format: FormatOption = FindingFormat.text,
    output: OutputOption = None,
    all: AllOption = False,
    store: StoreOption = None,
) -> None:
    """Find actions, services and sub-groups that do the same or nearly the same for the same people."""
    from goldenthread import reviews
    from goldenthread.analysis.overlaps import Weights
    from goldenthread.findings import overlaps as family
    from goldenthread.findings.profile import Profile
    from goldenthread.workspace import Workspace

    graph, facts = _graph(store)
    chosen = _selection(graph, plan, framework, kind, severity)
    levels, model = Profile.load(profile), Weights.load(weights)
    found = family.overlaps(facts, levels, model, min_score, reviews.load(Workspace(workspace)))
    if clusters:
        found = family.clusters(facts, levels, model, found)
    _put(chosen.of(found, facts)[:limit], format, output, all)


def dependencies(
    without: Annotated[
        list[str] | None, typer.Option("--without", help="What happens if this partner leaves; may be repeated.")
    ] = None,
    plan: PlanOption = None,
    framework: FrameworkOption = None,
    kind: KindOption = None,
    severity: SeverityOption = None,
    profile: ProfileOption = None,
    format: FormatOption = FindingFormat.text,
    output: OutputOption = None,
    all: AllOption = False,
    store: StoreOption = None,
) -> None:
    """Find what hangs on whom: sole leads and deliverers, chains, circles, and what stops if partners leave."""
    from goldenthread import queries
    from goldenthread.findings import dependencies as family
    from goldenthread.findings.profile import Profile

    graph, facts = _graph(store)
    chosen = _selection(graph, plan, framework, kind, severity)
    levels = Profile.load(profile)
    if without:
        leaving = [queries.find_individual(graph, ("partner", "group"), name).value for name in without]
        found = family.without(facts, levels, leaving)
    else:
        found = family.dependencies(graph, facts, levels)
    _put(chosen.of(found, facts), format, output, all)


def network(
    mode: Annotated[NetworkMode, typer.Option(help="What stands on the two sides.")] = NetworkMode.party_action,
    one_mode: Annotated[
        bool, typer.Option("--one-mode", help="Tie parties (or plans) that share something; leave out the other side.")
    ] = False,
    expand: Annotated[
        bool, typer.Option("--expand", help="Let collective parties, such as All Partners, stand for their members.")
    ] = False,
    over_time: Annotated[
        bool, typer.Option("--over-time", help="The measures of each plan's network, the earliest plan first.")
    ] = False,
    plan: PlanOption = None,
    format: Annotated[NetworkFormat, typer.Option("--format", help="Form of the network.")] = NetworkFormat.table,
    output: OutputOption = None,
    all: AllOption = False,
    store: StoreOption = None,
) -> None:
    """Show who works with whom: measures as a table, a picture (html), or files for other network software."""
    from goldenthread import network_files
    from goldenthread.analysis import networks

    graph, facts = _graph(store)
    choice = networks.Choice(
        mode=mode.value, plans=_selection(graph, plan, None, None, None).plans, expand=expand, one_mode=one_mode
    )
    if over_time:
        put(network_files.render_over_time(facts, choice, format.value), output)
        return
    found = networks.network(facts, choice)
    if format is NetworkFormat.table and output is not None and output.suffix[1:] in set(NetworkFormat):
        format = NetworkFormat(output.suffix[1:])
    if format is NetworkFormat.table and output is None:
        network_files.show(found, facts, choice, limit=None if all else 25)
    else:
        put(network_files.render(found, facts, choice, format.value), output)


def duties(
    plan: PlanOption = None,
    format: Annotated[FindingFormat, typer.Option("--format", help="Form of the checklist.")] = FindingFormat.text,
    output: OutputOption = None,
    store: StoreOption = None,
) -> None:
    """Check each plan against the duties of its Act: met, not met, or cannot be told from the document."""
    from io import StringIO

    from rich.console import Console

    from goldenthread.analysis.names import Names
    from goldenthread.findings import duties as family

    graph, facts = _graph(store)
    plans = _selection(graph, plan, None, None, None).plans
    found = [duty for duty in family.checklist(graph, facts) if not plans or duty.plan in plans]
    if format is FindingFormat.text and output is not None and output.suffix in (".json", ".csv"):
        format = FindingFormat(output.suffix[1:])
    if format is FindingFormat.json:
        put(family.as_json(found), output)
    elif format is FindingFormat.csv:
        put(family.as_csv(found), output)
    elif output is None:
        family.show(found, Names(facts), Console(highlight=False))
    else:
        text = StringIO()
        family.show(found, Names(facts), Console(file=text, width=120))
        put(text.getvalue(), output)


def review(
    subjects: Annotated[
        list[str], typer.Argument(metavar="ACTION ACTION", help="What the finding is about: addresses.")
    ],
    verdict: Annotated[Verdict, typer.Option(help="Whether the finding is right.")],
    note: Annotated[str, typer.Option(help="Why, without names of persons.")] = "",
    workspace: WorkspaceOption = None,
    store: StoreOption = None,
) -> None:
    """Keep a verdict on an overlap: confirmed, or rejected and not shown again."""
    from datetime import date

    from goldenthread import queries, reviews
    from goldenthread.namespaces import short
    from goldenthread.workspace import Workspace

    graph, _ = _graph(store)
    kinds = ("action", "service", "group")
    iris = tuple(queries.find_individual(graph, kinds, subject).value for subject in subjects)
    place = Workspace(workspace)
    reviews.add(place, reviews.Review(iris, verdict.value, date.today().isoformat(), note))
    typer.echo(f"{verdict.value}: {' and '.join(short(iri) for iri in iris)}; kept in {place.reviews}.")


COMMANDS = (gaps, overlaps, dependencies, network, duties, review)


def _graph(folder: Path | None) -> "tuple[Store, Facts]":
    from goldenthread.analysis.facts import Facts
    from goldenthread.store import Store

    store = Store.in_memory() if folder is None else Store.on_disk(folder)
    return store, Facts(store)


def _selection(
    store: "Store",
    plans: list[str] | None,
    frameworks: list[str] | None,
    kinds: list[str] | None,
    severities: list[str] | None,
) -> "Selection":
    from goldenthread import queries
    from goldenthread.findings.finding import Selection

    return Selection(
        plans=tuple(queries.find_individual(store, ("plan",), name).value for name in plans or ()),
        frameworks=tuple(queries.find_individual(store, ("framework",), name).value for name in frameworks or ()),
        kinds=tuple(kinds or ()),
        severities=tuple(severities or ()),
    )


def _put(found: "Sequence[Finding]", format: FindingFormat, output: Path | None, all: bool) -> None:
    from goldenthread.findings import output as forms

    if format is FindingFormat.text and output is not None and output.suffix in (".json", ".csv"):
        format = FindingFormat(output.suffix[1:])
    if format is FindingFormat.json:
        put(forms.as_json(found), output)
    elif format is FindingFormat.csv:
        put(forms.as_csv(found), output)
    else:
        from io import StringIO

        from rich.console import Console

        if output is None:
            forms.show(found, Console(highlight=False), limit=None if all else 10)
        else:
            text = StringIO()
            forms.show(found, Console(file=text, width=120), limit=None)
            put(text.getvalue(), output)


def put(content: str | bytes, output: Path | None) -> None:
    """Write an answer to a file, whole or not at all, or to standard output."""
    from goldenthread.files import write_whole

    data = content.encode() if isinstance(content, str) else content
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_whole(output, data)
