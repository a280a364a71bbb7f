"""The report: the same facts in every form, each gap with its place."""

import json
from typing import TYPE_CHECKING

import pytest

from goldenthread import reports
from goldenthread.store import Store

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture(scope="module")
def report(shipped: Store) -> reports.Report:
    return reports.make(shipped)


def test_counts_agree_with_the_lists(report: reports.Report) -> None:
    total = report.total
    assert total.actions == report.counts["actions"]
    for lack in reports.ACTION_GAPS:
        gap = next(gap for gap in report.gaps if gap.name == f"gaps/actions-without-{lack}")
        assert len(gap.found) == total.actions - total.complete[lack]
        for home, found in gap.by_home().items():
            plan = next(plan for plan in report.plans if plan.slug == home)
            assert len(found) == plan.actions - plan.complete[lack]


def test_every_missing_thing_of_a_plan_has_its_lines(report: reports.Report) -> None:
    for gap in report.gaps:
        for missing in gap.found:
            assert missing.places.startswith(f"{missing.home}.txt, line"), missing


def test_one_plan_alone(shipped: Store) -> None:
    only = reports.make(shipped, ["lanarkshire-2008"])
    assert [plan.slug for plan in only.plans] == ["lanarkshire-2008"]
    assert {missing.home for gap in only.gaps for missing in gap.found} == {"lanarkshire-2008"}
    assert only.total.actions == 46


def test_an_empty_graph_gives_an_empty_report() -> None:
    empty = reports.make(Store.in_memory([]))
    assert empty.plans == ()
    assert all(gap.found == () for gap in empty.gaps)
    assert "0 statements" in reports.render(empty, "text")


def test_every_form_holds_every_gap(report: reports.Report) -> None:
    found = [missing for gap in report.gaps for missing in gap.found]
    data = json.loads(reports.render(report, "json"))
    assert [m["iri"] for gap in data["gaps"] for m in gap["found"]] == [m.iri for m in found]
    text = reports.render(report, "text")
    for missing in found:
        assert missing.places in text


def test_the_terminal_shows_the_first_few_and_says_how_many_more(run: "Run", report: reports.Report) -> None:
    answer = run("report")
    assert answer.returncode == 0
    assert "more (--all lists them)" in answer.stdout
    assert "The graph keeps every core rule." in answer.stdout
    assert len(run("report", "--all").stdout.splitlines()) > len(answer.stdout.splitlines())


def test_text_in_labels_cannot_break_the_terminal(report: reports.Report) -> None:
    from dataclasses import replace

    evil = replace(report.gaps[1].found[0], label="<script>alert(1)</script> | [bold]x")
    tampered = replace(report, gaps=(replace(report.gaps[1], found=(evil,)),))
    assert "[bold]x" in reports.render(tampered, "text")
