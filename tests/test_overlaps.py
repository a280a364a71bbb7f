"""Overlaps: the signals by hand, the classes, the quality on pairs that readers judged, and what planners see."""

import sys
from pathlib import Path

import numpy as np
import pytest

from goldenthread.analysis import overlaps as analysis
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.overlaps import CONTINUATION, DUPLICATION, FRAGMENTATION, Model, Overlap, Weights, candidates
from goldenthread.analysis.signals import letters, of_actions, stems, words
from goldenthread.errors import BadSyntax
from goldenthread.findings import overlaps as findings
from goldenthread.findings.profile import Profile
from goldenthread.reviews import Review
from goldenthread.store import Store
from small import facts_of, iri, iris

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"

# Plans 1 and 2 are of one area, one after the other; 3 is of another. Each pair of actions differs in one thing.
GRAPH = """
area:country a gt:Area .
area:here a gt:Area ; skos:broader area:country .
area:there a gt:Area ; skos:broader area:country .
plan:1 a gt:Plan ; gt:area area:here ; gt:periodStart "2010-04-01" ; gt:periodEnd "2011-03-31" .
plan:2 a gt:Plan ; gt:area area:here ; gt:periodStart "2012-04-01" ; gt:periodEnd "2013-03-31" .
plan:3 a gt:Plan ; gt:area area:there ; gt:periodStart "2010-04-01" ; gt:periodEnd "2011-03-31" .
theme:homes a gt:Theme ; skos:broader theme:needs . theme:work a gt:Theme ; skos:broader theme:needs .
theme:needs a gt:Theme .
theme:music a gt:Theme .
action:1 a gt:Action ; gt:partOfPlan plan:1 ; rdfs:label "Audit the homes that people find on release" ;
  gt:theme theme:homes ; gt:activityType activity:audit ; gt:concerns audience:prisoners .
action:2 a gt:Action ; gt:partOfPlan plan:3 ; rdfs:label "Audit homes for people on release" ;
  gt:theme theme:homes ; gt:activityType activity:audit ; gt:concerns audience:prisoners .
action:3 a gt:Action ; gt:partOfPlan plan:2 ; rdfs:label "Audit homes of people after release" ;
  gt:theme theme:homes ; gt:activityType activity:audit ; gt:concerns audience:prisoners .
action:4 a gt:Action ; gt:partOfPlan plan:2 ; rdfs:label "Write to employers" ; gt:continues action:1 ;
  gt:theme theme:work ; gt:activityType activity:engage .
action:5 a gt:Action ; gt:partOfPlan plan:3 ; rdfs:label "Play the organ" ; gt:theme theme:music .
"""


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return facts_of(tmp_path, GRAPH)


@pytest.fixture(scope="module")
def weights() -> Weights:
    signals = {"theme": 4.0, "activity": 2.0, "wording": 2.0}
    same = Model(-3.0, signals, {})
    bodies = Model(-3.0, {"theme": 4.0, "wording": 2.0}, {})
    return Weights(
        {"action": same, "service": bodies, "group": bodies, "duplication": Model(-5.0, signals, {})},
        {"overlap": 0.5, "duplication": 0.5, "cluster": 0.5},
    )


def test_words_lose_their_endings_and_their_order_counts() -> None:
    assert stems("The sharing of homes, and shared homes") == ["share", "home", "share", "home"]
    assert words("Share homes") == {"share": 1, "home": 1, "share home": 1}
    assert letters("of jobs") == {" job": 1, "jobs": 1, "obs ": 1}


def test_signals_by_hand(facts: Facts) -> None:
    actions = facts.of_class("gt:Action")
    assert actions == iris("action:1", "action:2", "action:3", "action:4", "action:5")
    found = of_actions(facts, actions).of(np.array([0, 0, 0]), np.array([1, 3, 4]))
    assert found["activity"].tolist() == pytest.approx([1, 0, 0])
    assert found["audience"].tolist() == pytest.approx([1, 0, 0])
    assert found["theme"][0] == pytest.approx(1)
    # homes and work share the theme above them, at half weight and as common as it is
    homes, work, needs = 1 + np.log(5 / 3), 1 + np.log(5), 0.5 * (1 + np.log(5 / 4))
    expected = needs**2 / np.hypot(homes, needs) / np.hypot(work, needs)
    assert found["theme"][1] == pytest.approx(expected)
    assert found["theme"][2] == 0
    assert 0 < found["wording"][0] < 1
    assert found["service"].tolist() == [0, 0, 0]


