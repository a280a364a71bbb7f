"""Canonical Turtle: reading files with clear errors, and writing them so that a diff shows what changed.

The same triples always give the same text: subjects by kind and then in natural order ("2.1.2" before
"2.1.10"), predicates in the order a reader wants them, one object a line. Blank nodes are refused: every
individual of the graph has a name.
"""

import re
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from goldenthread.errors import BadSyntax, UnreadableFile
from goldenthread.namespaces import BASE, RDF, XSD, kind_of, split

KINDS = """
    plan framework section outcome action condition engagement area partner group strategy service
    partner-kind group-state strategy-kind status audience theme activity
    """.split()
"""The kinds of individual as they stand in IRIs, in the order in which a file holds them."""
_FIRST = """
    rdf:type dct:identifier skos:notation rdfs:label skos:prefLabel dct:title skos:altLabel skos:definition
    gt:partOfPlan gt:inSection dct:isPartOf skos:inScheme skos:broader gt:level gt:lead gt:responsible gt:withPartner
    gt:contributesTo gt:hasAim gt:concerns gt:theme gt:activityType gt:timescale gt:periodStart gt:periodEnd
    gt:status gt:statusText gt:progressNote gt:measure gt:dependsOn gt:cites gt:uses gt:continues
    """.split()
_LAST = ["skos:editorialNote", "dct:source", "prov:wasAttributedTo", "prov:wasDerivedFrom"]


def read(path: Path) -> list[ox.Triple]:
    """Parse a Turtle file.

    Raises:
        UnreadableFile: it is missing, unreadable or not UTF-8.
        BadSyntax: it is not Turtle; the message names line and column.
    """
    return parse(text_of(path), str(path))


