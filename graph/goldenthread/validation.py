"""SHACL validation: which rule a graph breaks, where, and how to mend it.

Two engines give the same answer: `shacl` (Rust; the whole shipped graph in a fraction of a second) and pySHACL
(seconds), the reference that the tests hold it against on every example (`engine="pyshacl"`).

Reference: W3C, Shapes Constraint Language (SHACL), 20 July 2017, section 3.6.2 (validation results).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from goldenthread import resources
from goldenthread.errors import UnreadableFile
from goldenthread.namespaces import GT, ID, RDF, SH, SHAPES, SKOS, short
from goldenthread.store import Store, shipped_files
from goldenthread.turtle import natural, parse, parse_named, plain, read, subject_lines, text_of

Engine = Literal["shacl", "pyshacl"]
_LONG = 200
_TYPE = ox.NamedNode(f"{RDF}type")
_MATCHES = {f"{SKOS}{name}Match" for name in ("exact", "close", "broad", "narrow", "related")}


@dataclass(frozen=True)
class Result:
    """One validation result.

    Attributes:
        rule: name of the shape that was broken, such as `action-label`.
        severity: `Violation`, `Warning` or `Info`.
        message: the rule in a planner's words.
        remedy: how to mend it.
        focus: IRI of the individual that breaks it; `_:` and a label where it has none.
        path: IRI of the property concerned, empty if none.
        value: the offending value, empty if none.
        value_is_iri: whether the value is an individual or other IRI, not a text that may look like one.
        file: the file that holds the individual, empty if unknown.
        line: the line on which the individual's block begins, 0 if unknown.
    """

    rule: str
    severity: str
    message: str
    remedy: str
    focus: str
    path: str = ""
    value: str = ""
    value_is_iri: bool = False
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: " if self.file else ""
        found = short(self.value) if self.value_is_iri else self.value
        found = found if len(found) <= _LONG else f"{found[:_LONG]}…"
        value = f" (found: {found})" if found and self.value != self.focus else ""
        return f"{where}{short(self.focus)}: {self.message}{value}\n  Rule {self.rule}. {self.remedy}".rstrip()


@dataclass(frozen=True)
class Report:
    """What a validation found.

    Attributes:
        results: sorted by file, line and rule.
        files: the files that were validated.
    """

    results: tuple[Result, ...]
    files: tuple[str, ...]

    @property
    def conforms(self) -> bool:
        """Whether no result is a violation."""
        return not any(result.severity == "Violation" for result in self.results)

    def as_dict(self) -> dict[str, object]:
        """The report as plain data for JSON."""
        return {
            "conforms": self.conforms,
            "files": list(self.files),
            "results": [asdict(result) for result in self.results],
        }

    def as_turtle(self) -> str:
        """The report as a `sh:ValidationReport` in Turtle."""
        prefixes = {"sh": SH, "gts": SHAPES, "gt": GT}
        return (ox.serialize(self._triples(), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()

    def _triples(self) -> Iterable[ox.Triple]:
        report = ox.BlankNode("report")
        yield ox.Triple(report, _TYPE, _sh("ValidationReport"))
        yield ox.Triple(report, _sh("conforms"), ox.Literal(self.conforms))
        for number, result in enumerate(self.results):
            node = ox.BlankNode(f"result{number}")
            yield ox.Triple(report, _sh("result"), node)
            yield ox.Triple(node, _TYPE, _sh("ValidationResult"))
            yield ox.Triple(node, _sh("focusNode"), _node(result.focus))
            yield ox.Triple(node, _sh("resultSeverity"), _sh(result.severity))
            yield ox.Triple(node, _sh("sourceShape"), ox.NamedNode(f"{SHAPES}{result.rule}"))
            yield ox.Triple(node, _sh("resultMessage"), ox.Literal(result.message, language="en"))
            if result.path:
                yield ox.Triple(node, _sh("resultPath"), ox.NamedNode(result.path))
            if result.value:
                yield ox.Triple(
                    node, _sh("value"), _node(result.value) if result.value_is_iri else ox.Literal(result.value)
                )


def _node(text: str) -> ox.NamedNode | ox.BlankNode:
    """The node that a result names, which stands in the report under a label of the report's own if it is blank."""
    return ox.BlankNode(f"data-{text.removeprefix('_:')}") if text.startswith("_:") else ox.NamedNode(text)


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{SH}{name}")


