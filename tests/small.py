"""Small graphs for tests of the analyses, written down as Turtle with the prefixes of the data."""

from pathlib import Path

from goldenthread.analysis.facts import Facts
from goldenthread.namespaces import ID, plan_graph
from goldenthread.store import SourceFile, Store

_KINDS = (
    "action activity area audience condition framework group outcome partner plan section service strategy theme"
).split()
_HEAD = "\n".join(
    [
        "@prefix gt: <https://w3id.org/goldenthread/ns#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "@prefix org: <http://www.w3.org/ns/org#> .",
        "@prefix prov: <http://www.w3.org/ns/prov#> .",
        "@prefix dct: <http://purl.org/dc/terms/> .",
        *(f"@prefix {kind}: <{ID}{kind}/> ." for kind in _KINDS),
    ]
)


def store_of(folder: Path, turtle: str) -> Store:
    """A store of one small graph."""
    path = folder / "small.ttl"
    path.write_text(f"{_HEAD}\n{turtle}", encoding="utf-8")
    return Store.in_memory([SourceFile(plan_graph("small"), path)])


def facts_of(folder: Path, turtle: str) -> Facts:
    """The tables of one small graph."""
    return Facts(store_of(folder, turtle))


def iri(short: str) -> str:
    """`partner:a` in full."""
    return ID + short.replace(":", "/", 1)


def iris(*shorts: str) -> tuple[str, ...]:
    """Several in full."""
    return tuple(map(iri, shorts))
