"""Duties: the exact checklist of the plans that an Act covers, checked by reading the documents.

In the checklist a place is a line or a span of lines of the plan's document; * is the whole document.
"""

import csv
import json
import os
import re
from io import StringIO
from pathlib import Path

import pyoxigraph as ox
import pytest

from conftest import Run
from goldenthread import queries
from goldenthread.analysis.facts import Facts
from goldenthread.findings.duties import CANNOT_BE_TOLD, MET, NOT_MET, VERDICTS, Duty, checklist, duties
from goldenthread.findings.finding import Selection
from goldenthread.findings.profile import Profile
from goldenthread.namespaces import DCT, ID, SH, SHAPES, SOURCE
from goldenthread.store import SourceFile, Store
from goldenthread.validation import Engine, shapes_text, validate_shipped

DOCUMENTS = os.environ.get("GOLDENTHREAD_DOCUMENTS", "")
EXAMPLES = Path(__file__).parent / "shapes"
ACT_2005 = "Management of Offenders etc. (Scotland) Act 2005"
ACT_2016 = "Community Justice (Scotland) Act 2016"
Line = tuple[str, str, str, str]

LOTHIAN_BORDERS: list[Line] = [
    (
        "s.3(5)",
        "area-plan-consulted",
        MET,
        "551 552 553 554 555 556 557 558 559 560 561 562 563 564 565 566 567 568 569 570 571 572 573 574 575 576 577 "
        "582 583 584 585 586 587 588 589 590 591 592 593",
    ),
    ("s.3(5)", "area-plan-submitted", CANNOT_BE_TOLD, "*"),
]
SOUTH_LANARKSHIRE: list[Line] = [
    (
        "s.13(1)",
        "partner-local-authority",
        MET,
        "9 127 133 200 203 227 229 493 495 551 604 609 611 619 633 635 645 653 780 846 856 882 884 936 938",
    ),
    ("s.13(1)", "partner-health-board", MET, "200 232 520 539 543"),
    (
        "s.13(1)",
        "partner-chief-constable",
        MET,
        "200 231 263 367 368 369 403 421 429 520 533 615 649 721 815 818 915",
    ),
    ("s.13(1)", "partner-fire-and-rescue", MET, "200 236"),
    ("s.13(1)", "partner-skills-development", MET, "234 481 483 930 938"),
    ("s.13(1)", "partner-integration-joint-board", MET, "230"),
    ("s.13(1)", "partner-courts-and-tribunals", MET, "180 239 958"),
    ("s.13(1)", "partner-ministers", MET, "196 235 240 376 442 483 501 507 584 635 774 778 815 824 926"),
    ("s.19(2)(a)", "assessment-of-national-outcomes", CANNOT_BE_TOLD, "*"),
    ("s.19(2)(b)", "priority-of-national-outcomes", CANNOT_BE_TOLD, "301 303 305 307 309 311 313"),
    (
        "s.19(2)(c)",
        "action-for-national-outcomes",
        NOT_MET,
        "303 307 309 311 313 385 401 406 423 427 435 748 750 750–752 766 768",
    ),
    ("s.19(3)", "national-indicators", NOT_MET, "*"),
    ("s.19(5)", "local-outcomes-consistent", CANNOT_BE_TOLD, "260–263 263–265 267–269 271–275 277–282 284–287"),
    ("s.19(6)", "local-outcomes-indicators", NOT_MET, "260–263 263–265 267–269 271–275 277–282 284–287"),
    ("s.19(6)", "local-outcomes-action", CANNOT_BE_TOLD, "260 260–263 263–265 267–269 271–275 277–282 284–287 289"),
    ("s.20(2)", "regard-to-national-strategy", MET, "64 74 111 125 385 439 899 918 921 941"),
    ("s.20(2)", "regard-to-performance-framework", MET, "64 186 198 289 892 899"),
    ("s.20(2)", "regard-to-local-outcomes-improvement-plan", CANNOT_BE_TOLD, "205 903"),
    (
        "s.21",
        "participation-whom",
        MET,
        "335 337 369 507 912 913 914 915 917 918 920 921 923 925 926–928 929 930 931 932 933–935 936 937 938–940 941 "
        "942 943 944 946 947 948 950 951 952 953 954 955 957 958",
    ),
    (
        "s.21",
        "participation-how",
        MET,
        "335 337 359 360 361 369 507 912 913 914 915 917 918 919 920 921 923 924 925 926–928 929 930 931 932 933–935 "
        "936 937 938–940 941 942 943 944 946 947 948 950 951 952 953 954 955 957 958",
    ),
    (
        "s.21",
        "participation-result",
        MET,
        "335 359 360 361 369 912 913 914 915 917 918 919 920 921 923 924 925 926–928 929 930 931 932 933–935 936 937 "
        "938–940 941 942 943 944 946 947 948 950 951 952 953 954 955 957 958",
    ),
    ("s.22(2)", "review", CANNOT_BE_TOLD, "*"),
    ("s.23", "annual-report", CANNOT_BE_TOLD, "*"),
]
WORDS = {
    "partner-health-board": "NHS|health",
    "partner-chief-constable": "police",
    "partner-fire-and-rescue": "Scottish Fire and Rescue Service",
    "partner-skills-development": "Skills Development Scotland|SDS",
    "partner-integration-joint-board": "South Lanarkshire Health and Social Care Integration Joint Board",
    "partner-courts-and-tribunals": "Scottish Courts? and Tribunals? Service",
    "partner-ministers": "Prison Service|SPS|Fiscal|Crown Prosecution",
    "regard-to-national-strategy": "strategy",
    "regard-to-performance-framework": "framework|common outcomes indicators",
    "regard-to-local-outcomes-improvement-plan": "Local Outcomes? Improvement Plan",
}
"""What stands at every place that shows a duty met, whatever the case of the letters."""


