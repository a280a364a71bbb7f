"""Every query of the library: its header is complete, and it gives its exact rows in two engines.

`tests/queries/fixture.ttl` is a graph small enough to reason about by hand; `tests/queries/{family}/{name}.json` holds
the rows of each query on it, without and with values for its parameters. IRIs stand there in their short form. A family
may have a fixture of its own beside its rows.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from goldenthread import queries
from goldenthread.namespaces import XSD, plan_graph, short
from goldenthread.queries import Query, library
from goldenthread.store import SourceFile, Store

EXPECTED = Path(__file__).parent / "queries"
FIXTURE = EXPECTED / "fixture.ttl"
KINDS = set(
    "plan partner group party outcome framework audience theme activity status strategy service action section "
    "text date number".split()
)
FUNCTIONS = r"STR\w*|GROUP_CONCAT|COUNT|SUM|MIN|MAX|IF|COALESCE|BOUND|YEAR|xsd:\w+|BIND|FILTER"
MAY_BE_EMPTY = re.compile(r"gaps/.*|duties/.*")
"""Queries that may find nothing in the shipped graph."""

Cell = str | int | bool | None
Row = tuple[Cell, ...]
Values = Mapping[str, str]

each_query = pytest.mark.parametrize("query", library().values(), ids=library().keys())


def fixture_of(query: Query) -> Path:
    own = EXPECTED / query.name.partition("/")[0] / FIXTURE.name
    return own if own.is_file() else FIXTURE


@cache
def stored(fixture: Path) -> Store:
    return Store.in_memory([SourceFile(plan_graph(name), fixture) for name in ("one", "two")])


@cache
def parsed(fixture: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(fixture)


@pytest.fixture
def twice(query: Query) -> Store:
    """The fixture in two named graphs: what two files state is still one fact, and stands in one row."""
    return stored(fixture_of(query))


@pytest.fixture
def graph(query: Query) -> rdflib.Graph:
    return parsed(fixture_of(query))


def cell(iri: bool, value: str, datatype: str | None) -> Cell:
    if iri:
        return short(value)
    if datatype == f"{XSD}integer":
        return int(value)
    if datatype == f"{XSD}boolean":
        return value == "true"
    return value


def in_oxigraph(store: Store, query: Query, values: Values) -> list[Row]:
    answer = queries.run(store, query, values)
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple(of_oxigraph(term) for term in row) for row in answer]


def of_oxigraph(term: object) -> Cell:
    if isinstance(term, ox.Literal):
        return cell(False, term.value, term.datatype.value)
    return cell(True, term.value, None) if isinstance(term, ox.NamedNode) else None


def in_rdflib(graph: rdflib.Graph, query: Query, bindings: Mapping[str, rdflib.term.Identifier]) -> list[Row]:
    answer = graph.query(query.text, initBindings=bindings)
    assert answer.vars is not None
    assert [str(name) for name in answer.vars] == list(query.columns)
    return [tuple(map(of_rdflib, row)) for row in answer if isinstance(row, rdflib.query.ResultRow)]


def of_rdflib(term: object) -> Cell:
    if isinstance(term, rdflib.Literal):
        return cell(False, str(term), str(term.datatype))
    return cell(True, str(term), None) if isinstance(term, rdflib.URIRef) else None


def terms(store: Store, query: Query, values: Values) -> dict[str, rdflib.term.Identifier]:
    """The values as terms of rdflib."""
    kinds = {parameter.name: parameter.kind for parameter in query.parameters}
    found: dict[str, rdflib.term.Identifier] = {}
    for name, value in values.items():
        if kinds[name] == "number":
            found[name] = rdflib.Literal(int(value))
        else:
            of_kind = ("partner", "group") if kinds[name] == "party" else (kinds[name],)
            found[name] = rdflib.URIRef(queries.find_individual(store, of_kind, value).value)
    return found


def cases(query: Query) -> list[tuple[Values, list[Row]]]:
    found = json.loads((EXPECTED / f"{query.name}.json").read_text(encoding="utf-8"))
    return [(case["parameters"], [tuple(row) for row in case["rows"]]) for case in found]


@each_query
def test_header_is_complete(query: Query) -> None:
    assert query.title
    assert not query.title.endswith(".")
    assert query.description.endswith(".")
    assert all(query.columns.values())
    if query.name.startswith("gaps/"):
        assert query.problem
        assert query.solution
    body = re.sub(r"(?m)^#.*$", "", query.text)
    for parameter in query.parameters:
        assert parameter.kind in KINDS
        assert parameter.description
        assert parameter.name in query.columns
        assert re.search(rf"\?{parameter.name}\b", body.partition("WHERE")[2])


@each_query
def test_text_keeps_to_the_rules(query: Query) -> None:
    body = re.sub(r"(?m)^#.*$", "", query.text)
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", body)
    assert "ORDER BY" in body.rpartition("}")[2]
    assert not re.search(rf"\b({FUNCTIONS}) \(", body)
    prefixes, _, rest = body.partition("\n\n")
    assert [name for name in re.findall(r"PREFIX (\w*):", prefixes) if f"{name}:" not in rest] == []


@each_query
def test_columns_are_those_of_the_select(query: Query, twice: Store) -> None:
    answer = twice.query(query.text)
    assert isinstance(answer, ox.QuerySolutions)
    assert [variable.value for variable in answer.variables] == list(query.columns)


@each_query
def test_exact_rows_in_oxigraph(query: Query, twice: Store) -> None:
    for values, rows in cases(query):
        assert in_oxigraph(twice, query, values) == rows, values


@each_query
def test_exact_rows_in_rdflib(query: Query, graph: rdflib.Graph, twice: Store) -> None:
    for values, rows in cases(query):
        assert in_rdflib(graph, query, terms(twice, query, values)) == rows, values


@each_query
def test_cases_bind_nothing_first_and_every_parameter_later(query: Query) -> None:
    bound = [set(values) for values, _ in cases(query)]
    assert bound[0] == set()
    assert set().union(*bound) == {parameter.name for parameter in query.parameters}
    assert cases(query)[0][1], "a query without an answer on the fixture is not tested"


@each_query
def test_a_parameter_only_picks_rows(query: Query, twice: Store) -> None:
    unbound = twice.query(query.text)
    assert isinstance(unbound, ox.QuerySolutions)
    rows = [tuple(row) for row in unbound]
    for parameter in query.parameters:
        at = list(query.columns).index(parameter.name)
        for value in {row[at] for row in rows}:
            assert isinstance(value, ox.NamedNode | ox.Literal)
            bound = twice.query(query.text, {parameter.name: value})
            assert isinstance(bound, ox.QuerySolutions)
            assert [tuple(row) for row in bound] == [row for row in rows if row[at] == value], (parameter.name, value)


def test_every_query_has_its_rows_and_all_rows_have_a_query() -> None:
    files = {path.relative_to(EXPECTED).with_suffix("").as_posix() for path in EXPECTED.rglob("*.json")}
    assert files == set(library())


@each_query
def test_runs_on_the_shipped_graph(query: Query, shipped: Store) -> None:
    rows = [tuple(row.items()) for row in shipped.rows(query.text)]
    assert rows or MAY_BE_EMPTY.fullmatch(query.name)
    assert len(rows) == len(set(rows))