def validate_text(data: str, families: Sequence[str] = ("core",), engine: Engine = "shacl") -> Report:
    """Validate a graph given as Turtle text (or N-Triples, a subset of it), by itself.

    Raises:
        BadSyntax: the text does not parse.
    """
    return _report(plain(parse(data, "the data")), [], families, engine)


def validate_shipped(store: Store, families: Sequence[str] = ("core",), engine: Engine = "shacl") -> Report:
    """Validate everything in a store that was loaded from the shipped files."""
    files = shipped_files()
    return _report(store.turtle_of(), [file.path for file in files], families, engine)


def validate_files(paths: Sequence[Path], families: Sequence[str] = ("core",), engine: Engine = "shacl") -> Report:
    """Validate files against the shapes, with the shipped registers and plans as their context.

    A file that stands for a shipped plan or register takes its place. Whatever then breaks a rule is reported, in the
    other shipped files too: they keep every rule by themselves, so it is the files given that break it.

    Raises:
        UnreadableFile: a file cannot be read, or holds nothing that could be checked.
        BadSyntax: a file is not Turtle, or leaves something without an address of its own.
    """
    given = {path: parse_named(text_of(path), str(path)) for path in paths}
    for path, triples in given.items():
        _refuse_nothing(path, triples)
    shipped = {file.path: read(file.path) for file in shipped_files()}
    context = {
        path: triples
        for path, triples in shipped.items()
        if not any(_stands_for(own, own_triples, path, triples) for own, own_triples in given.items())
    }
    data = plain(triple for triples in (*given.values(), *context.values()) for triple in triples)
    return _report(data, list(paths), families, engine, context=list(context))


def _refuse_nothing(path: Path, triples: list[ox.Triple]) -> None:
    """Refuse a file to which no rule applies: to say that it conforms would be to promise something."""
    if any(_is_ours(triple) for triple in triples):
        return
    reason = f"none of its {len(triples)} statements uses the vocabulary <{GT}>" if triples else "it states nothing"
    raise UnreadableFile(
        f"{path}: nothing was checked, because {reason}.",
        f"Look at its prefixes (@prefix gt: <{GT}> .); every individual says what it is, such as ‘a gt:Action’.",
    )


def _is_ours(triple: ox.Triple) -> bool:
    """Whether a statement uses a term of gt:, or is one of a crosswalk, which needs none."""
    nodes = [node.value for node in (triple.predicate, triple.object) if isinstance(node, ox.NamedNode)]
    return triple.predicate.value in _MATCHES or any(iri.startswith(GT) for iri in nodes)


def _stands_for(path: Path, triples: list[ox.Triple], shipped: Path, shipped_triples: list[ox.Triple]) -> bool:
    """Whether a file takes the place of a shipped one.

    It does if it is that very file or describes at least half of what that file describes. For a plan it is enough to
    have the name of its file, or to state that the plan is a plan. A register's name proves nothing: `partners.ttl` is
    what anyone would call a list of further partners.
    """
    if path.resolve() == shipped.resolve():
        return True
    if shipped.parent == resources.folder("plans"):
        plan = ox.Triple(ox.NamedNode(f"{ID}plan/{shipped.stem}"), _TYPE, ox.NamedNode(f"{GT}Plan"))
        if path.name == shipped.name or plan in triples:
            return True
    # To describe is to say the same sort of thing: a crosswalk speaks of outcomes but does not describe them.
    said = {(triple.subject, triple.predicate) for triple in triples}
    described = {triple.subject for triple in shipped_triples if (triple.subject, triple.predicate) in said}
    return 2 * len(described) >= len({triple.subject for triple in shipped_triples})


def shapes_text(families: Sequence[str]) -> str:
    """The shapes of the given families (`core`, …) as one N-Triples text."""
    files = [path for family in families for path in sorted((resources.folder("shapes") / family).glob("*.ttl"))]
    return plain(triple for path in files for triple in read(path))