@pytest.fixture(scope="module")
def listed(shipped: Store) -> list[Duty]:
    return checklist(shipped, Facts(shipped))


def of_plan(listed: list[Duty], slug: str) -> list[Duty]:
    return [duty for duty in listed if duty.plan == f"{ID}plan/{slug}"]


def as_line(duty: Duty) -> Line:
    spans = (place.partition(", ")[2].removeprefix("lines ").removeprefix("line ") for place in duty.places)
    return duty.section, duty.name.removeprefix("duty-"), duty.verdict, " ".join(span or "*" for span in spans)


def one(listed: list[Duty], name: str) -> Duty:
    (duty,) = (duty for duty in listed if duty.name == f"duty-{name}")
    return duty


def store_of(path: Path) -> Store:
    return Store.in_memory([SourceFile(f"{ID}graph", path)])


@pytest.mark.parametrize(
    ("slug", "act", "lines"),
    [("lothian-borders-2011", ACT_2005, LOTHIAN_BORDERS), ("south-lanarkshire-2017", ACT_2016, SOUTH_LANARKSHIRE)],
)
def test_exact_checklist(listed: list[Duty], slug: str, act: str, lines: list[Line]) -> None:
    found = of_plan(listed, slug)
    assert [as_line(duty) for duty in found] == lines
    assert {duty.act for duty in found} == {act}
    assert {fragment.partition("#")[0] for duty in found for fragment in duty.evidence} == {f"{SOURCE}{slug}.txt"}


def test_plans_that_no_act_covers_have_no_duties(listed: list[Duty]) -> None:
    assert list(dict.fromkeys(duty.plan for duty in listed)) == [
        f"{ID}plan/lothian-borders-2011",
        f"{ID}plan/south-lanarkshire-2017",
    ]


