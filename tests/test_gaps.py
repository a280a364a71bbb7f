"""Gaps: every kind has its words and its severity, and is found in the five plans as often as readers find it."""

import re

import pytest

from goldenthread import queries
from goldenthread.analysis.facts import Facts
from goldenthread.findings.finding import Finding
from goldenthread.findings.gaps import gaps, kind_of_query
from goldenthread.findings.profile import SEVERITIES, Profile
from goldenthread.namespaces import short
from goldenthread.store import Store

QUERIES = [query for query in queries.library().values() if query.name.startswith("gaps/")]

SHIPPED = {
    "actions-not-continued": (41, "action-lanarkshire-2008:2.1.4"),
    "actions-of-collectives-without-lead": (46, "action-lanarkshire-2008:2.2.1"),
    "actions-with-several-statuses": (1, "action-north-strathclyde-2007:2b"),
    "actions-without-end-date": (37, "action-lanarkshire-2008:2.1.1"),
    "actions-without-lead": (361, "action-south-lanarkshire-2017:L345a"),
    "actions-without-measure": (284, "action-lanarkshire-2010-q2:3"),
    "actions-without-national-outcome": (89, "action-lanarkshire-2008:2.1.2"),
    "actions-without-outcome": (165, "action-lothian-borders-2011:L286"),
    "actions-without-party": (181, "action-north-strathclyde-2007:5b"),
    "actions-without-status": (3, "action-lanarkshire-2010-q2:1b"),
    "actions-without-timescale": (184, "action-north-strathclyde-2007:1a"),
    "audiences-without-actions": (10, "audience:veterans"),
    "indicators-without-actions": (3, "outcome-npf-2007-indicators:reconviction"),
    "members-without-responsibility": (3, "partner:citizens-advice-bureau"),
    "named-partners-without-responsibility": (39, "partner:parole-board-for-scotland"),
    "national-outcomes-unserved": (33, "outcome-nscj-2016:equal-access"),
    "outcomes-without-actions": (13, "outcome-cjopif-2016:life-chances"),
    "outcomes-without-date": (39, "outcome-lanarkshire-2010-q2:staff-learning-and-development"),
    "outcomes-without-lead": (107, "outcome-lothian-borders-2011:KP3"),
    "outcomes-without-measure": (74, "outcome-lothian-borders-2011:KP5"),
    "outcomes-without-status": (93, "outcome-lanarkshire-2008:care-of-victims"),
    "outcomes-without-title": (22, "outcome-nsmo-2006:O9"),
    "outcomes-worded-twice": (2, "outcome-npf-2007:8"),
    "participants-without-responsibility": (29, "partner:streetwork"),
    "planned-groups-without-chair": (10, "group:south-lanarkshire-employability-sub-group"),
    "planned-groups-without-members": (9, "group:lanarkshire-early-intervention-implementation-group"),
    "planned-groups-without-parent": (5, "group:lanarkshire-independent-sector-forum"),
    "priorities-without-actions": (0, ""),
    "services-with-several-age-ranges": (1, "service:opportunities-for-change"),
    "strategies-without-actions": (55, "strategy:social-work-scotland-act-1968"),
    "themes-without-actions": (16, "theme:weapons"),
    "timescales-before-plan-start": (3, "action-south-lanarkshire-2017:L952"),
    "timescales-past-plan-end": (2, "action-north-strathclyde-2007:1c"),
}
"""Kind → how often it is found in the shipped plans, and one subject that was checked by reading its document."""


@pytest.fixture(scope="module")
def found(shipped: Store) -> list[Finding]:
    return gaps(shipped)


def of_kind(found: list[Finding], name: str) -> list[Finding]:
    return [finding for finding in found if finding.kind == f"gap.{name}"]


def about(found: list[Finding], name: str, subject: str) -> Finding:
    return next(finding for finding in of_kind(found, name) if subject in map(short, finding.subjects))


