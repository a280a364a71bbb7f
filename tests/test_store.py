"""The store: named graphs, the union default graph, and the copy on disk."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from goldenthread.errors import BadSyntax, UnusableStore
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


def states(folder: Path) -> list[Path]:
    """The sub-folders of a store: one a state of its files, and what builds in progress or crashed have left."""
    return sorted(path for path in folder.iterdir() if path.is_dir())


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


def test_rows_that_cannot_be_evaluated_are_a_query_that_cannot(files: list[SourceFile]) -> None:
    with pytest.raises(BadSyntax, match="the query cannot be evaluated"):
        Store.in_memory(files).rows("SELECT ?s WHERE { SERVICE <http://localhost:1/> { ?s ?p ?o } }")


def test_a_store_whose_files_have_gone_says_so(tmp_path: Path) -> None:
    store = Store.on_disk(tmp_path / "store")
    shutil.rmtree(tmp_path / "store")
    with pytest.raises(UnusableStore, match="no longer there"):
        store.rows("SELECT ?o WHERE { ?s ?p ?o }")


def test_on_disk_is_built_once_and_again_when_a_file_changes(tmp_path: Path, files: list[SourceFile]) -> None:
    folder = tmp_path / "deep" / "store"
    assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", "b"]
    (before,) = states(folder)
    built = (before / "CURRENT").stat().st_ino
    assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", "b"]
    assert (before / "CURRENT").stat().st_ino == built

    files[1].path.write_text('<s> <https://example.org/p> "c" .', encoding="utf-8")
    assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", "c"]
    (after,) = states(folder)
    assert after != before
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
    assert len(states(folder)) == 1


def test_what_a_crashed_build_left_is_removed_but_not_what_another_is_building(
    tmp_path: Path, files: list[SourceFile]
) -> None:
    folder = tmp_path / "store"
    Store.on_disk(folder, files)
    for name, age in (("temporary-crashed", 2 * 3600), ("temporary-building", 0)):
        (folder / name).mkdir()
        os.utime(folder / name, (time.time() - age,) * 2)
    files[1].path.write_text('<s> <https://example.org/p> "c" .', encoding="utf-8")
    Store.on_disk(folder, files)
    assert [path.name for path in states(folder) if path.name.startswith("temporary")] == ["temporary-building"]


def test_a_state_that_is_in_use_is_not_removed(tmp_path: Path, files: list[SourceFile]) -> None:
    folder = tmp_path / "store"
    old = Store.on_disk(folder, files)
    (state,) = states(folder)
    for letter in "cd":
        files[1].path.write_text(f'<s> <https://example.org/p> "{letter}" .', encoding="utf-8")
        assert values(Store.on_disk(folder, files), EVERYTHING) == ["a", letter]
        assert state in states(folder)
        assert len(states(folder)) == 2
    assert values(old, EVERYTHING) == ["a", "b"]
    del old
    files[1].path.write_text('<s> <https://example.org/p> "e" .', encoding="utf-8")
    Store.on_disk(folder, files)
    assert len(states(folder)) == 1


BUILD = """
import sys
from pathlib import Path
from goldenthread.store import SourceFile, Store
folder, *paths = map(Path, sys.argv[1:])
print("ready", flush=True)
sys.stdin.readline()
print(len(Store.on_disk(folder, [SourceFile(f"https://example.org/{path.stem}", path) for path in paths])))
"""


def test_several_processes_may_build_one_store_at_once(tmp_path: Path, files: list[SourceFile]) -> None:
    folder = tmp_path / "deep" / "store"
    for name, count in (("a", 3000), ("b", 2000)):
        lines = (f'<s-{number}> <https://example.org/p> "{name}" .\n' for number in range(count))
        (tmp_path / f"{name}.ttl").write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-c", BUILD, str(folder), *(str(file.path) for file in files)]
    builders = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for builder in builders:
        assert builder.stdout
        assert builder.stdout.readline() == "ready\n"
    for builder in builders:
        assert builder.stdin
        builder.stdin.write("go\n")
        builder.stdin.flush()
    assert [builder.communicate(timeout=60) for builder in builders] == [("5000\n", "")] * 6
    assert len(states(folder)) == 1


def test_a_folder_that_is_not_a_store_is_left_alone(tmp_path: Path, files: list[SourceFile]) -> None:
    with pytest.raises(UnusableStore, match="not a store"):
        Store.on_disk(tmp_path, files)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.ttl", "b.ttl"]


def test_two_processes_may_read_one_store(tmp_path: Path, files: list[SourceFile]) -> None:
    first = Store.on_disk(tmp_path / "store", files)
    second = Store.on_disk(tmp_path / "store", files)
    assert len(first) == len(second) == 2


def test_every_shipped_file_has_a_graph_of_its_own(shipped: Store) -> None:
    assert shipped.graphs() == sorted(file.graph for file in shipped_files())
    assert len({file.graph for file in shipped_files()}) == len(shipped_files())