@pytest.mark.skipif(not DOCUMENTS, reason="the plan documents are not at hand")
@pytest.mark.parametrize("name", WORDS)
def test_places_speak_of_the_duty(listed: list[Duty], name: str) -> None:
    for fragment in one(listed, name).evidence:
        file, start, end = re.findall(r"source/([^#]+)#line=(\d+),(\d+)", fragment)[0]
        lines = (Path(DOCUMENTS) / file).read_text(encoding="utf-8").split("\n")[int(start) : int(end)]
        assert re.search(WORDS[name], " ".join(lines), re.IGNORECASE), fragment


def test_reasons_name_what_is_missing_and_what_is_there(listed: list[Duty]) -> None:
    action = one(listed, "action-for-national-outcomes")
    assert action.reasons[0].startswith("Required: For each nationally determined outcome")
    assert action.reasons[1].count(";") == 4
    assert action.reasons[2] == (
        "Found: Communities improve their understanding and participation in community justice; "
        "Effective interventions are delivered to prevent and reduce the risk of further offending"
    )
    assert [iri.rpartition("/")[2] for iri in action.subjects] == [
        "access-to-services",
        "life-chances",
        "relationships-and-opportunities",
        "resilience-and-self-management",
        "strategic-collaboration",
    ]
    assert action.remedy.startswith("Set out an action")
    assert one(listed, "partner-ministers").reasons == (
        "Shown by: Crown Office and Procurator Fiscal Service; Scottish Prison Service",
    )
    assert one(listed, "national-indicators").reasons[1] == "Nothing in the document, as it was read, shows it"
    assert "Open for: Health; MAPPA; Training; " in one(listed, "local-outcomes-action").reasons[1]


def test_every_line_can_be_checked(listed: list[Duty]) -> None:
    for duty in listed:
        assert duty.verdict in VERDICTS
        assert duty.reasons
        assert duty.evidence
        assert (duty.remedy == "") == (duty.verdict == MET)


def test_an_empty_store_has_no_duties() -> None:
    empty = Store.in_memory([])
    assert checklist(empty) == []
    assert duties(empty, Facts(empty), Profile.load()) == []


def test_without_local_outcomes_nothing_is_owed_for_them() -> None:
    listed = checklist(store_of(EXAMPLES / "duty-participation-how" / "valid.ttl"))
    duty = one(listed, "local-outcomes-indicators")
    assert duty.verdict == MET
    assert duty.reasons == ("The plan states nothing to which this duty applies",)


EVERY_EXAMPLE = sorted(path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.glob("duty-*/*.ttl"))


@pytest.mark.parametrize("example", EVERY_EXAMPLE)
def test_queries_find_what_the_shapes_miss_nothing_of(example: str) -> None:
    """What a shape lets pass, a query shows; what is missing altogether, no query shows.

    Of the two that act for Ministers one may be there and the other not.
    """
    for duty in checklist(store_of(EXAMPLES / example)):
        found = any(reason.startswith(("Shown", "Found")) for reason in duty.reasons)
        if duty.verdict == MET:
            assert found or duty.name.startswith("duty-local-outcomes"), duty
        elif duty.verdict == NOT_MET and not duty.subjects and duty.name != "duty-partner-ministers":
            assert not found, duty


def test_a_plan_is_covered_from_the_day_of_its_act() -> None:
    early = EXAMPLES / "duty-assessment-of-national-outcomes" / "valid.ttl"
    late = EXAMPLES / "duty-area-plan-submitted" / "valid.ttl"
    assert checklist(store_of(early)) == checklist(store_of(late)) == []


