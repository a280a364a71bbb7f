"""Answers of queries in the forms people and programs read."""

from io import StringIO

import pyoxigraph as ox

from goldenthread.errors import UnknownName
from goldenthread.namespaces import SOURCE, VOCABULARIES, place, short
from goldenthread.store import Answer, evaluating

_SELECT_FORMATS = {
    "json": ox.QueryResultsFormat.JSON,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}


def render(answer: Answer, format: str) -> bytes:
    """Write an answer in a format.

    Args:
        answer: of a SELECT, ASK, CONSTRUCT or DESCRIBE query.
        format: `json`, `csv`, `tsv` or `xml` (SPARQL 1.1 results; not for graphs), `turtle` (graphs only), or
            `table` for people: a table, yes or no, or Turtle, as the query asks.

    Raises:
        UnknownName: the format cannot hold that kind of answer.
        BadSyntax: the query turns out, as its answer is read, to ask what cannot be evaluated.
    """
    with evaluating("the query"):
        return _render(answer, format)


def _render(answer: Answer, format: str) -> bytes:
    if isinstance(answer, ox.QueryTriples):
        if format not in ("turtle", "table"):
            raise UnknownName(f"A CONSTRUCT or DESCRIBE query gives a graph, not {format}.", "Ask for turtle.")
        return ox.serialize(answer, format=ox.RdfFormat.TURTLE, prefixes=VOCABULARIES) or b""
    if format == "turtle":
        raise UnknownName("This query gives rows or yes/no, not a graph.", "Ask for json, csv, tsv, xml or table.")
    if format in _SELECT_FORMATS:
        written = answer.serialize(format=_SELECT_FORMATS[format]) or b""
        return written if written.endswith(b"\n") else written + b"\n"
    if isinstance(answer, ox.QueryBoolean):
        return b"yes\n" if answer else b"no\n"
    return _table(answer).encode()


def _table(answer: ox.QuerySolutions) -> str:
    import sys

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold")
    for variable in answer.variables:
        table.add_column(variable.value, overflow="fold")
    count = 0
    for solution in answer:
        table.add_row(*(Text(_cell(term)) for term in solution))
        count += 1
    out = StringIO()
    width = None if sys.stdout.isatty() else 200
    console = Console(file=out, width=width, force_terminal=sys.stdout.isatty())
    console.print(table)
    console.print(f"{count} rows" if count != 1 else "1 row", highlight=False)
    return out.getvalue()


def _cell(term: object) -> str:
    if not isinstance(term, ox.NamedNode | ox.Literal):
        return ""
    places = term.value.split(" ")  # a query may give several as one text
    if all(each.startswith(SOURCE) for each in places):
        return "; ".join(map(place, places))
    return short(term.value) if isinstance(term, ox.NamedNode) else term.value