def _report(
    data: str, paths: list[Path], families: Sequence[str], engine: Engine, context: Sequence[Path] = ()
) -> Report:
    shapes = shapes_text(families)
    raw = _with_shacl(data, shapes) if engine == "shacl" else _with_pyshacl(data, shapes)
    remedies = _remedies(shapes)
    places: dict[str, tuple[str, int]] = {}
    if raw:
        for path in (*paths, *context):
            for subject, line in subject_lines(text_of(path)).items():
                places.setdefault(subject, (str(path), line))
    results = {
        Result(
            rule=result.rule,
            severity=result.severity,
            message=result.message,
            remedy=remedies.get(result.rule, ""),
            focus=result.focus,
            path=result.path,
            value=result.value,
            value_is_iri=result.value_is_iri,
            file=places.get(result.focus, ("", 0))[0],
            line=places.get(result.focus, ("", 0))[1],
        )
        for result in raw
    }
    ordered = sorted(results, key=lambda r: (r.file, r.line, natural(r.focus), r.rule, r.value))
    return Report(tuple(ordered), tuple(str(path) for path in paths))


def _remedies(shapes: str) -> dict[str, str]:
    description = _sh("description")
    return {
        quad.subject.value.removeprefix(SHAPES): quad.object.value
        for quad in ox.parse(shapes, format=ox.RdfFormat.N_TRIPLES)
        if quad.predicate == description
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
    }


def _with_shacl(data: str, shapes: str) -> list[Result]:
    import shacl  # late: the query command does not need it

    report = shacl.Shapes.from_text(shapes, format="ntriples").validate_text(data, format="ntriples")
    return [
        Result(
            rule=(result.root_shape or "").strip("<>").removeprefix(SHAPES),
            severity=result.severity,
            message=result.message or "",
            remedy="",
            focus=result.focus_node.strip("<>"),
            path=_plain_path(result.path or ""),
            value=_plain_value(result.value or "", result.value_plain or ""),
            value_is_iri=(result.value or "").startswith(("<", "_:")),
        )
        for result in report.results
    ]


def _plain_value(term: str, text: str) -> str:
    """The text of a term, and for a blank node its label as Turtle has it."""
    return term if term.startswith("_:") else text


def _with_pyshacl(data: str, shapes: str) -> list[Result]:
    import pyshacl  # late: half a second
    import rdflib
    from rdflib.namespace import SH as RDFLIB_SH

    from goldenthread.prepared import PreparedGraph

    shapes_graph = rdflib.Graph().parse(data=shapes, format="nt")
    data_graph = PreparedGraph().parse(data=data, format="nt")
    # Not with focus_nodes: in pySHACL 0.40 they make every sh:not on a literal a violation.
    _, report, _ = pyshacl.validate(data_graph, shacl_graph=shapes_graph, inference="none")

    def root(shape: rdflib.term.Node | None) -> rdflib.term.Node | None:
        parent = shapes_graph.value(predicate=RDFLIB_SH.property, object=shape)
        return root(parent) if isinstance(shape, rdflib.BNode) and parent is not None else shape

    def text(node: rdflib.term.Node | None) -> str:
        return "" if node is None else node.n3() if isinstance(node, rdflib.BNode) else str(node)

    if not isinstance(report, rdflib.Graph):  # pySHACL gives bytes or an error only for other arguments
        raise TypeError(f"pySHACL gave no report graph: {report!r}")
    return [
        Result(
            rule=text(root(report.value(node, RDFLIB_SH.sourceShape))).removeprefix(SHAPES),
            severity=text(report.value(node, RDFLIB_SH.resultSeverity)).removeprefix(SH),
            message=text(report.value(node, RDFLIB_SH.resultMessage)),
            remedy="",
            focus=text(report.value(node, RDFLIB_SH.focusNode)),
            path=_plain_path(text(report.value(node, RDFLIB_SH.resultPath))),
            value=text(report.value(node, RDFLIB_SH.value)),
            value_is_iri=isinstance(report.value(node, RDFLIB_SH.value), rdflib.URIRef | rdflib.BNode),
        )
        for node in report.subjects(predicate=rdflib.RDF.type, object=RDFLIB_SH.ValidationResult)
    ]


def _plain_path(path: str) -> str:
    """The property of a result path that is one property; empty for a compound path or a blank node."""
    iri = path.removeprefix("<").removesuffix(">")
    return iri if re.fullmatch(r"https?://[^<>\s|^]+", iri) else ""
