"""The library of named queries: one `.rq` file a question, its header read as YAML.

A query is named for its place: `queries/register/actions-by-partner.rq` is `register/actions-by-partner`, and
the last part alone is enough. Lines that begin `#+` are the header:

    #+ title: Actions of a partner
    #+ description: What one partner is responsible for, across all plans.
    #+ parameters:
    #+   party: {kind: party, description: the partner or sub-group}
    #+ columns:
    #+   action: the action

A parameter is a variable of the query that is bound to a term, never text pasted in; left out, the query
answers for all values.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import yaml

from goldenthread import resources
from goldenthread.errors import BadSyntax, UnknownName
from goldenthread.namespaces import XSD, kind_of, long_form, slug_of
from goldenthread.store import Answer, Store, Term
from goldenthread.turtle import KINDS, text_of

_LITERALS = {
    "text": (f"{XSD}string", r"(?s).*", "words"),
    "date": (f"{XSD}date", "[0-9]{4}-[0-9]{2}-[0-9]{2}", "2017-04-01"),
    "number": (f"{XSD}integer", "-?[0-9]+", "2017"),
}
_KINDS = {"party": ("partner", "group")}
_FEW = 10


@dataclass(frozen=True)
class Parameter:
    """A variable that the caller may bind.

    Attributes:
        name: the variable, without `?`.
        kind: what may be given: a kind of individual (`partner`, `plan`, `audience` …; `party` is a partner or
            a group), or `text`, `date`, `number`.
        description: what it stands for.
    """

    name: str
    kind: str
    description: str


@dataclass(frozen=True)
class Wording:
    """How the rows of a query become findings; `{column}` stands for the name of what a column holds.

    Attributes:
        title: of the finding, one sentence without a full stop.
        subjects: columns that hold what it is about; rows with the same subjects are one finding.
        plans: columns that hold the plans concerned.
        reasons: sentences; one whose columns are all empty is left out.
    """

    title: str
    subjects: tuple[str, ...]
    plans: tuple[str, ...] = ("plan",)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Query:
    """A named query.

    Attributes:
        name: family and file name, such as `register/actions-by-partner`.
        title: what it returns, a few words.
        description: what it answers, for a planner.
        parameters: variables the caller may bind.
        columns: column → what it holds, in the order of the SELECT clause.
        problem, solution: of a query that finds something: what is wrong with it, and how to mend it.
        finding: how its rows become findings; None for a query that finds nothing amiss.
        text: the SPARQL text, header included.
    """

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    text: str
    problem: str = ""
    solution: str = ""
    finding: Wording | None = None


@cache
def _paths() -> Mapping[str, Path]:
    root = resources.folder("queries")
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in resources.files("queries", ".rq")}


def library() -> Mapping[str, Query]:
    """All named queries that come with the package, by name."""
    return {name: named(name) for name in _paths()}


def load(path: Path, name: str = "") -> Query:
    """Read a query file with or without a header.

    Raises:
        UnreadableFile: it cannot be read.
        BadSyntax: its header is not the YAML described above.
    """
    text = text_of(path)
    header = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        fields: dict[str, Any] = yaml.safe_load(header) or {}
        parameters = tuple(_parameter(path, key, value) for key, value in fields.get("parameters", {}).items())
        return Query(
            name=name or str(path),
            title=fields.get("title", path.stem),
            description=fields.get("description", ""),
            parameters=parameters,
            columns=fields.get("columns", {}),
            text=text,
            problem=fields.get("problem", ""),
            solution=fields.get("solution", ""),
            finding=_wording(fields["finding"]) if "finding" in fields else None,
        )
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise BadSyntax(
            f"The header of {path} (the lines that begin ‘#+’) cannot be read: {error}",
            "Compare it with the header of a query of the library, such as queries/register/actions-by-partner.rq.",
        ) from None


def _parameter(path: Path, name: str, fields: Mapping[str, Any]) -> Parameter:
    known = [*_LITERALS, *_KINDS, *KINDS]
    if fields["kind"] not in known:
        raise BadSyntax(
            f"The header of {path} gives the parameter ‘{name}’ the kind ‘{fields['kind']}’, which does not exist.",
            f"The kinds are {', '.join(known)}.",
        )
    return Parameter(name, fields["kind"], fields["description"])


def _wording(fields: Mapping[str, Any]) -> Wording:
    return Wording(
        title=fields["title"],
        subjects=tuple(fields["subjects"]),
        plans=tuple(fields.get("plans", ["plan"])),
        reasons=tuple(fields.get("reasons", [])),
    )


@cache
def named(name: str) -> Query:
    """Find a query of the library by its name or its last part.

    Raises:
        UnknownName: with the nearest names.
    """
    queries = _paths()
    matches = [key for key in queries if name in (key, key.rpartition("/")[2])]
    if len(matches) == 1:
        return load(queries[matches[0]], matches[0])
    last_parts = {key.rpartition("/")[2]: key for key in queries}
    near = [last_parts[n] for n in get_close_matches(name.rpartition("/")[2], last_parts, n=3, cutoff=0.6)]
    everything = "‘goldenthread queries’ lists them all."
    raise UnknownName(f"There is no query named ‘{name}’.", f"{_offer(near)} {everything}" if near else everything)


def assignments(texts: Sequence[str]) -> dict[str, str]:
    """Read `NAME=VALUE` texts, as the command line takes them.

    Raises:
        UnknownName: one of them has no name or no `=`, or two have one name.
    """
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not (name and equals):
            raise UnknownName(f"‘{text}’ does not say which parameter it is for.", "Write it as NAME=VALUE.")
        if name in values:
            raise UnknownName(f"The parameter ‘{name}’ is given twice.", "Give it once.")
        values[name] = value
    return values


def run(store: Store, query: Query, values: Mapping[str, str]) -> Answer:
    """Evaluate a query with values for its parameters.

    Args:
        store: what to ask.
        query: the query.
        values: parameter → value as a person writes it: an IRI, a slug, a name or any surface form of it.

    Raises:
        UnknownName: the query has no such parameter, or the graph has no such individual.
        BadSyntax: the query does not parse.
    """
    return store.query(query.text, {key: _term(store, query, key, value) for key, value in values.items()}, query.name)


def _term(store: Store, query: Query, name: str, value: str) -> Term:
    parameter = next((p for p in query.parameters if p.name == name), None)
    if parameter is None:
        known = [p.name for p in query.parameters]
        remedy = _nearest(get_close_matches(name, known, n=3), known) or "It takes no parameters."
        raise UnknownName(f"The query {query.name} has no parameter ‘{name}’.", remedy)
    if parameter.kind in _LITERALS:
        datatype, form, example = _LITERALS[parameter.kind]
        if not re.fullmatch(form, value):
            raise UnknownName(f"‘{value}’ is not a {parameter.kind}.", f"Write {name} as in {name}={example}.")
        return ox.Literal(value, datatype=ox.NamedNode(datatype))
    return find_individual(store, _KINDS.get(parameter.kind, (parameter.kind,)), value)


def find_individual(store: Store, kinds: tuple[str, ...], value: str) -> ox.NamedNode:
    """Find an individual by IRI, slug, short form (`partner:sacro`), or any name it goes by (case does not matter).

    Args:
        store: where to look.
        kinds: the kinds it may be of, as they stand in IRIs: `partner`, `group`, `plan` …
        value: what a person wrote.

    Raises:
        UnknownName: nothing, or more than one thing, goes by that name.
    """
    value = value.strip()
    for iri in (value, *(long_form(value, kind) for kind in kinds)):
        if kind_of(iri) in kinds and store.describes(iri):
            return ox.NamedNode(iri)
    wanted = value.casefold()
    rows = store.rows(named("register/names").text)
    names = [(row["name"].casefold(), row["individual"]) for row in rows if kind_of(row["individual"]) in kinds]
    slugs = {slug_of(iri).casefold(): iri for _, iri in names}
    found = {slugs[wanted]} if wanted in slugs else {iri for name, iri in names if name == wanted}
    if len(found) == 1:
        return ox.NamedNode(found.pop())
    what = " or ".join(kinds)
    if found:
        raise UnknownName(f"More than one {what} goes by ‘{value}’.", _offer(sorted(map(slug_of, found))))
    by_name = dict(names) | slugs
    near = dict.fromkeys(slug_of(by_name[name]) for name in get_close_matches(wanted, by_name, n=6, cutoff=0.5))
    remedy = _nearest(list(near)[:4], sorted(map(slug_of, slugs.values()))) or "No name is near to it."
    raise UnknownName(f"The graph has no {what} ‘{value}’.", remedy)


def _nearest(near: Sequence[str], known: Sequence[str]) -> str:
    """Offer the names that are near, or else all of them if they are few; empty if there are many or none."""
    if near:
        return _offer(near)
    return f"It has {_listed(known, 'and')}." if 0 < len(known) < _FEW else ""


def _offer(names: Sequence[str]) -> str:
    return f"Did you mean {_listed(names, 'or')}?"


def _listed(names: Sequence[str], word: str) -> str:
    """Names in quotes as a person would list them."""
    quoted = [f"‘{name}’" for name in names]
    return f" {word} ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
