"""IRIs of the project: the namespaces of the contract, and how they are shortened.

Everything below `BASE` is minted here; other vocabularies are only named.
"""

import re

BASE = "https://w3id.org/goldenthread/"
GT = f"{BASE}ns#"
ID = f"{BASE}id/"
GRAPH = f"{BASE}graph/"
SOURCE = f"{BASE}source/"
SHAPES = f"{BASE}shapes#"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
PROV = "http://www.w3.org/ns/prov#"
ORG = "http://www.w3.org/ns/org#"
SH = "http://www.w3.org/ns/shacl#"

VOCABULARIES: dict[str, str] = {
    "gt": GT,
    "rdf": RDF,
    "rdfs": RDFS,
    "xsd": XSD,
    "skos": SKOS,
    "dct": DCT,
    "prov": PROV,
    "org": ORG,
    "schema": "https://schema.org/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "sh": SH,
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
}

LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
"""Local names that Turtle and SPARQL take without escapes (a safe part of PN_LOCAL)."""


def plan_graph(slug: str) -> str:
    """The named graph of the plan file `slug`.ttl."""
    return f"{GRAPH}plan/{slug}"


def register_graph(slug: str) -> str:
    """The named graph of the register file `slug`.ttl."""
    return f"{GRAPH}register/{slug}"


def kind_of(iri: str) -> str:
    """The kind of an individual as it stands in its IRI: `partner`, `action` …; empty for any other IRI."""
    return iri[len(ID) :].partition("/")[0] if iri.startswith(ID) else ""


def slug_of(iri: str) -> str:
    """What follows the kind in the IRI of an individual: `sacro`, `lanarkshire-2008/2.1.1`."""
    return iri.removeprefix(ID).partition("/")[2]


def split(iri: str, own_scope: str = "") -> tuple[str, str, str] | None:
    """Split an IRI into prefix, namespace and local name; None where no prefixed name can be written.

    `id/partner/sacro` gives `partner:sacro`. IRIs with a scope, such as `id/action/lanarkshire-2008/2.1.1`,
    give `action-lanarkshire-2008:2.1.1`, or `action:2.1.1` where the scope is `own_scope` (the plan whose
    file is being written).
    """
    if iri.startswith(ID):
        kind, _, rest = iri[len(ID) :].partition("/")
        scope, slash, local = rest.rpartition("/")
        prefix = f"{kind}-{scope}" if slash and scope != own_scope else kind
        namespace = iri[: len(iri) - len(local)]
        if "/" in scope:
            return None
    else:
        namespace = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
        local = iri[len(namespace) :]
        prefix = next((name for name, known in VOCABULARIES.items() if known == namespace), "")
    if not prefix or not LOCAL_NAME.fullmatch(local):
        return None
    return prefix, namespace, local


def short(iri: str) -> str:
    """The IRI as people read it: `partner:sacro`, `action-lanarkshire-2008:2.1.1`, or the part after BASE."""
    parts = split(iri)
    if parts:
        return f"{parts[0]}:{parts[2]}"
    return iri.removeprefix(BASE)


def long_form(text: str, kind: str) -> str:
    """The IRI of an individual of a kind from its short form; the opposite of `short`.

    `sacro` and `partner:sacro` are partners, `lanarkshire-2008/2.1.1` and `action-lanarkshire-2008:2.1.1` actions.
    """
    prefix, colon, local = text.partition(":")
    if not colon:
        return f"{ID}{kind}/{text}"
    scope = prefix.removeprefix(kind).removeprefix("-")
    return f"{ID}{kind}/{scope}/{local}" if scope else f"{ID}{kind}/{local}"


_FRAGMENT = re.compile(re.escape(SOURCE) + r"(?P<file>[^#]+)(?:#line=(?P<start>\d+),(?P<end>\d+))?")


def place(fragment: str) -> str:
    """A source fragment in words: `lanarkshire-2008.txt, lines 57–61`.

    RFC 5147 counts positions between lines, so `#line=56,61` is lines 57 to 61 counted from 1.
    """
    found = _FRAGMENT.fullmatch(fragment)
    if not found:
        return fragment
    if found["start"] is None:
        return found["file"]
    first, last = int(found["start"]) + 1, int(found["end"])
    return f"{found['file']}, line {first}" if first >= last else f"{found['file']}, lines {first}–{last}"