def text_of(path: Path) -> str:
    """Read a UTF-8 text file, or raise UnreadableFile with the reason."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise UnreadableFile(f"There is no file {path}.", "Check the spelling and the folder.") from None
    except IsADirectoryError:
        raise UnreadableFile(f"{path} is a folder, not a file.", "Name the file inside it.") from None
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8 and try again."
        ) from None
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read: {error.strerror}.") from None


def parse(text: str, name: str) -> list[ox.Triple]:
    """Parse Turtle; `name` stands for the text in error messages.

    Raises:
        BadSyntax: with line and column.
    """
    try:
        return [
            quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=BASE, without_named_graphs=True)
        ]
    except SyntaxError as error:
        reason = re.sub(r"^Parser error at line \d+ columns? \d+(?:-\d+)?: ", "", error.msg)
        raise BadSyntax(
            f"{name}, line {error.lineno}, column {error.offset}: this is not Turtle: {reason}",
            "Look at that place and just before it: a missing ‘;’, ‘.’, quote or prefix is the usual cause.",
        ) from None


def parse_named(text: str, name: str) -> list[ox.Triple]:
    """Parse Turtle in which everything has an address of its own.

    Raises:
        BadSyntax: it does not parse, or holds a blank node or a statement about a statement; with the line.
    """
    triples = parse(text, name)
    for triple in triples:
        for node in (triple.subject, triple.object):
            if not isinstance(node, ox.NamedNode | ox.Literal):
                line = _line_of("nameless", text)
                raise BadSyntax(
                    f"{name}{f', line {line}' if line else ''}: something here has no address of its own.",
                    "Write an address, such as <id/action/{plan}/{reference}>, in place of ‘[ ]’, ‘( )’, ‘_:’ or ‘<<’.",
                )
    return triples


def refuse_comments(text: str, name: str) -> None:
    """Refuse a Turtle text with comments, which `write` does not keep.

    Raises:
        BadSyntax: with the line of the first.
    """
    if line := _line_of("comment", text):
        raise BadSyntax(
            f"{name}, line {line}: the canonical form has no place for this comment, and it would be lost.",
            "Say it in skos:editorialNote, or take it away.",
        )


_TOKENS = re.compile(
    r"""
    "{3}(?:\\.|[^\\])*?"{3} | '{3}(?:\\.|[^\\])*?'{3} | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
    | <[^<>"{}|^`\s]*> | \(\s*\)
    | (?P<comment> \#[^\n]* ) | (?P<nameless> _: | \[ | \( | << )
    | [\w.-]*:(?:\\.|[\w.:%-])*
    """,
    re.VERBOSE | re.DOTALL,
)
"""The parts of a Turtle text in which a ‘#’ or a bracket may stand, and those that are looked for."""


def _line_of(kind: str, text: str) -> int:
    """The line of the first `comment` or `nameless` node in a Turtle text, 0 if there is none."""
    starts = (found.start() for found in _TOKENS.finditer(text) if found[kind])
    return next((text.count("\n", 0, start) + 1 for start in starts), 0)


def plain(triples: Iterable[ox.Triple]) -> str:
    """Return triples as N-Triples: for machines, in no set order, blank nodes allowed."""
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


class _Terms:
    """Writes terms, and remembers the prefixes it has used."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.prefixes: dict[str, str] = {}

    def __call__(self, node: object) -> str:
        if isinstance(node, ox.NamedNode):
            return self._iri(node.value)
        if isinstance(node, ox.Literal):
            return self._literal(node)
        raise ValueError(f"only IRIs and literals can be written, not {node}; give the node an IRI of its own")

    def _iri(self, iri: str) -> str:
        if parts := split(iri, self.scope):
            self.prefixes[parts[0]] = parts[1]
            return f"{parts[0]}:{parts[2]}"
        return f"<{iri.removeprefix(BASE)}>"

    def _literal(self, literal: ox.Literal) -> str:
        if literal.datatype.value == f"{XSD}integer" and re.fullmatch("[+-]?[0-9]+", literal.value):
            return literal.value
        quoted = f'"{literal.value.translate(_ESCAPES)}"'
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if literal.datatype.value == f"{XSD}string" else f"{quoted}^^{self(literal.datatype)}"


def write(triples: Iterable[ox.Triple], scope: str = "") -> str:
    """Return the canonical Turtle text of a set of triples.

    Args:
        triples: the graph; order and repetition do not matter.
        scope: the slug of the plan whose file this is: its own actions, sections … get short prefixes.

    Raises:
        ValueError: a blank node or a quoted triple occurs.
    """
    term = _Terms(scope)
    by_subject: dict[str, dict[str, set[str]]] = {}
    for triple in triples:
        if not isinstance(triple.subject, ox.NamedNode):
            raise ValueError(f"only IRIs can be subjects, not {triple.subject}; give the node an IRI of its own")
        predicate = "a" if triple.predicate.value == f"{RDF}type" else term(triple.predicate)
        by_subject.setdefault(triple.subject.value, {}).setdefault(predicate, set()).add(term(triple.object))
    blocks = []
    for subject in sorted(by_subject, key=_subject_key):
        lines = []
        for predicate in sorted(by_subject[subject], key=_predicate_key):
            objects = sorted(by_subject[subject][predicate], key=_object_key)
            if len(objects) == 1 or predicate == "a":
                lines.append(f"{predicate} {', '.join(objects)}")
            else:
                lines.append(predicate + "\n        " + ",\n        ".join(objects))
        blocks.append(f"{term(ox.NamedNode(subject))} " + " ;\n    ".join(lines) + " .\n")
    head = [f"@base <{BASE}> ."] + [f"@prefix {name}: <{term.prefixes[name]}> ." for name in sorted(term.prefixes)]
    return "\n".join([*head, "", *blocks])


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key in which numbers inside a text count as numbers."""
    parts = [part for part in re.split("([0-9]+)", text) if part]
    return [(0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts]


def _subject_key(iri: str) -> tuple[int, list[tuple[int, int, str]]]:
    kind = kind_of(iri)
    return (KINDS.index(kind) if kind in KINDS else len(KINDS)), natural(iri)


def _predicate_key(name: str) -> tuple[int, int, str]:
    if name == "a":
        return 0, 0, ""
    if name in _FIRST:
        return 0, _FIRST.index(name), ""
    return (2, _LAST.index(name), "") if name in _LAST else (1, 0, name)


def _object_key(text: str) -> tuple[bool, list[tuple[int, int, str]]]:
    return not text.startswith("gt:"), natural(text)


def subject_lines(text: str) -> dict[str, int]:
    """Find the line on which each subject's block begins in a Turtle text.

    Works where a subject starts its line, as the canonical form writes it; other layouts give fewer entries.

    Returns:
        subject IRI → line counted from 1.
    """
    prefixes: dict[str, str] = {}
    base = BASE
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if declared := re.match(r"\s*(?:@prefix|PREFIX)\s+([\w.-]*):\s*<([^>]*)>", line, re.IGNORECASE):
            prefixes[declared[1]] = declared[2]
        elif declared := re.match(r"\s*(?:@base|BASE)\s+<([^>]*)>", line, re.IGNORECASE):
            base = declared[1]
        elif subject := re.match(r"<([^>]*)>", line):
            lines.setdefault(subject[1] if ":" in subject[1] else base + subject[1], number)
        elif (subject := re.match(r"([\w.-]*):(\S+)", line)) and subject[1] in prefixes:
            lines.setdefault(prefixes[subject[1]] + subject[2], number)
    return lines
