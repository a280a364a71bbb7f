"""The vocabulary: every term is explained, typed once, and used as it is defined."""

import re
from collections.abc import Iterable

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef

from goldenthread import resources
from goldenthread.namespaces import GT

CONTRACT = {
    "classes": """Plan ProgressReport Section Action Partner CollectiveParty SubGroup Strategy Outcome OutcomeFramework
        Service AudienceGroup Theme ActivityType Engagement Condition""",
    "properties": """partOfPlan inSection responsible lead withPartner contributesTo concerns theme activityType
        timescale periodStart periodEnd status statusText progressNote measure dependsOn cites uses continues level
        includes chairedBy groupState strategyKind providedBy participant""",
}
SUPERCLASSES = {
    "Plan": "http://www.w3.org/ns/prov#Plan",
    "ProgressReport": f"{GT}Plan",
    "Partner": "http://www.w3.org/ns/org#Organization",
    "CollectiveParty": f"{GT}Partner",
    "SubGroup": "http://www.w3.org/ns/org#OrganizationalCollaboration",
    "Strategy": "http://www.w3.org/ns/prov#Plan",
    "Outcome": str(SKOS.Concept),
    "OutcomeFramework": str(SKOS.ConceptScheme),
    "AudienceGroup": str(SKOS.Concept),
    "Theme": str(SKOS.Concept),
    "ActivityType": str(SKOS.Concept),
    "Engagement": "https://schema.org/Event",
}
PROPERTY_TYPES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


def load(name: str) -> Graph:
    return Graph().parse(resources.folder("ontology") / name)


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return load("goldenthread.ttl")


def terms(graph: Graph) -> list[URIRef]:
    kinds = (OWL.Class, *PROPERTY_TYPES)
    found = {s for kind in kinds for s in graph.subjects(RDF.type, kind) if str(s).startswith(GT)}
    return sorted(URIRef(str(term)) for term in found)


def test_every_term_is_explained(ontology: Graph) -> None:
    for term in terms(ontology):
        for predicate in (RDFS.label, SKOS.definition, SKOS.scopeNote):
            values = list(ontology.objects(term, predicate))
            assert len(values) == 1, (term, predicate)
            assert isinstance(values[0], rdflib.Literal)
            assert values[0].language == "en", (term, predicate)
        assert ontology.value(term, RDFS.isDefinedBy) == URIRef(GT.rstrip("#")), term


def test_the_contract_is_kept(ontology: Graph) -> None:
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    properties = {s for kind in PROPERTY_TYPES for s in ontology.subjects(RDF.type, kind)}
    assert {URIRef(GT + name) for name in CONTRACT["classes"].split()} <= classes
    assert {URIRef(GT + name) for name in CONTRACT["properties"].split()} <= properties
    for name, parent in SUPERCLASSES.items():
        assert URIRef(parent) in set(ontology.objects(URIRef(GT + name), RDFS.subClassOf)), name
    assert URIRef(f"{GT}responsible") in set(ontology.objects(URIRef(f"{GT}lead"), RDFS.subPropertyOf))


def test_every_property_has_a_domain_and_range_or_a_shape(ontology: Graph) -> None:
    shapes = Graph()
    for path in resources.files("shapes", ".ttl"):
        shapes.parse(path)
    shaped = set(shapes.objects())  # as a path, in a list of paths, or as a target
    written = " ".join(str(text) for text in shapes.objects(None, URIRef("http://www.w3.org/ns/shacl#select")))
    for term in terms(ontology):
        if not any((term, RDF.type, kind) in ontology for kind in PROPERTY_TYPES):
            continue
        stated = (term, RDFS.domain, None) in ontology and (term, RDFS.range, None) in ontology
        in_shape = term in shaped or re.search(rf"\bgt:{term.removeprefix(GT)}\b", written) is not None
        assert stated or in_shape, term


@pytest.mark.parametrize("name", ["goldenthread.ttl", "alignments.ttl"])
def test_each_file_has_a_versioned_header_and_imports_nothing(name: str) -> None:
    graph = load(name)
    (header,) = graph.subjects(RDF.type, OWL.Ontology)
    version = str(graph.value(header, OWL.versionInfo))
    assert str(graph.value(header, OWL.versionIRI)).endswith(f"/{version}")
    assert list(graph.objects(header, OWL.imports)) == []


def test_each_property_has_one_owl_type_and_no_term_is_punned(ontology: Graph) -> None:
    """OWL 2 DL, section 5.8.1 of the Structural Specification: one kind of property an IRI, no class among them."""
    classes = set(ontology.subjects(RDF.type, OWL.Class))
    kinds: dict[object, set[object]] = {}
    for kind in PROPERTY_TYPES:
        for subject in ontology.subjects(RDF.type, kind):
            kinds.setdefault(subject, set()).add(kind)
    assert [subject for subject, found in kinds.items() if len(found) > 1] == []
    assert classes.isdisjoint(kinds)


def test_every_predicate_and_class_used_in_the_vocabulary_is_declared(ontology: Graph) -> None:
    builtin = (str(RDF), str(RDFS), str(OWL), "http://www.w3.org/2001/XMLSchema#")
    declared = set(ontology.subjects(RDF.type, None))
    predicates = {p for p in ontology.predicates() if not str(p).startswith(builtin)}
    assert predicates <= declared, predicates - declared
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range):
        named = {
            o for o in ontology.objects(None, relation) if isinstance(o, URIRef) and not str(o).startswith(builtin)
        }
        assert named <= declared, named - declared


def texts() -> Iterable[tuple[str, str]]:
    for family, suffix in (("plans", ".ttl"), ("registers", ".ttl"), ("queries", ".rq")):
        for path in resources.files(family, suffix):
            yield path.name, path.read_text(encoding="utf-8")


def test_every_term_in_use_is_defined(ontology: Graph) -> None:
    known = {term.removeprefix(GT) for term in terms(ontology)}
    for name, text in texts():
        without_strings = re.sub(r'"(?:\\.|[^"\\])*"', "", text)
        used = set(re.findall(r"\bgt:(\w+)", without_strings))
        assert used <= known, (name, used - known)


def test_alignments_speak_of_our_terms_only(ontology: Graph) -> None:
    alignments = load("alignments.ttl")
    known = set(terms(ontology))
    subjects = {s for s in alignments.subjects() if str(s).startswith(GT)}
    assert subjects
    assert subjects <= known
    targets = " ".join(str(o) for o in alignments.objects() if isinstance(o, URIRef))
    for vocabulary in ("p-plan#", "commonapproach.org/cids#", "stratml", "schema.org/"):
        assert vocabulary.lower() in targets.lower(), vocabulary
