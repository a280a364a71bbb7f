"""Networks written down: as a table, a picture that needs no other host, and files for other network software."""

import csv
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from io import BytesIO, StringIO
from typing import Any

import networkx as nx

from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.analysis.networks import Choice, NodeMeasures, Summary, measures, over_time
from goldenthread.errors import UnknownName
from goldenthread.namespaces import short

FORMATS = ("table", "html", "graphml", "gexf", "json", "nodes", "edges")
CAVEAT = (
    "Two parties named in one action are planned to work together; whether they did, a plan does not say. "
    "No measure is good or bad in itself."
)
_SIDES = {
    "party-action": ("Parties", "actions"),
    "party-outcome": ("Parties", "outcomes"),
    "party-group": ("Parties", "sub-groups they sit in"),
    "plan-strategy": ("Plans", "strategies they refer to"),
}
# Paul Tol's "muted" scheme with black and two shades, told apart by most colour-blind readers.
_COLOURS = "#332288 #117733 #AA4499 #DDCC77 #88CCEE #CC6677 #44AA99 #882255 #999933 #222222 #BB8866".split()
_REST = "#B0B0B0"
_MOST_PLACED = 800
_OVER_TIME = ("nodes", "ties", "parts", "density", "centralization", "fragmentation", "communities", "core_size")


def title(facts: Facts, choice: Choice) -> str:
    """What a network shows, a few words."""
    first, second = _SIDES[choice.mode]
    what = f"{first} that share {second}" if choice.one_mode else f"{first} and {second}"
    where = ", ".join(map(Names(facts), choice.plans)) if choice.plans else "all plans"
    return f"{what}, {where}" + (", collective parties as their members" if choice.expand else "")


def render(graph: "nx.Graph[str]", facts: Facts, choice: Choice, format: str) -> bytes:
    """Write a network.

    Args:
        graph: the network.
        facts: the graph it comes from.
        choice: what it shows.
        format: `table` (text), `html` (picture with legend and table, everything in the one file), `graphml`,
            `gexf`, `json` (node-link, as NetworkX reads it), `nodes` or `edges` (CSV).

    Raises:
        UnknownName: there is no such format.
    """
    if format in {"graphml", "gexf"}:
        out = BytesIO()
        writer = nx.write_graphml if format == "graphml" else nx.write_gexf
        writer(_measured(graph), out)
        return out.getvalue()
    if format == "json":
        data = nx.node_link_data(_measured(graph), edges="edges")
        return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
    if format in {"nodes", "edges"}:
        return (_nodes(graph) if format == "nodes" else _edges(graph)).encode()
    if format == "html":
        return _picture(graph, title(facts, choice)).encode()
    if format == "table":
        from rich.console import Console

        text = StringIO()
        _show(graph, title(facts, choice), None, Console(file=text, width=140))
        return text.getvalue().encode()
    raise UnknownName(f"There is no form ‘{format}’ of a network.", f"The forms are {', '.join(FORMATS)}.")


def _measured(graph: "nx.Graph[str]") -> "nx.Graph[str]":
    """The graph with the measures of each node as attributes."""
    found = graph.copy()
    for row in measures(graph)[1]:
        values = asdict(row)
        found.nodes[values.pop("node")].update(values)
    return found


def _nodes(graph: "nx.Graph[str]") -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [field.name for field in fields(NodeMeasures)]
    writer.writerow(names)
    for row in measures(graph)[1]:
        writer.writerow([short(row.node), *(getattr(row, name) for name in names[1:])])
    return out.getvalue()


def _edges(graph: "nx.Graph[str]") -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["source", "target", "source_label", "target_label", "weight", "role"])
    for one, other, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2]):
        labels = (graph.nodes[node].get("label", "") for node in (one, other))
        writer.writerow([short(one), short(other), *labels, data.get("weight", 1), data.get("role", "")])
    return out.getvalue()


