"""Duties: what two Acts ask of a plan, whether it does it, and where its document shows that.

The shapes of `shapes/duties/` decide: a violation means not met, an info that it cannot be told, no result that it is
met. The queries of `queries/duties/` find which plans an Act covers and what shows that a duty is met.

Source: Community Justice (Scotland) Act 2016, s.13 and s.19 to s.23; Management of Offenders etc. (Scotland) Act 2005,
s.3(5).
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING

import pyoxigraph as ox

from goldenthread import queries
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.findings.finding import Finding, ordered
from goldenthread.findings.gaps import sources
from goldenthread.findings.profile import Profile
from goldenthread.namespaces import DCT, SH, SHAPES, place, short
from goldenthread.store import Store
from goldenthread.turtle import natural
from goldenthread.validation import Result, shapes_text, validate_text

if TYPE_CHECKING:
    from rich.console import Console

MET, NOT_MET, CANNOT_BE_TOLD = "met", "not met", "cannot be told"
VERDICTS = (MET, NOT_MET, CANNOT_BE_TOLD)
_FAMILY = "duties"
_COVERED = "duties/plans-covered"


@dataclass(frozen=True)
class Duty:
    """One line of the checklist of a plan.

    Attributes:
        plan: IRI of the plan.
        name: of the shape that decides, such as `duty-review`.
        act: title of the Act.
        section: its section, such as `s.19(3)`.
        title: the duty in a few words.
        verdict: `met`, `not met` or `cannot be told`.
        reasons: why, sentences that can be checked.
        evidence: IRIs of the lines of the document that the verdict rests on, or of the whole document.
        remedy: what to do about it; empty where the duty is met.
        subjects: IRIs of what it is met by, missing for, or cannot be told of.
    """

    plan: str
    name: str
    act: str
    section: str
    title: str
    verdict: str
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    remedy: str = ""
    subjects: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The duty as plain data for JSON, its fields in the order above."""
        return asdict(self)

    @property
    def places(self) -> tuple[str, ...]:
        """The evidence in words, such as `lanarkshire-2008.txt, lines 57–61`."""
        return tuple(place(fragment) for fragment in self.evidence)


def checklist(store: Store, facts: Facts | None = None) -> list[Duty]:
    """Every duty of every plan that an Act covers, plan by plan, in the order of the Act.

    Args:
        store: the graph.
        facts: the same graph as tables, if they are at hand.

    Returns:
        One entry for each plan and duty; none for plans that no Act covers.
    """
    covered = [(row["plan"], row["act"]) for row in store.rows(queries.named(_COVERED).text)]
    if not covered:
        return []
    judge = _Judge(store, facts or Facts(store))
    return [judge(plan, rule) for plan, act in covered for rule in _rules() if rule.act == act]


def duties(store: Store, facts: Facts, profile: Profile) -> list[Finding]:
    """The duties that are not met or cannot be told, as findings.

    Args:
        store: the graph.
        facts: the same graph as tables.
        profile: severities of `duty.not-met` and `duty.cannot-be-told`.

    Returns:
        The most serious first.
    """
    wanted = set(profile.kinds("duty"))
    kinds = {NOT_MET: "duty.not-met", CANNOT_BE_TOLD: "duty.cannot-be-told"}
    return ordered(
        Finding(
            kind=kinds[duty.verdict],
            severity=profile[kinds[duty.verdict]],
            title=f"{duty.title}: {duty.verdict} ({duty.act}, {duty.section})",
            subjects=(duty.plan, *duty.subjects),
            plans=(duty.plan,),
            reasons=duty.reasons,
            evidence=duty.evidence,
        )
        for duty in checklist(store, facts)
        if kinds.get(duty.verdict) in wanted
    )


@dataclass(frozen=True)
class _Rule:
    """What the shapes say about a duty: `shapes` are the names of those that decide it, its own first."""

    name: str
    act: str
    act_title: str
    section: str
    title: str
    shapes: tuple[str, ...]


@cache
def _rules() -> tuple[_Rule, ...]:
    """The duties in the order of the shapes' sh:order."""
    said: dict[str, dict[str, str]] = {}
    for quad in ox.parse(shapes_text((_FAMILY,)), format=ox.RdfFormat.N_TRIPLES):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            said.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    shapes = {iri: values for iri, values in said.items() if f"{SH}severity" in values}
    main = [iri for iri, values in shapes.items() if f"{DCT}isPartOf" not in values]
    return tuple(
        _Rule(
            name=iri.removeprefix(SHAPES),
            act=shapes[iri][f"{DCT}source"],
            act_title=said[shapes[iri][f"{DCT}source"]][f"{DCT}title"],
            section=shapes[iri][f"{DCT}identifier"],
            title=shapes[iri][f"{SH}name"],
            shapes=tuple(
                shape.removeprefix(SHAPES)
                for shape in (iri, *(s for s, values in shapes.items() if values.get(f"{DCT}isPartOf") == iri))
            ),
        )
        for iri in sorted(main, key=lambda iri: int(shapes[iri][f"{SH}order"]))
    )


