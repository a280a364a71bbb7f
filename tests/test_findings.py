"""What all findings share: their form, severities, selection, verdicts, and the commands that print them."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from goldenthread import queries, reviews
from goldenthread.analysis.facts import Facts
from goldenthread.errors import BadSyntax, UnknownName, UnreadableFile
from goldenthread.findings import output
from goldenthread.findings.finding import Finding, Selection, ordered
from goldenthread.findings.gaps import gaps, kind_of_query, of_query, plans_of, sources
from goldenthread.findings.profile import SEVERITIES, Profile
from goldenthread.reviews import Review
from goldenthread.store import Store
from goldenthread.workspace import Workspace
from small import facts_of, iri, iris, store_of

if TYPE_CHECKING:
    from conftest import Run

FIELDS = ["kind", "severity", "title", "subjects", "plans", "score", "reasons", "evidence"]
ONE = Finding(
    "gap.actions-without-lead", "medium", "‘1 Talk’ has no lead", iris("action:p/1"), iris("plan:p"),
    evidence=("https://w3id.org/goldenthread/source/p.txt#line=56,61",),
)  # fmt: skip
TWO = Finding(
    "overlap.overlap", "medium", "They overlap", iris("action:p/1", "action:q/2"), iris("plan:p", "plan:q"), 0.7
)
THREE = Finding("gap.actions-without-party", "high", "Nobody", iris("action:q/2"), iris("plan:q"))


def test_every_finding_of_a_query_has_a_severity_and_every_severity_a_finding() -> None:
    of_queries = {kind_of_query(query.name) for query in queries.library().values() if query.finding}
    assert of_queries <= set(Profile.load())
    assert {Profile.load()[kind] for kind in Profile.load()} <= {*SEVERITIES, "off"}


def test_the_most_serious_come_first() -> None:
    assert ordered([ONE, TWO, THREE]) == [THREE, ONE, TWO]


def test_json_is_that_of_the_contract() -> None:
    (data,) = json.loads(output.as_json([TWO]))
    assert list(data) == FIELDS
    assert data["score"] == 0.7
    assert data["subjects"] == list(TWO.subjects)
    assert json.loads(output.as_json([])) == []
    assert json.loads(output.as_json([ONE]))[0]["score"] is None


def test_csv_has_a_row_for_each_with_places_in_words() -> None:
    (row,) = csv.DictReader(StringIO(output.as_csv([ONE])))
    assert list(row) == FIELDS
    assert row["evidence"] == "p.txt, lines 57–61"
    assert row["subjects"] == "action-p:1"


def test_selection(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        f"<{iri('action:q/2')}> gt:contributesTo outcome:x . outcome:x skos:inScheme framework:f .",
    )
    every = [ONE, TWO, THREE]
    assert Selection().of(every, facts) == every
    assert Selection(plans=iris("plan:q")).of(every, facts) == [TWO, THREE]
    assert Selection(kinds=("actions-without-lead", "overlap.overlap")).of(every, facts) == [ONE, TWO]
    assert Selection(severities=("high",)).of(every, facts) == [THREE]
    assert Selection(frameworks=iris("framework:f")).of(every, facts) == [TWO, THREE]
    assert Selection(plans=iris("plan:p"), severities=("high",)).of(every, facts) == []


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (Selection(kinds=("actions-without-leads",)), "Did you mean ‘gap.actions-without-lead’"),
        (Selection(severities=("grave",)), "Say high, medium or low"),
    ],
)
def test_unknown_choices_offer_the_nearest(tmp_path: Path, selection: Selection, message: str) -> None:
    with pytest.raises(UnknownName, match=message):
        selection.of([], facts_of(tmp_path, ""))


def test_a_profile_changes_what_it_names(tmp_path: Path, shipped: Store) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text("gap.actions-without-lead: off\ngap.actions-without-measure: high\n", encoding="utf-8")
    found = gaps(shipped, Profile.load(path))
    assert {finding.severity for finding in found if finding.kind == "gap.actions-without-measure"} == {"high"}
    assert not any(finding.kind == "gap.actions-without-lead" for finding in found)
    assert Profile.load(path)["gap.actions-without-party"] == Profile.load()["gap.actions-without-party"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gap.actions-without-lead: grave\n", "profile.yaml, line 1: ‘grave’ is not a severity"),
        ("# ours\ngap.actions-without-leads: high\n", "profile.yaml, line 2: there is no kind of finding"),
        ("gap.a: {b: c\n", "profile.yaml, line 2"),
        ("high\n", "profile.yaml, line 1: this is not a list of names and values"),
        (
            "gap.actions-without-lead: low\ngap.actions-without-lead: high\n",
            "line 2: ‘gap.actions-without-lead’ is said twice",
        ),
    ],
)
def test_a_profile_that_does_not_parse_says_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSyntax, match=message):
        Profile.load(path)


def test_an_empty_profile_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "profile.yaml"
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert list(Profile.load(path)) == list(Profile.load())


def test_rows_with_the_same_subjects_are_one_finding(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """action:1 a gt:Action ; gt:partOfPlan plan:p ; rdfs:label "Talk {to} people" ; dct:identifier "1.1" ;
        prov:wasDerivedFrom <https://w3id.org/goldenthread/source/p.txt#line=1,2>,
          <https://w3id.org/goldenthread/source/p.txt#line=10,12>,
          <https://w3id.org/goldenthread/source/p.txt#line=9,10> .""",
    )
    (found,) = of_query(store, Facts(store), queries.named("gaps/actions-without-lead"), "low")
    assert found.title == "‘1.1 Talk {to} people’ has no lead"
    assert (found.subjects, found.plans, found.severity) == (iris("action:1"), iris("plan:p"), "low")
    assert found.places == ("p.txt, line 2", "p.txt, line 10", "p.txt, lines 11–12")


