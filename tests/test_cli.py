"""The command line as its users call it: answers, exit statuses, and errors without tracebacks."""

import csv
import io
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

from goldenthread import resources

if TYPE_CHECKING:
    from conftest import Run

ACTIONS = "SELECT (COUNT(?a) AS ?n) WHERE { ?a a <https://w3id.org/goldenthread/ns#Action> }"


@pytest.fixture
def count_file(tmp_path: Path) -> Path:
    path = tmp_path / "count.rq"
    path.write_text(ACTIONS, encoding="utf-8")
    return path


def test_query_file_in_every_format(run: "Run", count_file: Path) -> None:
    answers = {f: run("query", count_file, "--format", f) for f in ("json", "csv", "tsv", "xml", "table")}
    assert {a.returncode for a in answers.values()} == {0}
    number = json.loads(answers["json"].stdout)["results"]["bindings"][0]["n"]["value"]
    assert int(number) > 300
    assert list(csv.DictReader(io.StringIO(answers["csv"].stdout))) == [{"n": number}]
    assert answers["tsv"].stdout.splitlines() == ["?n", number]
    assert [e.text for e in ET.fromstring(answers["xml"].stdout).iter() if e.tag.endswith("literal")] == [number]
    assert number in answers["table"].stdout
    assert "1 row" in answers["table"].stdout


def test_construct_gives_turtle(run: "Run", tmp_path: Path) -> None:
    path = tmp_path / "plans.rq"
    path.write_text(
        "PREFIX gt: <https://w3id.org/goldenthread/ns#> CONSTRUCT { ?p a gt:Plan } WHERE { ?p a gt:Plan }",
        encoding="utf-8",
    )
    answer = run("query", path, "--format", "turtle")
    assert len(list(ox.parse(answer.stdout, format=ox.RdfFormat.TURTLE))) == 5


def test_query_from_standard_input(run: "Run") -> None:
    assert run("query", "-", "--format", "csv", input="ASK { ?s ?p ?o }").stdout.strip() == "true"


def test_named_query_takes_names_people_use(run: "Run") -> None:
    by_slug = run("query", "actions-by-partner", "-p", "party=scottish-prison-service", "--format", "csv")
    by_form = run("query", "register/actions-by-partner", "-p", "party=sps", "--format", "csv")
    by_iri = run(
        "query",
        "actions-by-partner",
        "-p",
        "party=https://w3id.org/goldenthread/id/partner/scottish-prison-service",
        "--format",
        "csv",
    )
    assert by_slug.stdout == by_form.stdout == by_iri.stdout
    assert len(by_slug.stdout.splitlines()) > 10


def test_store_on_disk_answers_the_same(run: "Run", count_file: Path) -> None:
    built = run("build", "kept/store")
    assert "named graphs" in built.stdout
    kept = run("query", count_file, "--format", "csv", "--store", "kept/store")
    assert kept.stdout == run("query", count_file, "--format", "csv").stdout


def test_queries_lists_and_explains(run: "Run") -> None:
    assert "register/actions-by-partner" in run("queries").stdout
    explained = run("queries", "actions-by-partner").stdout
    assert "Parameters:" in explained
    assert "Columns:" in explained


def test_version_is_that_of_the_package(run: "Run") -> None:
    assert run("--version").stdout == f"goldenthread {version('goldenthread')}\n"
    assert "The knowledge graph of partnership plans" in run("--help").stdout