@dataclass(frozen=True)
class _Shown:
    """What the queries found for a plan and duty: what shows it, and on which lines."""

    subjects: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class _Judge:
    """Gives the verdict on one duty of one plan, from one validation of the whole graph."""

    def __init__(self, store: Store, facts: Facts) -> None:
        self._facts = facts
        self._names = Names(facts)
        self._shown = _what_is_shown(store)
        self._results: dict[tuple[str, str], list[Result]] = {}
        for result in validate_text(store.turtle_of(), (_FAMILY,)).results:
            self._results.setdefault((result.focus, result.rule), []).append(result)

    def __call__(self, plan: str, rule: _Rule) -> Duty:
        results = [result for shape in rule.shapes for result in self._results.get((plan, shape), ())]
        missing = [result for result in results if result.severity == "Violation"]
        shown = self._shown.get((plan, rule.name), _Shown())
        verdict, deciding = (NOT_MET, missing) if missing else (CANNOT_BE_TOLD, results) if results else (MET, [])
        concerned = tuple(dict.fromkeys(result.value for result in deciding if result.value not in ("", plan)))
        return Duty(
            plan=plan,
            name=rule.name,
            act=rule.act_title,
            section=rule.section,
            title=rule.title,
            verdict=verdict,
            reasons=tuple(self._reasons(verdict, deciding, concerned, shown)),
            evidence=self._evidence(plan, concerned, shown),
            remedy=deciding[0].remedy if deciding else "",
            subjects=concerned or (() if deciding else shown.subjects),
        )

    def _reasons(
        self, verdict: str, deciding: Iterable[Result], concerned: tuple[str, ...], shown: _Shown
    ) -> Iterator[str]:
        found = [subject for subject in shown.subjects if subject not in concerned]
        if verdict == MET:
            yield f"Shown by: {self._list(found)}" if found else "The plan states nothing to which this duty applies"
            return
        for message in dict.fromkeys(result.message for result in deciding):
            yield f"Required: {message}" if verdict == NOT_MET else message
        if concerned:
            yield f"{'Missing' if verdict == NOT_MET else 'Open'} for: {self._list(concerned, len(concerned))}"
        elif verdict == NOT_MET and not found:
            yield "Nothing in the document, as it was read, shows it"
        if found:
            yield f"Found: {self._list(found)}"

    def _list(self, things: Iterable[str], most: int = 6) -> str:
        names = [self._names(thing) for thing in things]
        rest = f" and {len(names) - most} more" if len(names) > most else ""
        return "; ".join(names[:most]) + rest

    def _evidence(self, plan: str, concerned: Iterable[str], shown: _Shown) -> tuple[str, ...]:
        """Where the plan's document states what is concerned, and what was found; else the document."""
        documents = self._facts.all(plan, "prov:wasDerivedFrom")
        places = {
            source
            for thing in concerned
            for source in sources(self._facts, thing)
            if source.partition("#")[0] in documents
        }
        return tuple(sorted(places.union(shown.evidence), key=natural)) or documents


def _what_is_shown(store: Store) -> Mapping[tuple[str, str], _Shown]:
    """For each plan and duty what the queries of the family find, in the order of the documents."""
    subjects: dict[tuple[str, str], set[str]] = {}
    evidence: dict[tuple[str, str], set[str]] = {}
    for query in queries.library().values():
        if query.name.startswith(f"{_FAMILY}/") and "duty" in query.columns:
            for row in store.rows(query.text):
                key = row["plan"], row["duty"].removeprefix(SHAPES)
                subjects.setdefault(key, set()).add(row["subject"])
                if "evidence" in row:
                    evidence.setdefault(key, set()).add(row["evidence"])
    return {
        key: _Shown(tuple(sorted(found, key=natural)), tuple(sorted(evidence.get(key, ()), key=natural)))
        for key, found in subjects.items()
    }


def as_json(found: Iterable[Duty]) -> str:
    """A JSON array, one object a duty with the fields of `Duty`."""
    lines = ",\n".join(f"  {json.dumps(duty.as_dict(), ensure_ascii=False)}" for duty in found)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def as_csv(found: Iterable[Duty]) -> str:
    """A table with a heading line; several values in a cell stand on lines of their own, places in words."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(field.name for field in fields(Duty))
    for duty in found:
        lists = ("\n".join(texts) for texts in (duty.reasons, duty.places))
        head = (short(duty.plan), duty.name, duty.act, duty.section, duty.title, duty.verdict)
        writer.writerow([*head, *lists, duty.remedy, "\n".join(map(short, duty.subjects))])
    return out.getvalue()


def show(found: Sequence[Duty], names: Names, console: "Console") -> None:
    """Print the checklist of each plan: a table of verdicts, then why those that are not met are not.

    Args:
        found: duties, plan by plan.
        names: what the plans are called.
        console: where to print.
    """
    from rich.markup import escape
    from rich.table import Table

    if not found:
        console.print("No plan here is covered by an Act whose duties are known.")
    for plan in dict.fromkeys(duty.plan for duty in found):
        own = [duty for duty in found if duty.plan == plan]
        document = next((place.partition(",")[0] for duty in own for place in duty.places), "")
        console.print(f"[bold]{escape(names(plan))}[/bold]")
        console.print(f"{escape(own[0].act)}; places in {escape(document)}", soft_wrap=True)
        table = Table("section", "duty", "verdict", "where")
        for duty in own:
            table.add_row(duty.section, escape(duty.title), duty.verdict, escape(_few(duty.places, document)))
        console.print(table)
        for duty in own:
            if duty.verdict != MET:
                console.print(f"{escape(duty.title)}: {duty.verdict}", soft_wrap=True)
                for line in (*duty.reasons, f"Remedy: {duty.remedy}"):
                    console.print(f"    {escape(line)}", soft_wrap=True)
        counts = ", ".join(f"{sum(duty.verdict == verdict for duty in own)} {verdict}" for verdict in VERDICTS)
        console.print(f"{len(own)} duties: {counts}.\n")


def _few(places: Sequence[str], document: str, most: int = 3) -> str:
    """The first places, without the name of the document that all of them are in."""
    short_form = [place.removeprefix(document).removeprefix(", ") or "the whole document" for place in places]
    rest = f" and {len(places) - most} more" if len(places) > most else ""
    return "; ".join(short_form[:most]) + rest