def test_findings(shipped: Store, listed: list[Duty]) -> None:
    facts = Facts(shipped)
    found = duties(shipped, facts, Profile.load())
    kinds = [finding.kind for finding in found]
    assert (kinds.count("duty.not-met"), kinds.count("duty.cannot-be-told"), len(kinds)) == (3, 8, 11)
    assert [finding.severity for finding in found] == ["high"] * 3 + ["low"] * 8
    assert {finding.family for finding in found} == {"duty"}
    indicators = one(listed, "local-outcomes-indicators")
    (finding,) = (finding for finding in found if "Indicators of each local outcome" in finding.title)
    assert finding.title == f"Indicators of each local outcome: not met ({ACT_2016}, s.19(6))"
    assert finding.subjects == (indicators.plan, *indicators.subjects)
    assert (finding.plans, finding.reasons, finding.evidence) == (
        (indicators.plan,),
        indicators.reasons,
        indicators.evidence,
    )
    framework = Selection(frameworks=(f"{ID}framework/cjopif-2016",)).of(found, facts)
    assert [finding.kind for finding in framework] == ["duty.not-met", "duty.cannot-be-told"]


def test_a_kind_that_is_off_is_not_looked_for(shipped: Store) -> None:
    levels = Profile({"duty.not-met": "medium", "duty.cannot-be-told": "off"})
    found = duties(shipped, Facts(shipped), levels)
    assert {(finding.kind, finding.severity) for finding in found} == {("duty.not-met", "medium")}


def test_engines_agree_on_the_shipped_plans(shipped: Store) -> None:
    engines: tuple[Engine, ...] = ("shacl", "pyshacl")
    one, other = (validate_shipped(shipped, ["duties"], engine).results for engine in engines)
    assert one == other
    assert one


def statements() -> list[ox.Quad]:
    return list(ox.parse(shapes_text(["duties"]), format=ox.RdfFormat.N_TRIPLES))


def test_every_shape_names_its_act_section_and_place() -> None:
    said: dict[str, dict[str, str]] = {}
    for quad in statements():
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode | ox.Literal):
            said.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    shapes = {iri: values for iri, values in said.items() if f"{SH}severity" in values}
    places = []
    for iri, values in shapes.items():
        assert said[values[f"{DCT}source"]][f"{DCT}title"] in {ACT_2005, ACT_2016}
        assert values[f"{DCT}identifier"].startswith("s.")
        if of := values.get(f"{DCT}isPartOf"):
            assert iri == f"{of}-untold"
            assert values[f"{SH}order"] == shapes[of][f"{SH}order"]
            assert values[f"{SH}severity"] == f"{SH}Info"
        else:
            places.append(int(values[f"{SH}order"]))
    assert sorted(places) == list(range(1, len(places) + 1))


def test_queries_speak_of_duties_that_there_are() -> None:
    shapes = {quad.subject.value for quad in statements() if isinstance(quad.subject, ox.NamedNode)}
    texts = [query.text for query in queries.library().values() if query.name.startswith("duties/")]
    named = {name for text in texts for name in re.findall(r"gts:(duty-[\w-]+)", text)}
    assert {f"{SHAPES}{name}" for name in named} <= shapes
    without = {shape.removeprefix(SHAPES) for shape in shapes if shape.startswith(f"{SHAPES}duty-")} - named
    assert {name for name in without if not name.endswith("-untold")} == {
        "duty-area-plan-submitted",
        "duty-assessment-of-national-outcomes",
    }


def test_command_prints_the_checklist(run: Run, tmp_path: Path) -> None:
    text = run("duties", "--plan", "lothian-borders-2011")
    assert text.returncode == 0, text.stderr
    assert "2 duties: 1 met, 0 not met, 1 cannot be told." in text.stdout
    assert "South Lanarkshire" not in text.stdout
    listed = json.loads(run("duties", "--format", "json").stdout)
    assert list(listed[0]) == (
        "plan name act section title verdict reasons evidence remedy subjects".split()  # what programs rely on
    )
    assert [entry["verdict"] for entry in listed].count(NOT_MET) == 3
    run("duties", "-o", tmp_path / "duties.csv")
    rows = list(csv.DictReader(StringIO((tmp_path / "duties.csv").read_text(encoding="utf-8"))))
    assert [row["section"] for row in rows] == [entry["section"] for entry in listed]
    none = run("duties", "--plan", "lanarkshire-2008")
    assert none.returncode == 0
    assert "No plan here is covered" in none.stdout
