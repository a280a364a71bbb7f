"""Verdicts of reviewers on findings, kept as RDF in the workspace and respected whenever findings are made anew.

A verdict is about the things a finding is about, in whatever order; a later verdict on the same things takes the
place of the earlier. Nobody is named: a verdict has a date and, if need be, a note.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from goldenthread.errors import UnknownName
from goldenthread.namespaces import DCT, GT, ID, RDF, SKOS, XSD
from goldenthread.turtle import parse, text_of, write
from goldenthread.workspace import Workspace

CONFIRMED, REJECTED = "confirmed", "rejected"
VERDICTS = (CONFIRMED, REJECTED)


@dataclass(frozen=True)
class Review:
    """A verdict.

    Attributes:
        subjects: IRIs of what the finding is about, sorted.
        verdict: `confirmed` or `rejected`.
        date: when it was given, as in 2026-11-23.
        note: why, in the reviewer's words; may be empty.
    """

    subjects: tuple[str, ...]
    verdict: str
    date: str
    note: str = ""

    @property
    def iri(self) -> str:
        """Its address, the same for every verdict on the same subjects."""
        return f"{ID}review/{sha256(' '.join(self.subjects).encode()).hexdigest()[:16]}"


def load(workspace: Workspace) -> list[Review]:
    """All verdicts of a workspace, by address; none if it has no file of them.

    Raises:
        UnreadableFile, BadSyntax: the file cannot be read.
    """
    if not workspace.reviews.exists():
        return []
    return list(_read(workspace.reviews).values())


def add(workspace: Workspace, review: Review) -> None:
    """Keep a verdict.

    Raises:
        UnknownName: the verdict is neither `confirmed` nor `rejected`, or is about fewer than two things.
        UnreadableFile, BadSyntax: the file of verdicts cannot be read or written; it stays as it was.
    """
    if review.verdict not in VERDICTS:
        raise UnknownName(f"‘{review.verdict}’ is not a verdict.", "Say confirmed or rejected.")
    if len(set(review.subjects)) < 2:
        raise UnknownName("A verdict is about two things or more.", "Name both.")
    known = _read(workspace.reviews) if workspace.reviews.exists() else {}
    ordered = Review(tuple(sorted(set(review.subjects))), review.verdict, review.date, review.note)
    known[ordered.iri] = ordered
    workspace.write(workspace.reviews, write(_triples(known.values())))


def _read(path: Path) -> dict[str, Review]:
    fields: dict[str, dict[str, list[str]]] = {}
    for triple in parse(text_of(path), str(path)):
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            values = fields.setdefault(triple.subject.value, {})
            values.setdefault(triple.predicate.value, []).append(triple.object.value)
    return {
        iri: Review(
            subjects=tuple(sorted(values[f"{GT}reviews"])),
            verdict=values[f"{GT}verdict"][0],
            date=values[f"{DCT}date"][0],
            note=values.get(f"{SKOS}note", [""])[0],
        )
        for iri, values in sorted(fields.items())
        if {f"{GT}reviews", f"{GT}verdict", f"{DCT}date"} <= set(values)
    }


def _triples(reviews: Iterable[Review]) -> list[ox.Triple]:
    found = []
    for review in reviews:
        node = ox.NamedNode(review.iri)
        found += [
            ox.Triple(node, ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{GT}Review")),
            ox.Triple(node, ox.NamedNode(f"{GT}verdict"), ox.Literal(review.verdict)),
            ox.Triple(node, ox.NamedNode(f"{DCT}date"), ox.Literal(review.date, datatype=ox.NamedNode(f"{XSD}date"))),
            *(ox.Triple(node, ox.NamedNode(f"{GT}reviews"), ox.NamedNode(subject)) for subject in review.subjects),
        ]
        if review.note:
            found.append(ox.Triple(node, ox.NamedNode(f"{SKOS}note"), ox.Literal(review.note, language="en")))
    return found