def test_places_and_plans_of_things_without_their_own(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        """framework:f prov:wasDerivedFrom <urn:f> . outcome:o skos:inScheme framework:f .
        plan:p a gt:Plan ; prov:wasDerivedFrom <urn:d> . service:s prov:wasDerivedFrom <urn:d#line=1,2> .""",
    )
    assert sources(facts, iri("outcome:o")) == ("urn:f",)
    assert sources(facts, iri("outcome:unknown")) == ()
    assert plans_of(facts, iris("service:s")) == iris("plan:p")


def test_an_empty_graph_gives_nothing() -> None:
    assert gaps(Store.in_memory([])) == []


def test_a_verdict_is_kept_and_a_later_one_takes_its_place(tmp_path: Path) -> None:
    place = Workspace(tmp_path / "new" / "folder")
    assert reviews.load(place) == []
    reviews.add(place, Review(iris("action:q/2", "action:p/1"), "rejected", "2026-01-02", "Only the words"))
    reviews.add(place, Review(iris("action:p/1", "action:q/3"), "confirmed", "2026-01-03"))
    reviews.add(place, Review(iris("action:p/1", "action:q/2"), "confirmed", "2026-01-04", "After all"))
    assert sorted(reviews.load(place), key=lambda review: review.date) == [
        Review(iris("action:p/1", "action:q/3"), "confirmed", "2026-01-03", ""),
        Review(iris("action:p/1", "action:q/2"), "confirmed", "2026-01-04", "After all"),
    ]
    assert [path.name for path in place.folder.iterdir()] == ["reviews.ttl"]


def test_a_verdict_file_keeps_the_core_rules(tmp_path: Path) -> None:
    from goldenthread.validation import validate_text

    place = Workspace(tmp_path)
    reviews.add(place, Review(iris("action:p/1", "action:q/2"), "rejected", "2026-01-02", '‘Quotes’ "and" lines\n'))
    assert validate_text(place.reviews.read_text(encoding="utf-8")).conforms


@pytest.mark.parametrize(
    "review",
    [
        Review(iris("action:p/1", "action:q/2"), "perhaps", "2026-01-02"),
        Review(iris("action:p/1"), "confirmed", "2026-01-02"),
    ],
)
def test_bad_verdicts_are_refused_and_nothing_is_written(tmp_path: Path, review: Review) -> None:
    with pytest.raises(UnknownName):
        reviews.add(Workspace(tmp_path), review)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_verdict_file_is_left_as_it_was(tmp_path: Path) -> None:
    place = Workspace(tmp_path)
    place.reviews.write_text("this is not turtle", encoding="utf-8")
    with pytest.raises(BadSyntax):
        reviews.add(place, Review(iris("action:p/1", "action:q/2"), "confirmed", "2026-01-02"))
    assert place.reviews.read_text(encoding="utf-8") == "this is not turtle"


