"""Validation of files beside the shipped graph: what takes whose place, and what cannot be checked at all."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pyoxigraph as ox
import pytest

from goldenthread import resources
from goldenthread.errors import BadSyntax, UnreadableFile
from goldenthread.namespaces import ID, SH
from goldenthread.validation import Engine, Result, validate_files, validate_text

PLAN = resources.folder("plans") / "lanarkshire-2008.ttl"
PREFIXES = """@prefix gt: <https://w3id.org/goldenthread/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@base <https://w3id.org/goldenthread/> .
"""
PARTNER = PREFIXES + (
    '<id/partner/strathmore-choir> a gt:Partner ; skos:prefLabel "Strathmore Choir"@en ;'
    " gt:partnerKind <id/partner-kind/third-sector> .\n"
)

Put = Callable[[str, str], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a file of a name and a content."""

    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def without(text: str, *beginnings: str) -> str:
    """A canonical text without the blocks that begin with one of these."""
    blocks = text.split("\n\n")
    kept = [block for block in blocks if not block.startswith(beginnings)]
    assert len(kept) < len(blocks)
    return "\n\n".join(kept)


def broken(*paths: Path) -> set[tuple[str, str]]:
    """The rules that are broken, and the short address of what breaks them."""
    return {(result.rule, result.focus.removeprefix(ID)) for result in validate_files(paths).results}


@pytest.mark.parametrize("name", ["lanarkshire-2008.ttl", "draft.ttl"])
def test_a_plan_file_without_its_plan_is_not_covered_by_the_shipped_plan(put: Put, name: str) -> None:
    path = put(name, without(PLAN.read_text(encoding="utf-8"), "plan:"))
    found = broken(path)
    assert ("action-has-one-plan", "action/lanarkshire-2008/2.1.2") in found
    assert ("section-has-one-plan", "section/lanarkshire-2008/2.1") in found


def test_a_plan_file_of_another_name_takes_the_place_of_the_plan_it_states(put: Put) -> None:
    alone = put("draft.ttl", PREFIXES + "<id/plan/lanarkshire-2008> a gt:Plan .\n")
    assert ("continued-is-action", "action/lanarkshire-2010-q2/1a") in broken(alone)


def test_removing_an_action_that_another_plan_continues_is_found_in_that_plan(put: Put) -> None:
    path = put(PLAN.name, without(PLAN.read_text(encoding="utf-8"), "action:2.5.14 "))
    results = [result for result in validate_files([path]).results if result.rule == "continued-is-action"]
    assert {result.value.rpartition("/")[2] for result in results} == {"2.5.14"}
    (result,) = [result for result in results if "/south-lanarkshire-2017/" in result.focus]
    shipped = resources.folder("plans") / "south-lanarkshire-2017.ttl"
    assert result.file == str(shipped)
    assert shipped.read_text(encoding="utf-8").splitlines()[result.line - 1].startswith("action:")


@pytest.mark.parametrize(
    ("statement", "line"),
    [
        ("[] a gt:Action .", 6),
        ("_:b a gt:Action .", 6),
        ('<id/plan/x> gt:note "a [\\" _:", "it\'s" ; # ( [\n  gt:area ( <id/area/x> ) .', 7),
    ],
)
def test_a_nameless_individual_is_refused_with_its_line(put: Put, statement: str, line: int) -> None:
    path = put("plan.ttl", PREFIXES + f"# [ no node ]\n<id/area/a_:b> a gt:Area .\n{statement}\n")
    with pytest.raises(BadSyntax) as caught:
        validate_files([path])
    assert caught.value.problem.startswith(f"{path}, line {line}: something here has no address")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it states nothing"),
        ("# to do\n", "it states nothing"),
        ('<https://example.org/a> <https://example.org/b> "c" .', "none of its 1 statements"),
        ("<id/plan/x> a <https://w3id.org/goldenthread/Plan> .", "none of its 1 statements"),
    ],
)
def test_a_file_to_which_no_rule_applies_is_refused(put: Put, text: str, reason: str) -> None:
    path = put("lanarkshire-2008.ttl", text)
    with pytest.raises(UnreadableFile, match="nothing was checked") as caught:
        validate_files([put("partners.ttl", PARTNER), path])
    assert str(path) in caught.value.problem
    assert reason in caught.value.problem


def test_a_file_that_is_only_named_like_a_register_stands_beside_it(put: Put) -> None:
    assert broken(put("partners.ttl", PARTNER)) == set()


def test_a_changed_copy_of_a_register_takes_its_place_under_any_name(put: Put) -> None:
    register = (resources.folder("registers") / "themes.ttl").read_text(encoding="utf-8")
    path = put("our-themes.ttl", without(register, "theme:information-sharing "))
    assert {rule for rule, _ in broken(path)} >= {"theme-is-listed"}


def test_a_crosswalk_speaks_of_outcomes_without_taking_the_place_of_their_frameworks(put: Put) -> None:
    crosswalk = (resources.folder("registers") / "crosswalk.ttl").read_text(encoding="utf-8")
    assert broken(put("draft.ttl", crosswalk)) == set()


def test_frameworks_do_not_take_the_place_of_the_crosswalk_between_them(put: Put) -> None:
    frameworks = (resources.folder("registers") / "frameworks.ttl").read_text(encoding="utf-8")
    path = put("frameworks.ttl", without(frameworks, "outcome-npf-2018:poverty "))
    assert ("reference-is-described", "outcome/npf-2011/7") in broken(path)


@pytest.mark.parametrize("engine", get_args(Engine))
def test_a_report_in_turtle_tells_texts_from_addresses_and_takes_nameless_individuals(engine: Engine) -> None:
    data = PREFIXES + '[] a gt:Action ; gt:theme "https://example.org/a text" ; gt:concerns <https://example.org/b> .'
    report = validate_text(data, engine=engine)
    triples = list(ox.parse(report.as_turtle(), format=ox.RdfFormat.TURTLE))
    values = {quad.object for quad in triples if quad.predicate.value == f"{SH}value"}
    assert {ox.Literal("https://example.org/a text"), ox.NamedNode("https://example.org/b")} <= values
    focus = {quad.object for quad in triples if quad.predicate.value == f"{SH}focusNode"}
    assert len(focus) == 1
    assert isinstance(focus.pop(), ox.BlankNode)


def test_a_long_value_is_cut_in_the_message() -> None:
    result = Result("rule", "Violation", "Too long.", "Shorten it.", "x:x", value="a" * 5000)
    assert f"(found: {'a' * 200}…)" in str(result)
    assert f"(found: {'a' * 200})" in str(replace(result, value="a" * 200))
