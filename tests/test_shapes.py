"""The shapes: each is explained, each has a valid and an invalid example, and both engines judge them alike.

An example is a small graph in `tests/shapes/{shape}/`; its first line names the individual that it is about (two where
a rule holds between two and a report names both).
"""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pyoxigraph as ox
import pytest

from goldenthread import resources
from goldenthread.namespaces import GT, RDF, SH, SHAPES
from goldenthread.store import Store
from goldenthread.validation import Engine, Report, shapes_text, validate_shipped, validate_text

EXAMPLES = Path(__file__).parent / "shapes"
WHOLE_PLAN = EXAMPLES / "strathmore-2030.ttl"
ENGINES: tuple[Engine, ...] = get_args(Engine)
FAMILIES = {
    family: list(ox.parse(shapes_text([family]), format=ox.RdfFormat.N_TRIPLES)) for family in ("core", "duties")
}
STATEMENTS = [quad for statements in FAMILIES.values() for quad in statements]


def sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{SH}{name}")


FAMILY_OF = {
    quad.subject.value.removeprefix(SHAPES): family
    for family, statements in FAMILIES.items()
    for quad in statements
    if isinstance(quad.subject, ox.NamedNode)
    and quad.predicate.value == f"{RDF}type"
    and quad.object in {sh("NodeShape"), sh("PropertyShape")}
}
RULES = sorted(FAMILY_OF)
CASES = [f"{rule}/{kind}" for rule in RULES for kind in ("valid", "invalid")]


def said(rule: str, predicate: str) -> list[object]:
    """What a shape says under a property of the SHACL vocabulary."""
    shape = ox.NamedNode(f"{SHAPES}{rule}")
    return [quad.object for quad in STATEMENTS if quad.subject == shape and quad.predicate == sh(predicate)]


@cache
def example(case: str) -> tuple[set[str], str]:
    """The individuals that an example is about, and its text."""
    text = (EXAMPLES / f"{case}.ttl").read_text(encoding="utf-8")
    first = text.partition("\n")[0]
    assert re.fullmatch(r"# focus:( <\S+>)+", first), f"{case}: the first line does not name the focus node"
    return set(re.findall(r"<(\S+)>", first)), text


@cache
def judged(case: str, engine: Engine) -> Report:
    return validate_text(example(case)[1], [FAMILY_OF[case.partition("/")[0]]], engine)


def found(report: Report) -> set[tuple[str, str]]:
    return {(result.focus, result.rule) for result in report.results}


def test_no_example_without_its_shape() -> None:
    assert sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir()) == RULES
    assert sorted(path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in EXAMPLES.glob("*/*")) == sorted(
        CASES
    )


def test_no_result_without_a_name() -> None:
    """Every shape with a target is an IRI of the shapes namespace, so that a report can name the rule."""
    targets = {sh("targetClass"), sh("targetSubjectsOf"), sh("targetObjectsOf"), sh("targetNode")}
    targeted = {quad.subject for quad in STATEMENTS if quad.predicate in targets}
    assert targeted == {ox.NamedNode(f"{SHAPES}{rule}") for rule in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_shape_is_explained(rule: str) -> None:
    for predicate in ("name", "message", "description"):
        words = said(rule, predicate)
        assert len(words) == 1, f"{predicate}: {words}"
        assert isinstance(words[0], ox.Literal)
        assert words[0].language == "en"
    (severity,) = said(rule, "severity")
    assert severity == sh("Violation") or (severity == sh("Info") and FAMILY_OF[rule] == "duties")
    for predicate in ("message", "description"):
        assert str(said(rule, predicate)[0]).endswith('."@en'), "a sentence ends in a full stop"


def test_every_message_is_its_own() -> None:
    messages = [str(said(rule, "message")[0]) for rule in RULES]
    assert sorted(messages) == sorted(set(messages))


@pytest.mark.parametrize("case", CASES)
def test_example_speaks_of_its_focus(case: str) -> None:
    focus, text = example(case)
    subjects = {quad.subject for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)}
    assert {ox.NamedNode(iri) for iri in focus} <= subjects


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", CASES)
def test_example_breaks_its_rule_or_keeps_it(case: str, engine: Engine) -> None:
    rule, kind = case.split("/")
    focus, _ = example(case)
    results = [result for result in judged(case, engine).results if result.rule == rule]
    assert {result.focus for result in results} == (focus if kind == "invalid" else set())
    (severity,) = said(rule, "severity")
    assert {(sh(result.severity), result.message, result.remedy) for result in results} <= {
        (severity, literal_value(rule, "message"), literal_value(rule, "description"))
    }