def test_a_workspace_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="--workspace"):
        reviews.add(
            Workspace(tmp_path / "file" / "in"), Review(iris("action:a", "action:b"), "confirmed", "2026-01-02")
        )


COMMANDS = {
    "gaps": ("gap.", ()),
    "overlaps": ("overlap.", ("--min-score", "0.5")),
    "dependencies": ("dependency.", ()),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_print_the_findings_of_their_family(run: "Run", command: str) -> None:
    family, options = COMMANDS[command]
    answer = run(command, "--format", "json", *options)
    assert answer.returncode == 0
    found = json.loads(answer.stdout)
    assert found
    for finding in found:
        assert list(finding) == FIELDS
        assert finding["kind"].startswith(family)
        assert finding["severity"] in SEVERITIES
        assert finding["subjects"]
        assert finding["score"] is None or 0 <= finding["score"] <= 1
    text = run(command, *options)
    assert f"{len(found)} findings" in text.stdout
    rows = list(csv.reader(StringIO(run(command, "--format", "csv", *options).stdout)))
    assert len(rows) == 1 + len(found)


def test_filters_of_the_command_line(run: "Run") -> None:
    answer = run("gaps", "--plan", "lanarkshire-2010-q2", "--kind", "actions-without-measure", "--format", "json")
    assert {finding["plans"][0].rpartition("/")[2] for finding in json.loads(answer.stdout)} == {"lanarkshire-2010-q2"}
    assert len(json.loads(answer.stdout)) == 2
    assert json.loads(run("gaps", "--framework", "npf-2018", "--severity", "high", "--format", "json").stdout) == []


def test_limit_and_least_score(run: "Run") -> None:
    scores = [f["score"] for f in json.loads(run("overlaps", "--limit", "7", "--format", "json").stdout)]
    assert len(scores) == 7
    assert scores == sorted(scores, reverse=True)
    assert run("overlaps", "--min-score", "2").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gaps", "--plan", "lanarkshire-2009"), "Did you mean ‘lanarkshire-2008’"),
        (("gaps", "--framework", "npf-2019"), "Did you mean"),
        (("gaps", "--kind", "actions-without-leed"), "Did you mean ‘gap.actions-without-lead’"),
        (("dependencies", "--without", "Scottish Prisons Service"), "Did you mean ‘scottish-prison-service’"),
        (("network", "--plan", "nowhere"), "The graph has no plan ‘nowhere’"),
        (("overlaps", "--weights", "absent.yaml"), "absent.yaml"),
        (("gaps", "--profile", "absent.yaml"), "absent.yaml"),
    ],
)
def test_bad_input_is_named_and_nothing_is_printed(run: "Run", arguments: tuple[str, ...], message: str) -> None:
    answer = run(*arguments)
    assert answer.returncode == 2
    assert message in answer.stderr
    assert answer.stdout == ""


def test_a_verdict_by_command_is_respected(run: "Run", tmp_path: Path) -> None:
    space = ("--workspace", tmp_path / "space")
    first = json.loads(run("overlaps", "--limit", "1", "--kind", "overlap.overlap", "--format", "json").stdout)[0]
    answer = run("review", *first["subjects"], "--verdict", "rejected", "--note", "Not so", *space)
    assert answer.returncode == 0, answer.stderr
    after = json.loads(run("overlaps", "--limit", "1", "--kind", "overlap.overlap", "--format", "json", *space).stdout)[
        0
    ]
    assert after["subjects"] != first["subjects"]
    run("review", *first["subjects"], "--verdict", "confirmed", *space)
    again = json.loads(run("overlaps", "--limit", "1", "--kind", "overlap.overlap", "--format", "json", *space).stdout)[
        0
    ]
    assert again["subjects"] == first["subjects"]
    assert again["reasons"][0].startswith("Confirmed by a reviewer on ")


def test_the_network_command_writes_by_the_ending_of_the_name(run: "Run", tmp_path: Path) -> None:
    for ending, start in (("html", b"<!doctype html>"), ("graphml", b"<?xml"), ("json", b"{")):
        answer = run("network", "--plan", "lanarkshire-2008", "-o", f"net.{ending}")
        assert answer.returncode == 0, answer.stderr
        assert (tmp_path / f"net.{ending}").read_bytes().startswith(start)
    assert len(json.loads(run("network", "--over-time", "--format", "json").stdout)) == 6
    assert "Scottish Prison Service" in run("network", "--one-mode").stdout
