"""Gaps: what is missing, found by the queries of `queries/gaps/`; and how the rows of any query become findings."""

from collections.abc import Iterable, Mapping
from string import Formatter

from goldenthread import queries
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.findings.finding import Finding, ordered
from goldenthread.findings.profile import Profile
from goldenthread.namespaces import kind_of
from goldenthread.queries import Query
from goldenthread.store import Store
from goldenthread.turtle import natural

_FAMILIES = {"gaps": "gap", "overlaps": "overlap", "dependencies": "dependency"}


def of_query(store: Store, facts: Facts, query: Query, severity: str) -> list[Finding]:
    """Run a query of the library that finds something, and put its rows into findings.

    Rows with the same subjects are one finding. A `{column}` in the words of the header stands for the name of
    what the column holds; a reason whose columns are all empty is left out. The evidence is that of the column
    `evidence`, or else the places that the subjects come from.

    Args:
        store: the graph.
        facts: the same graph as tables.
        query: a query with a `finding` in its header.
        severity: for all its findings.
    """
    names = Names(facts)
    wording = query.finding
    if wording is None:
        raise ValueError(f"{query.name} has no finding in its header")
    grouped: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in store.rows(query.text):
        grouped.setdefault(tuple(row[name] for name in wording.subjects if name in row), []).append(row)
    kind = kind_of_query(query.name)
    found = []
    for subjects, rows in grouped.items():
        evidence = {row["evidence"] for row in rows if "evidence" in row}
        evidence |= {row["other_evidence"] for row in rows if "other_evidence" in row}
        evidence = evidence or {source for subject in subjects for source in sources(facts, subject)}
        values: dict[str, list[str]] = {}
        for row in rows:
            for column, value in row.items():
                values.setdefault(column, []).append(names(value))
        joined = {column: ", ".join(dict.fromkeys(texts)) for column, texts in values.items()}
        reasons = (reason.format_map(_Blank(joined)) for reason in wording.reasons if _has_value(reason, joined))
        found.append(
            Finding(
                kind=kind,
                severity=severity,
                title=wording.title.format_map(_Blank(joined)),
                subjects=subjects,
                plans=tuple(sorted({row[name] for row in rows for name in wording.plans if name in row})),
                reasons=tuple(reasons),
                evidence=tuple(sorted(evidence, key=natural)),
            )
        )
    return found


class _Blank(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "(nothing stated)"


def _has_value(reason: str, values: Mapping[str, str]) -> bool:
    columns = [name for _, name, _, _ in Formatter().parse(reason) if name]
    return not columns or any(name in values for name in columns)


def kind_of_query(name: str) -> str:
    """The kind that a query finds: `gaps/actions-without-lead` finds `gap.actions-without-lead`."""
    folder, _, last = name.rpartition("/")
    return f"{_FAMILIES[folder]}.{last}"


def sources(facts: Facts, individual: str) -> tuple[str, ...]:
    """The places an individual comes from; those of its plan or framework where it has none of its own."""
    for iri in (individual, facts.one(individual, "skos:inScheme"), facts.one(individual, "gt:partOfPlan")):
        if found := facts.all(iri, "prov:wasDerivedFrom"):
            return found
    return ()


def plans_of(facts: Facts, things: Iterable[str]) -> tuple[str, ...]:
    """The plans that things belong to, or else those in whose documents they stand."""
    found: set[str] = set()
    for thing in things:
        own = set(facts.all(thing, "gt:partOfPlan"))
        documents = {source.partition("#")[0] for source in facts.all(thing, "prov:wasDerivedFrom")}
        found |= own or {
            plan
            for document in documents
            for plan in facts.inverse("prov:wasDerivedFrom").get(document, ())
            if kind_of(plan) == "plan"
        }
    return tuple(sorted(found))


def gaps(store: Store, profile: Profile | None = None, facts: Facts | None = None) -> list[Finding]:
    """Everything that is missing, across all plans: one kind a query of `queries/gaps/`.

    Args:
        store: the graph.
        profile: severities; by default the shipped ones.
        facts: the same graph as tables, if they are at hand.
    """
    return of_family(store, "gap", profile or Profile.load(), facts or Facts(store))


def of_family(store: Store, family: str, profile: Profile, facts: Facts) -> list[Finding]:
    """Everything that the queries of a family (`gap`, `dependency`) find, of kinds that are not off."""
    found: list[Finding] = []
    wanted = set(profile.kinds(family))
    for query in queries.library().values():
        kind = kind_of_query(query.name) if query.finding is not None else ""
        if kind in wanted:
            found += of_query(store, facts, query, profile[kind])
    return ordered(found)
