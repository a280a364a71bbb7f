"""Canonical Turtle: the same triples, the same text; errors that say where."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from goldenthread import resources
from goldenthread.errors import BadSyntax, UnreadableFile
from goldenthread.turtle import natural, parse, read, subject_lines, write

PREFIXES = """@prefix gt: <https://w3id.org/goldenthread/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix a: <https://w3id.org/goldenthread/id/action/strathmore-2030/> .
"""


def test_order_is_that_of_a_reader() -> None:
    text = PREFIXES + (
        'a:1.10 rdfs:label "Tenth"@en ; a gt:Action .\n'
        "a:1.2 prov:wasDerivedFrom <https://w3id.org/goldenthread/source/s.txt#line=1,2> ; a gt:Action ;"
        " gt:theme <https://w3id.org/goldenthread/id/theme/b>, <https://w3id.org/goldenthread/id/theme/a> ; "
        'rdfs:label "Second \\"quoted\\"\\nline"@en ; gt:headCount 3 .'
    )
    assert write(parse(text, "text"), scope="strathmore-2030") == (
        "@base <https://w3id.org/goldenthread/> .\n"
        "@prefix action: <https://w3id.org/goldenthread/id/action/strathmore-2030/> .\n"
        "@prefix gt: <https://w3id.org/goldenthread/ns#> .\n"
        "@prefix prov: <http://www.w3.org/ns/prov#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        "@prefix theme: <https://w3id.org/goldenthread/id/theme/> .\n"
        "\n"
        "action:1.2 a gt:Action ;\n"
        '    rdfs:label "Second \\"quoted\\"\\nline"@en ;\n'
        "    gt:theme\n"
        "        theme:a,\n"
        "        theme:b ;\n"
        "    gt:headCount 3 ;\n"
        "    prov:wasDerivedFrom <source/s.txt#line=1,2> .\n"
        "\n"
        "action:1.10 a gt:Action ;\n"
        '    rdfs:label "Tenth"@en .\n'
    )


def test_digits_of_other_scripts_are_words() -> None:
    """A Turtle number has ASCII digits only; ‘²’ is a digit to Python, but no number."""
    text = PREFIXES + 'a:² gt:headCount "٣"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    text = text.replace("a:²", "<https://w3id.org/goldenthread/id/action/strathmore-2030/²>")
    written = write(parse(text, "text"))
    assert '"٣"^^xsd:integer' in written
    assert parse(written, "again") == parse(text, "text")
    assert natural("²") == [(1, 0, "²")]


def test_another_plans_action_keeps_its_plan_in_the_prefix() -> None:
    text = PREFIXES + "a:1 gt:continues <https://w3id.org/goldenthread/id/action/strathmore-2020/7> ."
    written = write(parse(text, "text"), scope="strathmore-2030")
    assert "action:1 gt:continues action-strathmore-2020:7 ." in written


def test_blank_nodes_are_refused() -> None:
    with pytest.raises(ValueError, match="only IRIs"):
        write(parse(PREFIXES + "a:1 gt:theme [] .", "text"))


@pytest.mark.parametrize("family", ["plans", "registers"])
def test_shipped_files_are_canonical(family: str) -> None:
    for path in resources.files(family, ".ttl"):
        assert write(read(path), scope=path.stem) == path.read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("family", ["plans", "registers"])
def test_writing_loses_nothing(family: str) -> None:
    for path in resources.files(family, ".ttl"):
        triples = read(path)
        assert ox.Dataset(_quads(parse(write(triples), "again"))) == ox.Dataset(_quads(triples)), path.name


def _quads(triples: list[ox.Triple]) -> list[ox.Quad]:
    return [ox.Quad(t.subject, t.predicate, t.object) for t in triples]


def test_a_syntax_error_names_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "plan.ttl"
    path.write_text(PREFIXES + "a:1 a gt:Action\na:2 a gt:Action .\n", encoding="utf-8")
    with pytest.raises(BadSyntax) as caught:
        read(path)
    assert caught.value.problem.startswith(f"{path}, line 6, column 1: this is not Turtle")


def test_an_unreadable_file_says_why(tmp_path: Path) -> None:
    latin = tmp_path / "latin.ttl"
    latin.write_bytes("# Straße".encode("latin-1"))
    for path, reason in ((latin, "not UTF-8"), (tmp_path / "none.ttl", "no file"), (tmp_path, "a folder")):
        with pytest.raises(UnreadableFile, match=reason):
            read(path)


def test_subject_lines_finds_blocks_in_other_layouts() -> None:
    text = PREFIXES + "a:1 a gt:Action .\n<https://example.org/x>\n  a gt:Action .\n<id/plan/p> a gt:Plan .\n"
    assert subject_lines(text) == {
        "https://w3id.org/goldenthread/id/action/strathmore-2030/1": 5,
        "https://example.org/x": 6,
        "https://w3id.org/goldenthread/id/plan/p": 8,
    }