def test_every_query_is_a_kind_and_every_kind_a_query() -> None:
    assert {kind_of_query(query.name) for query in QUERIES if query.finding} == set(Profile.load().kinds("gap"))
    assert {query.name.partition("/")[2] for query in QUERIES} == set(SHIPPED)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_words_name_columns(query: queries.Query) -> None:
    assert query.finding is not None
    texts = (query.finding.title, *query.finding.reasons)
    named = {name for text in texts for name in re.findall(r"{(\w+)}", text)}
    assert named | set(query.finding.subjects) | set(query.finding.plans) <= set(query.columns)
    assert not any(text.endswith(".") for text in texts)
    assert "evidence" in query.columns or query.name == "gaps/national-outcomes-unserved"


@pytest.mark.parametrize("name", SHIPPED)
def test_exact_number_in_the_shipped_plans(name: str, found: list[Finding]) -> None:
    number, subject = SHIPPED[name]
    assert len(of_kind(found, name)) == number
    if subject:
        assert subject in {short(iri) for finding in of_kind(found, name) for iri in finding.subjects}


def test_findings_are_complete(found: list[Finding]) -> None:
    assert len({(finding.kind, finding.subjects) for finding in found}) == len(found)
    for finding in found:
        assert finding.severity in SEVERITIES
        assert "(nothing stated)" not in finding.title
        if finding.kind != "gap.national-outcomes-unserved":
            assert finding.plans, finding
            documents = {plan.rpartition("/")[2] for plan in finding.plans}
            assert {place.partition(".txt")[0] for place in finding.places} == documents, finding
            assert all("line" in place for place in finding.places), finding


def test_an_empty_graph_has_no_gaps() -> None:
    assert gaps(Store.in_memory([])) == []


def test_a_kind_that_is_off_is_not_looked_for(shipped: Store) -> None:
    profile = Profile(dict.fromkeys(Profile.load(), "off") | {"gap.timescales-past-plan-end": "high"})
    assert {finding.kind for finding in gaps(shipped, profile, Facts(shipped))} == {"gap.timescales-past-plan-end"}


def test_reasons_can_be_checked(found: list[Finding]) -> None:
    def reasons(name: str, subject: str) -> str:
        return "; ".join(about(found, name, subject).reasons)

    assert "“September 2008”" in reasons("timescales-past-plan-end", "action-north-strathclyde-2007:1c")
    assert "came after every plan" in reasons("national-outcomes-unserved", "outcome-cjpf-2023:6")
    assert "came after" not in reasons("national-outcomes-unserved", "outcome-nscj-2016:equal-access")
    assert "reports no status" in reasons("outcomes-without-status", "outcome-lothian-borders-2011:KP3")
    assert reasons("actions-not-continued", "action-lanarkshire-2008:2.1.4").endswith("July to September 2010")
    matched = reasons("outcomes-without-actions", "outcome-cjopif-2016:community-participation")
    assert matched.endswith("Improved community understanding and participation")
    veterans = reasons("audiences-without-actions", "audience:veterans")
    assert veterans.endswith("for them: Veterans 1st Point Lanarkshire")
    assert reasons("outcomes-without-actions", "outcome-cjopif-2016:life-chances") == ""


def test_inconsistencies_lead_to_both_places(found: list[Finding]) -> None:
    ages = about(found, "services-with-several-age-ranges", "service:opportunities-for-change")
    assert "16-18, 16-21" in ages.title
    assert {"lothian-borders-2011.txt, line 727", "lothian-borders-2011.txt, line 806"} <= set(ages.places)
    worded = about(found, "outcomes-worded-twice", "outcome-npf-2007:8")
    assert worded.places == ("lothian-borders-2011.txt, line 111", "lothian-borders-2011.txt, line 777")
    statuses = about(found, "actions-with-several-statuses", "action-north-strathclyde-2007:2b")
    assert statuses.places == ("north-strathclyde-2007.txt, line 29",)
