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
from goldenthread.namespaces import GT, ID, RDF, SH, SHAPES, plan_graph, short
from goldenthread.store import SourceFile, Store, shipped_files
from goldenthread.turtle import natural, parse, plain, subject_lines, text_of

Engine = Literal["shacl", "pyshacl"]
_PLAN_KEY = f"{GT}Plan"


@dataclass(frozen=True)
class Result:
    """One validation result.

    Attributes:
        rule: name of the shape that was broken, such as `action-label`.
        severity: `Violation`, `Warning` or `Info`.
        message: the rule in a planner's words.
        remedy: how to mend it.
        focus: IRI of the individual that breaks it.
        path: IRI of the property concerned, empty if none.
        value: the offending value, empty if none.
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
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}: " if self.line else f"{self.file}: " if self.file else ""
        value = f" (found: {short(self.value)})" if self.value and self.value != self.focus else ""
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
        rdf_type = ox.NamedNode(f"{RDF}type")
        yield ox.Triple(report, rdf_type, _sh("ValidationReport"))
        yield ox.Triple(report, _sh("conforms"), ox.Literal(self.conforms))
        for number, result in enumerate(self.results):
            node = ox.BlankNode(f"result{number}")
            yield ox.Triple(report, _sh("result"), node)
            yield ox.Triple(node, rdf_type, _sh("ValidationResult"))
            yield ox.Triple(node, _sh("focusNode"), ox.NamedNode(result.focus))
            yield ox.Triple(node, _sh("resultSeverity"), _sh(result.severity))
            yield ox.Triple(node, _sh("sourceShape"), ox.NamedNode(f"{SHAPES}{result.rule}"))
            yield ox.Triple(node, _sh("resultMessage"), ox.Literal(result.message, language="en"))
            if result.path:
                yield ox.Triple(node, _sh("resultPath"), ox.NamedNode(result.path))
            if result.value:
                iri = result.value.startswith(("http://", "https://"))
                yield ox.Triple(node, _sh("value"), ox.NamedNode(result.value) if iri else ox.Literal(result.value))


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{SH}{name}")


def validate_text(data: str, families: Sequence[str] = ("core",), engine: Engine = "shacl") -> Report:
    """Validate a graph given as Turtle text (or N-Triples, a subset of it), by itself.

    Raises:
        BadSyntax: the text does not parse.
    """
    return _report(plain(parse(data, "the data")), [], families, engine, only=None)


def validate_shipped(store: Store, families: Sequence[str] = ("core",), engine: Engine = "shacl") -> Report:
    """Validate everything in a store that was loaded from the shipped files."""
    files = shipped_files()
    return _report(store.turtle_of(), [file.path for file in files], families, engine, only=None)


def validate_files(paths: Sequence[Path], families: Sequence[str] = ("core",), engine: Engine = "shacl") -> Report:
    """Validate files against the shapes, with the shipped registers and plans as their context.

    A file that describes a shipped plan takes the place of that plan's own file, and one that stands for a
    register takes the register's place. Only what the files themselves describe is reported.

    Raises:
        UnreadableFile, BadSyntax: before anything is validated.
    """
    texts = {path: text_of(path) for path in paths}
    triples = {path: parse(text, str(path)) for path, text in texts.items()}
    shipped_elsewhere = [file for file in shipped_files() if not _replaced(file, triples)]
    context = Store.in_memory(shipped_elsewhere).turtle_of()
    own = [triple for found in triples.values() for triple in found]
    data = context + plain(own)
    return _report(data, list(paths), families, engine, only={str(triple.subject).strip("<>") for triple in own})


def _replaced(file: SourceFile, triples: dict[Path, list[ox.Triple]]) -> bool:
    if any(path.resolve() == file.path.resolve() for path in triples):
        return True
    if "/plan/" not in file.graph:
        return any(path.name == file.path.name for path in triples)
    plans = {
        triple.subject.value.removeprefix(f"{ID}plan/")
        for found in triples.values()
        for triple in found
        if isinstance(triple.subject, ox.NamedNode) and triple.object == ox.NamedNode(_PLAN_KEY)
    }
    return any(file.graph == plan_graph(slug) for slug in plans)


def shapes_text(families: Sequence[str]) -> str:
    """The shapes of the given families (`core`, …) as one N-Triples text."""
    files = [path for family in families for path in sorted((resources.folder("shapes") / family).glob("*.ttl"))]
    triples = [triple for path in files for triple in parse(text_of(path), str(path))]
    return plain(triples)


def _report(data: str, paths: list[Path], families: Sequence[str], engine: Engine, only: set[str] | None) -> Report:
    shapes = shapes_text(families)
    raw = _with_shacl(data, shapes) if engine == "shacl" else _with_pyshacl(data, shapes)
    if only is not None:
        raw = [result for result in raw if result.focus in only]
    remedies = _remedies(shapes)
    places: dict[str, tuple[str, int]] = {}
    if raw:
        for path in paths:
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
            value=result.value_plain or "",
        )
        for result in report.results
    ]


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
        return "" if node is None else str(node)

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
        )
        for node in report.subjects(predicate=rdflib.RDF.type, object=RDFLIB_SH.ValidationResult)
    ]


def _plain_path(path: str) -> str:
    """The property of a result path that is one property; empty for a compound path or a blank node."""
    iri = path.removeprefix("<").removesuffix(">")
    return iri if re.fullmatch(r"https?://[^<>\s|^]+", iri) else ""