NOWHERE = "{ SERVICE <http://localhost:1/> { ?s ?p ?o } }"
BAD_INPUT = {
    "missing query file": (["query", "none.rq"], 2, "There is no file none.rq"),
    "unknown query": (["query", "actions-by-partnr"], 2, "Did you mean ‘register/actions-by-partner’"),
    "unknown parameter": (["query", "actions-by-partner", "-p", "partner=sps"], 2, "has no parameter ‘partner’"),
    "parameter far from any": (["query", "actions-by-partner", "-p", "zzz=1"], 2, "It has ‘party’ and ‘plan’."),
    "parameter of a query without any": (["query", "plans", "-p", "zzz=1"], 2, "It takes no parameters."),
    "parameter given twice": (["query", "actions-by-partner", "-p", "party=sps", "-p", "party=x"], 2, "given twice"),
    "number in other digits": (["query", "typed.rq", "-p", "n=٣"], 2, "‘٣’ is not a number"),
    "date in other digits": (["query", "typed.rq", "-p", "d=٢٠١٧-04-01"], 2, "is not a date"),
    "unknown kind of parameter": (["query", "kind.rq"], 2, "kind.rq gives the parameter ‘who’ the kind ‘parner’"),
    "query far from any": (["query", "zzz"], 2, "named ‘zzz’.\n‘goldenthread queries’ lists them all."),
    "query near to one": (["query", "plan"], 2, "‘goldenthread queries’ lists them all."),
    "plan far from any": (["report", "--plan", "zzz"], 2, "‘north-strathclyde-2007’ and ‘south-lanarkshire-2017’."),
    "partner far from any": (["query", "actions-by-partner", "-p", "party=zzz"], 2, "No name is near to it."),
    "parameter without value": (["query", "actions-by-partner", "-p", "sps"], 2, "NAME=VALUE"),
    "unknown partner": (["query", "actions-by-partner", "-p", "party=Scotish Prison Servce"], 2, "scottish-prison-ser"),
    "unknown plan": (["report", "--plan", "lanarkshire-2009"], 2, "‘lanarkshire-2008’"),
    "bad SPARQL": (["query", "bad.rq"], 2, "bad.rq is not SPARQL"),
    "unknown service": (["query", "service.rq"], 2, "the query cannot be evaluated"),
    "unknown service, as CSV": (["query", "service.rq", "--format", "csv"], 2, "the query cannot be evaluated"),
    "unknown service in a graph": (["query", "linked.rq"], 2, "the query cannot be evaluated"),
    "unknown function": (["query", "function.rq"], 2, "function.rq cannot be evaluated"),
    "too long a name": (["query", "a" * 300], 2, "There is no query named"),
    "bad header": (["query", "header.rq"], 2, "The header of header.rq"),
    "table as turtle": (["query", "plans", "--format", "turtle"], 2, "gives rows"),
    "graph as csv": (["query", "graph.rq", "--format", "csv"], 2, "gives a graph"),
    "missing plan file": (["validate", "none.ttl"], 2, "There is no file none.ttl"),
    "folder for a file": (["validate", "."], 2, "is a folder"),
    "bad Turtle": (["validate", "bad.ttl"], 2, "bad.ttl, line 2, column"),
    "not UTF-8": (["validate", "latin.ttl"], 2, "not UTF-8"),
    "not a store": (["build", "."], 2, "not a store"),
    "a file for a store": (["build", "bad.rq"], 2, "not a store"),
    "a store inside a file": (["build", "bad.rq/store"], 2, "cannot be built"),
    "nothing to check": (["validate", "nothing.ttl"], 2, "nothing.ttl: nothing was checked, because it states nothing"),
    "blank node": (["format", "blank.ttl"], 2, "blank.ttl, line 1: something here has no address"),
    "blank node in a plan": (["validate", "blank.ttl"], 2, "blank.ttl, line 1: something here has no address"),
    "comment": (["format", "untidy.ttl", "comment.ttl"], 2, "comment.ttl, line 2: the canonical form has no place for"),
    "comment, only checked": (["format", "--check", "comment.ttl"], 1, "Not in canonical form: comment.ttl"),
    "not canonical": (["format", "--check", "untidy.ttl"], 1, "Not in canonical form: untidy.ttl"),
    "unwritable output": (["report", "--format", "json", "-o", "none/report.json"], 2, "cannot be written"),
    "unknown format": (["query", "plans", "--format", "pdf"], 2, "pdf"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_gets_one_clear_message(run: "Run", tmp_path: Path, case: str) -> None:
    (tmp_path / "bad.rq").write_text("SELECT ?s WHERE { ?s ?p }", encoding="utf-8")
    (tmp_path / "graph.rq").write_text("CONSTRUCT WHERE { ?s ?p ?o }", encoding="utf-8")
    (tmp_path / "service.rq").write_text(f"SELECT ?s WHERE {NOWHERE}", encoding="utf-8")
    (tmp_path / "linked.rq").write_text(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {NOWHERE}", encoding="utf-8")
    (tmp_path / "function.rq").write_text("SELECT (<https://example.org/f>(1) AS ?n) {}", encoding="utf-8")
    (tmp_path / "kind.rq").write_text("#+ parameters:\n#+   who: {kind: parner, description: who}\nASK {}")
    (tmp_path / "typed.rq").write_text(
        "#+ parameters:\n#+   n: {kind: number, description: n}\n#+   d: {kind: date, description: d}\nASK {}"
    )
    (tmp_path / "header.rq").write_text("#+ parameters: [1, 2\nASK {}", encoding="utf-8")
    (tmp_path / "bad.ttl").write_text("<a> <b> <c> .\n<a> <b> .", encoding="utf-8")
    (tmp_path / "latin.ttl").write_bytes("# Straße".encode("latin-1"))
    (tmp_path / "nothing.ttl").write_text("# to do", encoding="utf-8")
    (tmp_path / "blank.ttl").write_text("<a> <b> [] .", encoding="utf-8")
    (tmp_path / "comment.ttl").write_text("<a> <b#> '# c' .\n<a> <b> <c> . # why", encoding="utf-8")
    (tmp_path / "untidy.ttl").write_text("<a>   <b>   <c> .", encoding="utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    arguments, status, message = BAD_INPUT[case]
    answer = run(*arguments)
    assert answer.returncode == status
    assert message in answer.stderr
    assert "Traceback" not in answer.stderr
    assert answer.stdout == ""
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_validate_passes_the_shipped_graph(run: "Run") -> None:
    answer = run("validate", "--format", "json")
    assert answer.returncode == 0
    assert json.loads(answer.stdout)["conforms"] is True


def test_validate_says_file_line_rule_and_remedy(run: "Run", tmp_path: Path) -> None:
    shipped = (resources.folder("plans") / "lanarkshire-2008.ttl").read_text(encoding="utf-8")
    broken = tmp_path / "lanarkshire-2008.ttl"
    block = shipped.index("action:2.1.2 a gt:Action")
    label = shipped.index("    rdfs:label", block)
    broken.write_text(shipped[:label] + shipped[shipped.index("\n", label) + 1 :], encoding="utf-8")
    line = shipped[:block].count("\n") + 1

    text = run("validate", broken)
    assert text.returncode == 1
    assert f"lanarkshire-2008.ttl, line {line}: action-lanarkshire-2008:2.1.2: " in text.stdout
    found = json.loads(run("validate", broken, "--format", "json").stdout)
    assert [(r["focus"].rpartition("/")[2], r["line"]) for r in found["results"]] == [("2.1.2", line)]
    assert all(r["message"] and r["remedy"] and r["rule"] for r in found["results"])
    turtle = run("validate", broken, "--format", "turtle")
    assert turtle.returncode == 1
    assert "ValidationReport" in turtle.stdout


def test_format_tidies_a_file(run: "Run", tmp_path: Path) -> None:
    path = tmp_path / "strathmore-2030.ttl"
    path.write_text("<id/plan/strathmore-2030> <https://w3id.org/goldenthread/ns#owner> <id/partner/x> .")
    assert run("format", path).returncode == 0
    assert "plan:strathmore-2030 gt:owner partner:x ." in path.read_text(encoding="utf-8")
    assert run("format", "--check", path).returncode == 0


def through_shell(command: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of shell in which `goldenthread` is this one."""
    line = command.replace("goldenthread", f"{shlex.quote(sys.executable)} -m goldenthread")
    environment = os.environ | variables
    return subprocess.run(
        line, shell=True, capture_output=True, text=True, check=False, env=environment, errors="replace", timeout=60
    )


def test_format_keeps_the_mode_of_a_file_and_a_link_to_it(run: "Run", tmp_path: Path) -> None:
    path, link = tmp_path / "strathmore-2030.ttl", tmp_path / "link.ttl"
    path.write_text("<id/plan/strathmore-2030>   <https://w3id.org/goldenthread/ns#owner> <id/partner/x> .")
    path.chmod(0o640)
    link.symlink_to(path)
    assert run("format", link).returncode == 0
    assert link.is_symlink()
    assert "plan:strathmore-2030 gt:owner partner:x ." in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_table_says_places_in_words(run: "Run") -> None:
    """A place may be an address, or stand with others in one text."""
    source = "https://w3id.org/goldenthread/source/a.txt"
    rows = f"(<{source}#line=0,2> '{source}#line=4,5 {source}#line=6,9' 'see {source}')"
    table = run("query", "-", input=f"SELECT * {{ VALUES (?one ?several ?text) {{ {rows} }} }}").stdout
    assert "│ a.txt, lines 1–2 │ a.txt, line 5; a.txt, lines 7–9 │ see https" in table


def test_a_pipe_may_be_closed_early() -> None:
    first = through_shell("goldenthread query names --format csv | head -n 1")
    assert (first.stdout.strip(), first.stderr) == ("individual,name", "")


@pytest.mark.parametrize("command", ["query plans", "queries", "report", "validate --format json", "--help"])
def test_a_pipe_that_nobody_reads_is_no_error(command: str) -> None:
    assert through_shell(f"goldenthread {command} | true").stderr == ""


@pytest.mark.parametrize("command", ["query plans", "queries", "report", "report --format json", "validate"])
def test_a_full_disk_gets_a_message(command: str) -> None:
    answer = through_shell(f"goldenthread {command} > /dev/full")
    assert answer.returncode == 2
    assert answer.stderr == "goldenthread: The output cannot be written: No space left on device.\n"


def test_output_in_an_encoding_that_lacks_a_character_gets_a_message() -> None:
    answer = through_shell("goldenthread report", PYTHONIOENCODING="ascii")
    assert answer.returncode == 2
    assert "goldenthread: The output cannot be written as ascii: it has no '\\u" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_standard_input_that_is_not_utf_8_gets_a_message() -> None:
    answer = through_shell(r"printf 'ASK {} # \377' | goldenthread query -")
    assert answer.returncode == 2
    assert answer.stderr.startswith("goldenthread: Standard input is not UTF-8 text (byte 9).")
    assert "Traceback" not in answer.stderr


def test_standard_input_may_begin_with_a_byte_order_mark() -> None:
    assert through_shell(r"printf '\357\273\277ASK {}' | goldenthread query -").stdout == "yes\n"


def test_ctrl_c_ends_a_long_query_at_once(tmp_path: Path) -> None:
    path = tmp_path / "long.rq"
    path.write_text("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", encoding="utf-8")
    # Whoever runs the tests in the background has Ctrl-C ignored, and programs inherit that.
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    code += "from goldenthread import cli, store; real = store.Store.query\n"
    code += "store.Store.query = lambda *all: print('begun', flush=True) or real(*all)\n"
    code += "cli.main()"
    command = [sys.executable, "-c", code, "query", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.5)  # by now the engine is counting
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=20)[1] == ""
    assert process.returncode == -signal.SIGINT