def test_what_concepts_add(facts: Facts) -> None:
    signals = of_actions(facts, facts.of_class("gt:Action"))
    effects = {iri("theme:homes"): 2.0, iri("audience:prisoners"): 0.5, iri("theme:unheard-of"): 9.0}
    assert signals.shared(np.array([0, 0]), np.array([1, 3]), effects).tolist() == pytest.approx([2.5, 0])


def test_pairs_are_classed_and_the_earlier_comes_first(facts: Facts, weights: Weights) -> None:
    found = {(pair.first, pair.second): pair.kind for pair in analysis.of_actions_in(facts, weights)}
    assert {pair: kind for pair, kind in found.items() if kind != FRAGMENTATION} == {
        iris("action:1", "action:2"): DUPLICATION,
        iris("action:1", "action:3"): CONTINUATION,  # its plan follows in the same area
        iris("action:2", "action:3"): DUPLICATION,  # another area: no continuation
        iris("action:1", "action:4"): CONTINUATION,  # said to be
    }
    assert not any(iri("action:5") in pair for pair in found)


def test_lower_scores_can_be_left_out(facts: Facts, weights: Weights) -> None:
    every = analysis.of_actions_in(facts, weights)
    high = analysis.of_actions_in(facts, weights, 0.5)
    assert high == [pair for pair in every if pair.score >= 0.5]
    assert [pair.score for pair in every] == sorted((pair.score for pair in every), reverse=True)


def test_candidates_share_a_key_and_crowds_are_passed_over() -> None:
    first, second = candidates([{"a", "b"}, {"b"}, {"c"}, {"a"}])
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == [(0, 1), (0, 3)]
    crowd = [{"crowd", f"pair{number // 2}"} for number in range(4000)]
    assert len(candidates(crowd)[0]) == 2000
    assert [part.tolist() for part in candidates([])] == [[], []]


def test_clusters(weights: Weights) -> None:
    pairs = [
        Overlap("a", "b", 0.9, DUPLICATION),
        Overlap("b", "c", 0.8, DUPLICATION),
        Overlap("d", "e", 0.9, DUPLICATION),
        Overlap("c", "z", 0.4, FRAGMENTATION),
        Overlap("c", "y", 0.9, CONTINUATION),
    ]
    (cluster,) = analysis.clusters(pairs, weights)
    assert cluster.members == ("a", "b", "c")
    assert (cluster.score, cluster.pairs) == (0.85, 2)
    assert analysis.clusters([], weights) == []


def test_reasons_say_what_is_the_same_and_what_differs(facts: Facts, weights: Weights) -> None:
    found = {finding.subjects: finding for finding in findings.overlaps(facts, Profile.load(), weights)}
    twins = found[iris("action:1", "action:2")]
    assert twins.kind == "overlap.duplication"
    assert "Both are about homes" in [reason.replace("theme:", "") for reason in twins.reasons]
    assert any(reason.startswith("Both say: audit, homes") for reason in twins.reasons)
    assert twins.plans == iris("plan:1", "plan:3")
    carried = found[iris("action:1", "action:4")]
    assert any("in different branches" in reason for reason in carried.reasons)
    assert any(reason.startswith("Only the earlier is to") for reason in carried.reasons)


def test_verdicts_are_respected(facts: Facts, weights: Weights) -> None:
    rejected = Review(iris("action:2", "action:1"), "rejected", "2026-01-02", "")
    confirmed = Review(iris("action:2", "action:3"), "confirmed", "2026-01-03", "One team")
    found = {f.subjects: f for f in findings.overlaps(facts, Profile.load(), weights, 0, [rejected, confirmed])}
    assert iris("action:1", "action:2") not in found
    assert found[iris("action:2", "action:3")].reasons[0] == "Confirmed by a reviewer on 2026-01-03: One team"


def test_services_and_groups_that_overlap(tmp_path: Path) -> None:
    turtle = """
    service:a a gt:Service ; skos:prefLabel "Women's mentoring" ; gt:theme theme:x ; gt:concerns audience:women .
    service:b a gt:Service ; skos:prefLabel "Mentoring for women" ; gt:theme theme:x ; gt:concerns audience:women .
    service:c a gt:Service ; skos:prefLabel "Bicycle repair" ; gt:theme theme:y ; gt:concerns audience:cyclists .
    group:a a gt:SubGroup ; skos:prefLabel "Housing board" ; org:hasMember partner:p, partner:q ;
      gt:concerns audience:women .
    group:b a gt:SubGroup ; skos:prefLabel "Housing forum" ; org:hasMember partner:p, partner:q ;
      gt:concerns audience:women .
    group:c a gt:SubGroup ; skos:prefLabel "Parks forum" .
    """
    facts = facts_of(tmp_path, turtle)
    services = analysis.of_services_in(facts, Weights.load(), 0.5)
    groups = analysis.of_groups_in(facts, Weights.load(), 0.5)
    assert [(pair.first, pair.second) for pair in services] == [iris("service:a", "service:b")]
    assert [(pair.first, pair.second) for pair in groups] == [iris("group:a", "group:b")]