def render_over_time(facts: Facts, choice: Choice, format: str) -> str:
    """Write the measures of each plan's network by date, and of all together, as `table`, `nodes` (CSV) or `json`.

    Raises:
        UnknownName: for any other format.
    """
    names = Names(facts)
    rows = [
        {
            "plan": short(plan) if plan else "all",
            "name": names(plan) if plan else "All plans together",
            "start": facts.one(plan, "gt:periodStart"),
            "end": facts.one(plan, "gt:periodEnd"),
            **asdict(summary),
        }
        for plan, summary in over_time(facts, choice)
    ]
    if format == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    out = StringIO()
    if format == "nodes":
        writer = csv.DictWriter(out, rows[0], lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
    elif format == "table":
        from rich import box
        from rich.console import Console
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
        table.add_column("Plan")
        for name in _OVER_TIME:
            table.add_column(name.replace("_", " ").capitalize(), justify="right")
        for row in rows:
            table.add_row(row["name"], *(f"{row[name]:.3g}" for name in _OVER_TIME))
        console = Console(file=out, width=160)
        console.print(f"[bold]{title(facts, choice)}, plan by plan[/bold]\n[dim]{CAVEAT}[/dim]\n")
        console.print(table)
    else:
        raise UnknownName(f"Measures over time have no form ‘{format}’.", "Ask for table, nodes (CSV) or json.")
    return out.getvalue()


def show(graph: "nx.Graph[str]", facts: Facts, choice: Choice, limit: int | None) -> None:
    """Print a network to the terminal: its measures, then its nodes, those with most ties first."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 140
    _show(graph, title(facts, choice), limit, Console(highlight=False, width=width))


def _show(graph: "nx.Graph[str]", heading: str, limit: int | None, console: Any) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    summary, rows = measures(graph)
    console.print(f"[bold]{heading}[/bold]\n{_in_words(summary)}\n[dim]{CAVEAT}[/dim]\n")
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Name", overflow="fold")
    table.add_column("Kind")
    for name in ("Ties", "Weighted", "Betweenness", "Community", "Core number"):
        table.add_column(name, justify="right")
    table.add_column("Core")
    table.add_column("Splits")
    for row in rows[:limit]:
        numbers = (row.degree, f"{row.weighted_degree:g}", f"{row.betweenness:.3f}", row.community, row.core)
        marks = ("core" if row.in_core else "", "yes" if row.splits else "")
        table.add_row(Text(row.label), row.kind, *map(str, numbers), *marks)
    console.print(table)
    if limit is not None and len(rows) > limit:
        console.print(f"[dim]… and {len(rows) - limit} more (--all lists them)[/dim]")


def _in_words(summary: Summary) -> str:
    parts, communities = _count(summary.parts, "part"), _count(summary.communities, "community", "communities")
    return (
        f"{summary.nodes} nodes and {summary.ties} ties in {parts}; density {summary.density:.3f}, "
        f"centralization {summary.centralization:.2f}, fragmentation {summary.fragmentation:.2f}; "
        f"{communities} (modularity {summary.modularity:.2f}); "
        f"core of {summary.core_size} (fit {summary.core_fit:.2f})."
    )


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _picture(graph: "nx.Graph[str]", heading: str) -> str:
    import jinja2
    import pyvis
    from pyvis.network import Network

    from goldenthread import resources

    summary, rows = measures(graph)
    colours = _colours(rows)
    places = _places(graph)
    picture = Network(cdn_resources="in_line", directed=False)
    for row in rows:
        x, y = places.get(row.node, (None, None))
        picture.add_node(
            row.node,
            label=_folded(row.label),
            title=f"{row.label}\n{row.kind}, {row.degree} ties",
            value=row.degree,
            color=colours.get(row.kind, _REST),
            shape="dot" if row.side == 0 else "square",
            **({} if x is None else {"x": x, "y": y}),
        )
    for one, other, data in graph.edges(data=True):
        picture.add_edge(one, other, value=data.get("weight", 1), title=data.get("role", ""))
    library = resources.of_package(pyvis, "templates/lib/vis-9.1.2/vis-network.min.js")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("goldenthread"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("network.html.jinja").render(
        heading=heading,
        caveat=CAVEAT,
        words=_in_words(summary),
        rows=rows,
        short=short,
        legend=_legend(rows, colours),
        sides=sorted({row.side for row in rows}),
        data={"nodes": picture.nodes, "edges": picture.edges},
        library=library.replace("</script", "<\\/script"),
        placed=bool(places),
    )


def _legend(rows: Sequence[NodeMeasures], colours: Mapping[str, str]) -> list[tuple[str, int, str, bool]]:
    """Kind, how many, colour, and whether it is drawn square; kinds beyond the palette as one."""
    kinds = Counter(row.kind for row in rows)
    square = {row.kind for row in rows if row.side == 1}
    found = [(kind, number, colours[kind], kind in square) for kind, number in kinds.most_common() if kind in colours]
    rest = sum(number for kind, number in kinds.items() if kind not in colours)
    return [*found, ("other kinds", rest, _REST, False)] if rest else found


def _colours(rows: Sequence[NodeMeasures]) -> dict[str, str]:
    """Kind → colour, the commonest kinds first; kinds beyond the palette share a grey."""
    kinds = Counter(row.kind for row in rows)
    return dict(zip((kind for kind, _ in kinds.most_common()), _COLOURS, strict=False))


def _places(graph: "nx.Graph[str]") -> dict[str, tuple[float, float]]:
    """Where nodes stand at first, always the same; graphs too large for that are laid out by the browser."""
    if not 0 < len(graph) <= _MOST_PLACED:
        return {}
    scale = 120 * len(graph) ** 0.5
    found = nx.spring_layout(graph, seed=1, weight=None, k=2.2 / len(graph) ** 0.5, iterations=80, scale=scale)
    return {node: (round(float(x), 1), round(float(y), 1)) for node, (x, y) in found.items()}


def _folded(label: str, width: int = 22) -> str:
    import textwrap

    lines = textwrap.wrap(label, width)
    return "\n".join(lines[:3]) + (" …" if len(lines) > 3 else "")