def literal_value(rule: str, predicate: str) -> str:
    (literal,) = said(rule, predicate)
    assert isinstance(literal, ox.Literal)
    return literal.value


@pytest.mark.parametrize("case", CASES)
def test_engines_agree(case: str) -> None:
    one, other = (found(judged(case, engine)) for engine in ENGINES)
    assert one == other


TEXTS = {
    "no-name-of-a-person": (
        [
            "Cllr. J. McBain chairs",
            "led by Mrs O’Neill",
            "Dr Gray's report",
            "by Dr.Gray",
            "Miss A B Gray-Bain (chair)",
        ],
        [
            "Councillors Board",
            "a Councillor and a Professor",
            "Dr Gray's Hospital",
            "Missed Targets",
            "Sheriff Court",
            "MAPPA",
            "Mrs",
        ],
    ),
    "no-email-address": (["Write to a.b@strathmore.example."], ["@strathmore", "3 @ £5", "a@b"]),
    "no-telephone-number": (
        ["01632 960123", "(0131) 496 0000", "+44 20 7946 0000", "call 08081570000 now", "202-555-0100"],
        ["2027-04-01 to 2028-03-31", "1200 calls", "£1 200 000", "2007/08", "1.1.1 – 1.1.12", "Section 27, 2016 0-25"],
    ),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("rule", "text", "refused"),
    [
        (rule, text, refused)
        for rule, (wrong, right) in TEXTS.items()
        for texts, refused in ((wrong, True), (right, False))
        for text in texts
    ],
)
def test_personal_details_are_told_from_other_texts(rule: str, text: str, refused: bool, engine: Engine) -> None:
    graph = f'<x:x> a <{GT}Partner> ; <http://www.w3.org/2004/02/skos/core#altLabel> "{text}"@en .'
    assert (("x:x", rule) in found(validate_text(graph, ["core"], engine))) is refused


@pytest.mark.parametrize("engine", ENGINES)
def test_a_whole_plan_breaks_no_rule(engine: Engine) -> None:
    """A small plan that uses every class and property: what is right is not refused."""
    text = WHOLE_PLAN.read_text(encoding="utf-8")
    assert [str(result) for result in validate_text(text, ["core"], engine).results] == []


def test_the_whole_plan_uses_the_whole_vocabulary() -> None:
    quads = list(ox.parse(WHOLE_PLAN.read_text(encoding="utf-8"), format=ox.RdfFormat.TURTLE))
    used = {node.value for quad in quads for node in (quad.predicate, quad.object) if isinstance(node, ox.NamedNode)}
    assert ontology_terms("Class") | ontology_terms("ObjectProperty") | ontology_terms("DatatypeProperty") <= used


def ontology_terms(kind: str) -> set[str]:
    """The terms of the gt: namespace that the ontology defines as owl:Class, owl:ObjectProperty …"""
    owl = ox.NamedNode(f"http://www.w3.org/2002/07/owl#{kind}")
    quads = [quad for path in resources.files("ontology", ".ttl") for quad in ox.parse(path=path)]
    return {
        quad.subject.value
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and quad.object == owl and quad.subject.value.startswith(GT)
    }


def test_known_classes_are_those_of_the_ontology() -> None:
    text = (resources.folder("shapes") / "core" / "vocabulary.ttl").read_text(encoding="utf-8")
    block = re.search(r"gts:class-is-known .*?sh:in \((.*?)\)", text, re.DOTALL)
    assert block
    assert {f"{GT}{name}" for name in re.findall(r"gt:(\w+)", block[1])} == ontology_terms("Class")


def test_known_properties_are_those_of_the_ontology() -> None:
    text = (resources.folder("shapes") / "core" / "vocabulary.ttl").read_text(encoding="utf-8")
    block = re.search(r'gts:property-is-known .*?CONTAINS\(\s*"([\w ]+)"', text, re.DOTALL)
    assert block
    assert block[1] == f" {' '.join(block[1].split())} ", "every name stands between two blanks"
    known = {f"{GT}{name}" for name in block[1].split()}
    assert known == ontology_terms("ObjectProperty") | ontology_terms("DatatypeProperty")


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_shipped_graph_keeps_every_rule(shipped: Store, engine: Engine) -> None:
    assert [str(result) for result in validate_shipped(shipped, engine=engine).results] == []