def test_an_empty_graph_gives_nothing() -> None:
    assert findings.overlaps(Facts(Store.in_memory([])), Profile.load(), Weights.load()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("action: {theme: 1}\nactoin: {theme: 2}\n", "line 2: there is no section ‘actoin’"),
        ("action:\n  theme: 1\n  colour: 2\n", "line 3: ‘colour’ is not known here"),
        ("action:\n  theme: much\n", "line 2: ‘much’ is not a number"),
        ("action:\n", "line 1: ‘action’ is empty"),
        ("action: [1, 2\n", "line 2"),
        ("- action\n", "line 1: this is not a list of names and values"),
        ("action: {theme: 1}\naction: {theme: 1}\n", "line 2: ‘action’ is said twice"),
    ],
)
def test_weights_that_do_not_parse_say_where(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSyntax, match=f"weights.yaml, {message}"):
        Weights.load(path)


def test_own_weights_stand_over_the_shipped_ones(tmp_path: Path) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text("action: {theme: 7, theme/homes: 2}\nthresholds: {overlap: 0.9}\n", encoding="utf-8")
    own, shipped = Weights.load(path), Weights.load()
    assert own.models["action"].signals["theme"] == 7
    assert own.models["action"].concepts[iri("theme:homes")] == 2
    assert own.models["action"].signals["wording"] == shipped.models["action"].signals["wording"]
    assert own.thresholds["overlap"] == 0.9


@pytest.fixture(scope="module")
def quality(shipped: Store) -> dict[str, float]:
    """The quality of the score on the judged sample, by cross-validation, and of wording alone."""
    sys.path.insert(0, str(BENCHMARKS))
    try:
        import overlaps as benchmark
    finally:
        sys.path.remove(str(BENCHMARKS))
    sample = benchmark.read_sample()
    found = benchmark.features(Facts(shipped), sample)
    wanted = sample.verdict(benchmark.ALIKE)
    scores = benchmark.cross_validated(found, sample.share(benchmark.ALIKE), repeats=1)
    wording = found.signals[:, analysis.SIGNALS["action"].index("wording")]
    return {
        "pairs": len(wanted),
        "all": benchmark.average_precision(wanted, scores),
        "across": benchmark.average_precision(wanted[sample.across], scores[sample.across]),
        "wording": benchmark.average_precision(wanted, wording),
        "error": benchmark.calibration(wanted, scores)[1],
    }


def test_the_score_agrees_with_readers(quality: dict[str, float]) -> None:
    assert quality["pairs"] >= 200
    assert quality["all"] > 0.78
    assert quality["across"] > 0.72
    assert quality["all"] > quality["wording"] + 0.15
    assert quality["error"] < 0.1


def test_average_precision_is_that_of_the_textbook() -> None:
    sys.path.insert(0, str(BENCHMARKS))
    try:
        from overlaps import average_precision
    finally:
        sys.path.remove(str(BENCHMARKS))
    wanted = np.array([1.0, 0.0, 1.0, 0.0])
    assert average_precision(wanted, np.array([0.9, 0.8, 0.7, 0.1])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(wanted, np.array([0.5, 0.5, 0.5, 0.5])) == pytest.approx(0.5)


def test_what_two_plans_both_do_is_found_among_the_five(shipped: Store) -> None:
    found = findings.overlaps(Facts(shipped), Profile.load(), Weights.load(), 0.5)
    pairs = {frozenset(finding.subjects): finding for finding in found}
    yearly_report = pairs[frozenset(iris("action:north-strathclyde-2007/1c", "action:south-lanarkshire-2017/L269"))]
    assert yearly_report.kind in {"overlap.overlap", "overlap.duplication"}
    assert any(place.startswith("south-lanarkshire-2017.txt, line") for place in yearly_report.places)
    carried = pairs[frozenset(iris("action:lanarkshire-2008/2.1.2", "action:lanarkshire-2010-q2/1b"))]
    assert carried.kind == "overlap.continuation"
    assert all(finding.evidence and finding.plans and finding.reasons for finding in found)
    assert all(0.5 <= (finding.score or 0) <= 1 for finding in found)
    assert len(pairs) == len(found)
    assert len(found) > 100
