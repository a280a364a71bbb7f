"""The store: named graphs, the union default graph, and the copy on disk."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from goldenthread.errors import BadSyntax, StoreInUse
from goldenthread.store import SourceFile, Store, shipped_files

A, B = "https://w3id.org/goldenthread/graph/plan/a", "https://w3id.org/goldenthread/graph/plan/b"
EVERYTHING = "SELECT ?o WHERE { ?s ?p ?o } ORDER BY ?o"


@pytest.fixture
def files(tmp_path: Path) -> list[SourceFile]:
    for name in "ab":
        (tmp_path / f"{name}.ttl").write_text(f'<s-{name}> <https://example.org/p> "{name}" .', encoding="utf-8")
    return [SourceFile(A, tmp_path / "a.ttl"), SourceFile(B, tmp_path / "b.ttl")]


def values(store: Store, text: str) -> list[str]:
    return [row["o"] for row in store.rows(text)]


def test_default_graph_is_the_union_and_from_still_means_from(files: list[SourceFile]) -> None:
    store = Store.in_memory(files)
    assert store.graphs() == [A, B]
    assert values(store, EVERYTHING) == ["a", "b"]
    assert values(store, f"SELECT ?o FROM <{B}> WHERE {{ ?s ?p ?o }}") == ["b"]
    assert values(store, f"SELECT ?o WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}") == ["a"]
    harmless = "SELECT ?o WHERE { ?from ?p ?o . FILTER(?o != 'FROM') } # FROM <x>\n ORDER BY ?o"
    assert values(store, harmless) == ["a", "b"]


def test_bindings_are_terms(files: list[SourceFile]) -> None:
    answer = Store.in_memory(files).query("SELECT ?s ?o WHERE { ?s ?p ?o }", {"o": ox.Literal("b")})
    assert isinstance(answer, ox.QuerySolutions)
    assert [row["s"].value for row in answer] == ["https://w3id.org/goldenthread/s-b"]


def test_a_query_that_does_not_parse_says_where(files: list[SourceFile]) -> None:
    with pytest.raises(BadSyntax, match="my question is not SPARQL"):
        Store.in_memory(files).query("SELECT ?o WHERE { ?s ?p }", name="my question")


def test_on_disk_is_built_once_and_again_when_a_file_changes(tmp_path: Path, files: list[SourceFile]) -> None:
    folder = tmp_path / "deep" / "store"
    assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", "b"]
    before = (folder / "data" / "CURRENT").stat().st_ino
    assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", "b"]
    assert (folder / "data" / "CURRENT").stat().st_ino == before

    files[1].path.write_text('<s> <https://example.org/p> "c" .', encoding="utf-8")
    assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", "c"]
    assert [path.name for path in folder.parent.iterdir()] == ["store"]


def test_a_file_that_does_not_parse_leaves_the_old_store(tmp_path: Path, files: list[SourceFile]) -> None:
    folder = tmp_path / "deep" / "store"
    Store.on_disk(folder, files)
    good = files[1].path.read_text(encoding="utf-8")
    files[1].path.write_text("this is not Turtle", encoding="utf-8")
    with pytest.raises(BadSyntax):
        Store.on_disk(folder, files)
    files[1].path.write_text(good, encoding="utf-8")
    assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", "b"]
    assert [path.name for path in folder.parent.iterdir()] == ["store"]


def test_a_folder_that_is_not_a_store_is_left_alone(tmp_path: Path, files: list[SourceFile]) -> None:
    with pytest.raises(StoreInUse, match="not a store"):
        Store.on_disk(tmp_path, files)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ttl", "b.ttl"]


def test_two_processes_may_read_one_store(tmp_path: Path, files: list[SourceFile]) -> None:
    first = Store.on_disk(tmp_path / "store", files)
    second = Store.on_disk(tmp_path / "store", files)
    assert len(first) == len(second) == 2


def test_every_shipped_file_has_a_graph_of_its_own(shipped: Store) -> None:
    assert shipped.graphs() == sorted(file.graph for file in shipped_files())
    assert len({file.graph for file in shipped_files()}) == len(shipped_files())
