"""Findings: what planners should look at, each with its severity, its reasons and the places it rests on.

A finding is computed, never typed in. Kinds that one query can find live in `queries/gaps/` and
`queries/dependencies/`, with the words of the finding in the header of the query; those that need more than a
query come from `goldenthread.analysis`. How serious a kind is stands in a profile, `profiles/severity.yaml`
by default, so that a partnership can set its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from pathlib import Path

from goldenthread import queries, resources, settings
from goldenthread.analysis.facts import Facts
from goldenthread.errors import BadSyntax, UnknownName
from goldenthread.namespaces import ID, SOURCE, kind_of, place, short
from goldenthread.queries import Query
from goldenthread.store import Store
from goldenthread.turtle import natural

SEVERITIES = ("high", "medium", "low")
OFF = "off"
_FAMILIES = {"gaps": "gap", "overlaps": "overlap", "dependencies": "dependency"}


@dataclass(frozen=True)
class Finding:
    """Something a planner should look at.

    Attributes:
        kind: such as `gap.actions-without-lead`; the part before the dot is its family.
        severity: `high`, `medium` or `low`.
        title: what was found, one sentence without a full stop.
        subjects: IRIs of what it is about.
        plans: IRIs of the plans concerned.
        score: 0..1 where the kind has one.
        reasons: why it was found, sentences that can be checked.
        evidence: IRIs of the lines of the documents it rests on.
    """

    kind: str
    severity: str
    title: str
    subjects: tuple[str, ...]
    plans: tuple[str, ...] = ()
    score: float | None = None
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The finding as plain data for JSON, its fields in the order above."""
        return asdict(self)

    @property
    def family(self) -> str:
        """`gap`, `overlap`, `dependency` or `duty`."""
        return self.kind.partition(".")[0]

    @property
    def places(self) -> tuple[str, ...]:
        """The evidence in words, such as `lanarkshire-2008.txt, lines 57–61`."""
        return tuple(place(fragment) for fragment in self.evidence)


class Profile:
    """How serious each kind of finding is; a kind that is `off` is not looked for.

    Args:
        severities: kind → `high`, `medium`, `low` or `off`.
    """

    def __init__(self, severities: Mapping[str, str]) -> None:
        self._severities = severities

    @classmethod
    def load(cls, path: Path | None = None) -> "Profile":
        """The shipped profile, with the entries of a file of the same form put over it.

        Raises:
            UnreadableFile: the file cannot be read.
            BadSyntax: it is not YAML, or names a kind or a severity that does not exist; with file and line.
        """
        shipped = {entry.key: str(entry.value) for entry in settings.entries(shipped_profile())}
        if path is None:
            return cls(shipped)
        for entry in settings.entries(path):
            if entry.key not in shipped:
                near = get_close_matches(entry.key, shipped, n=3, cutoff=0.5)
                offer = f"Did you mean {' or '.join(near)}? " if near else ""
                raise BadSyntax(
                    f"{path}, line {entry.line}: there is no kind of finding ‘{entry.key}’.",
                    f"{offer}All kinds are listed in {shipped_profile()}.",
                )
            # YAML reads a bare `off` as false.
            severity = OFF if entry.value is False else str(entry.value)
            if severity not in (*SEVERITIES, OFF):
                raise BadSyntax(
                    f"{path}, line {entry.line}: ‘{entry.value}’ is not a severity.", "Write high, medium, low or off."
                )
            shipped[entry.key] = severity
        return cls(shipped)

    def __getitem__(self, kind: str) -> str:
        return self._severities[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._severities)

    def kinds(self, family: str) -> list[str]:
        """The kinds of a family that are not off."""
        return [kind for kind, level in self._severities.items() if kind.startswith(f"{family}.") and level != OFF]


def shipped_profile() -> Path:
    """The file of the severities that apply unless a user says otherwise."""
    return resources.folder("profiles") / "severity.yaml"


class Names:
    """What individuals are called in findings, from the graph.

    Args:
        facts: the graph.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def __call__(self, iri: str) -> str:
        """A name for people: reference and label of an action, code and title of an outcome, name of a partner."""
        facts = self._facts
        if not iri.startswith(ID):
            return place(iri) if iri.startswith(SOURCE) else iri
        label = facts.one(iri, "skos:prefLabel") or facts.one(iri, "rdfs:label")
        kind = kind_of(iri)
        if kind == "action":
            return f"{self.reference(iri)} {label}".strip()
        if kind == "outcome":
            code = facts.one(iri, "skos:notation")
            return f"{code} {label}".strip() if code or label else short(iri)
        return label or short(iri)

    def reference(self, iri: str) -> str:
        """The reference of an action as printed, or the last part of its address where none is printed."""
        printed = self._facts.all(iri, "dct:identifier")
        return printed[0] if len(printed) == 1 else iri.rpartition("/")[2]

    def __getitem__(self, iri: str) -> str:
        return self(iri)


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
    grouped: dict[tuple[str, ...], list[Mapping[str, str]]] = {}
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
    from string import Formatter

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


def ordered(found: Iterable[Finding]) -> list[Finding]:
    """The most serious first; then by kind, score and place."""
    return sorted(
        found,
        key=lambda f: (SEVERITIES.index(f.severity), f.kind, -(f.score or 0), [natural(iri) for iri in f.subjects]),
    )


def select(
    found: Iterable[Finding],
    facts: Facts,
    plans: Sequence[str] = (),
    frameworks: Sequence[str] = (),
    kinds: Sequence[str] = (),
    severities: Sequence[str] = (),
) -> list[Finding]:
    """The findings that concern any of the plans, any of the frameworks, and have one of the kinds and severities.

    Args:
        found: findings.
        facts: the graph they were found in.
        plans, frameworks: IRIs; none means all. A finding concerns a framework if one of its subjects is the
            framework, an outcome of it, or an action that contributes to one.
        kinds: kinds, with or without the family before the dot; none means all.
        severities: `high`, `medium`, `low`; none means all.

    Raises:
        UnknownName: there is no such kind or severity; the nearest are offered.
    """
    wanted_kinds = {_known_kind(kind) for kind in kinds}
    for severity in severities:
        if severity not in SEVERITIES:
            raise UnknownName(f"There is no severity ‘{severity}’.", "Say high, medium or low.")

    def frameworks_of(iri: str) -> set[str]:
        outcomes = (iri, *facts.all(iri, "gt:contributesTo"))
        return {iri, *(scheme for outcome in outcomes for scheme in facts.all(outcome, "skos:inScheme"))}

    return [
        finding
        for finding in found
        if (not plans or not set(plans).isdisjoint(finding.plans))
        and (not wanted_kinds or finding.kind in wanted_kinds)
        and (not severities or finding.severity in severities)
        and (not frameworks or any(not frameworks_of(s).isdisjoint(frameworks) for s in finding.subjects))
    ]


def _known_kind(name: str) -> str:
    known = list(Profile.load())
    matches = [kind for kind in known if name in (kind, kind.partition(".")[2])]
    if len(matches) == 1:
        return matches[0]
    last_parts = {kind.partition(".")[2]: kind for kind in known}
    near = [last_parts[n] for n in get_close_matches(name.rpartition(".")[2], last_parts, n=3, cutoff=0.4)]
    offer = f"Did you mean {' or '.join(f'‘{kind}’' for kind in near)}?" if near else f"They are: {', '.join(known)}."
    raise UnknownName(f"There is no kind of finding ‘{name}’.", offer)
