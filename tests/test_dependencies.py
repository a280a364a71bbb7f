"""What hangs on whom, on a graph small enough to work out by hand, and on the five plans."""

from itertools import combinations
from pathlib import Path

import pytest

from goldenthread.analysis.dependencies import Dependencies
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.parties import Parties
from goldenthread.findings.dependencies import dependencies, without
from goldenthread.findings.finding import Finding
from goldenthread.findings.profile import Profile
from goldenthread.store import Store
from small import facts_of, iri, iris, store_of

# Who is to do what: 1 a; 2 a and b; 3 b and c; 4 everybody, that is a and b; 5 nobody; 6 strangers, of whom nothing is
# known; 7 a unit of a; 8 a with help of c; 9 the board. For outcome x: 1, 2 and 5; for y: 6; for z: 3.
GRAPH = """
partner:a a gt:Partner . partner:b a gt:Partner . partner:c a gt:Partner .
partner:everybody a gt:Partner, gt:CollectiveParty ; gt:includes partner:a, partner:b .
partner:strangers a gt:Partner, gt:CollectiveParty .
partner:unit a gt:Partner ; gt:partOfPartner partner:a .
group:board a gt:SubGroup ; gt:chairedBy partner:a ; org:hasMember partner:b .
service:help a gt:Service ; gt:providedBy partner:a . service:advice a gt:Service ; gt:providedBy partner:a, partner:c .
plan:p a gt:Plan .
action:1 a gt:Action ; rdfs:label "One" ; gt:lead partner:a ; gt:responsible partner:a ; gt:contributesTo outcome:x .
action:2 a gt:Action ; gt:lead partner:a ; gt:responsible partner:a, partner:b ; gt:contributesTo outcome:x ;
  gt:dependsOn action:1 .
action:3 a gt:Action ; gt:responsible partner:b, partner:c ; gt:contributesTo outcome:z ; gt:dependsOn action:2 .
action:4 a gt:Action ; gt:responsible partner:everybody .
action:5 a gt:Action ; gt:contributesTo outcome:x .
action:6 a gt:Action ; gt:responsible partner:strangers ; gt:contributesTo outcome:y .
action:7 a gt:Action ; gt:responsible partner:unit .
action:8 a gt:Action ; gt:responsible partner:a ; gt:withPartner partner:c .
action:9 a gt:Action ; gt:responsible group:board .
outcome:x a gt:Outcome ; skos:prefLabel "X" ; gt:partOfPlan plan:p ;
  prov:wasDerivedFrom <urn:p#line=0,1> . outcome:y a gt:Outcome . outcome:z a gt:Outcome .
"""


@pytest.fixture
def found(tmp_path: Path) -> Dependencies:
    return Dependencies(Parties(facts_of(tmp_path, GRAPH)))


def test_what_stops_if_one_partner_leaves(found: Dependencies) -> None:
    impact = found.without(iris("partner:a"))
    assert impact.stops == iris("action:1", "action:7", "action:8")
    assert set(impact.weakened) == set(iris("action:2", "action:3", "action:4"))
    assert impact.weakened[iri("action:2")][0].startswith("It loses its lead")
    assert "waits for" in impact.weakened[iri("action:2")][1]
    assert impact.outcomes_lost == {}
    assert impact.outcomes_weakened == {iri("outcome:x"): iris("action:1")}
    assert impact.groups == iris("group:board")
    assert impact.services == {iri("service:help"): True, iri("service:advice"): False}


def test_what_is_held_up_is_weakened_though_its_own_parties_stay(found: Dependencies) -> None:
    reasons = found.without(iris("partner:a")).weakened[iri("action:3")]
    assert reasons == ("It waits for ‘2’, which stops or is held up",)


def test_a_collective_party_leaves_with_its_last_member(found: Dependencies) -> None:
    impact = found.without(iris("partner:a", "partner:b"))
    assert impact.stops == iris("action:1", "action:2", "action:4", "action:7", "action:8")
    assert impact.outcomes_lost == {iri("outcome:x"): iris("action:1", "action:2")}


def test_a_collective_party_of_which_nothing_is_known_leaves_only_by_name(found: Dependencies) -> None:
    everybody = iris("partner:a", "partner:b", "partner:c")
    assert iri("action:6") not in found.without(everybody).stops
    assert found.without(iris("partner:strangers")).stops == iris("action:6")


def test_a_unit_may_leave_alone(found: Dependencies) -> None:
    assert found.without(iris("partner:unit")).stops == iris("action:7")


def test_nobody_leaves(found: Dependencies) -> None:
    impact = found.without(())
    assert impact.stops == ()
    assert impact.weakened == {}


def test_losses_agree_with_leaving(found: Dependencies) -> None:
    assert found.losses() == [(iri("partner:a"), 3, 0)]


def test_the_worst_pair_is_that_of_trying_all_pairs(found: Dependencies) -> None:
    pair = found.worst_pair(found.delivery)
    assert pair is not None
    assert pair.partners == iris("partner:a", "partner:b")
    assert (pair.alone, pair.together) == ((3, 0), 5)
    for other in combinations(iris("partner:a", "partner:b", "partner:c"), 2):
        assert len(found.without(other).stops) <= pair.together


def test_the_worst_pair_of_the_five_plans_is_that_of_trying_all_pairs(shipped: Store) -> None:
    every = Dependencies(Parties(Facts(shipped)))
    pair = every.worst_pair(every.delivery)
    assert pair is not None
    bodies = sorted({body for named in every.delivery.values() if len(named) <= 2 for body in named})
    partners = [body for body in bodies if every._parties.is_partner(body)]
    assert len(every.without(pair.partners).stops) == pair.together
    for other in combinations(partners, 2):
        assert sum(named <= set(other) for named in every.delivery.values()) <= pair.together


@pytest.mark.parametrize(
    ("turtle", "expected"),
    [
        ("", []),
        ("action:1 gt:dependsOn action:2 .", []),
        ("action:1 gt:dependsOn action:1 .", [iris("action:1")]),
        ("action:1 gt:dependsOn action:2 . action:2 gt:dependsOn action:1 .", [iris("action:1", "action:2")]),
        ("action:1 gt:dependsOn condition:c . action:2 gt:dependsOn condition:c .", []),
    ],
)
def test_circles(tmp_path: Path, turtle: str, expected: list[tuple[str, ...]]) -> None:
    assert Dependencies(Parties(facts_of(tmp_path, turtle))).cycles() == expected


def test_chains_are_the_longest_and_end_at_a_circle(tmp_path: Path) -> None:
    turtle = """action:1 gt:dependsOn action:2, action:4 . action:2 gt:dependsOn action:3 .
    action:3 gt:dependsOn action:5 . action:5 gt:dependsOn action:3, condition:c ."""
    found = Dependencies(Parties(facts_of(tmp_path, turtle)))
    assert found.chain(iri("action:1")) == iris("action:1", "action:2", "action:3")
    assert found.chain(iri("action:4")) == iris("action:4")


def test_a_long_chain_is_no_trouble(tmp_path: Path) -> None:
    turtle = "\n".join(f"action:{n} gt:dependsOn action:{n + 1} ." for n in range(5000))
    assert len(Dependencies(Parties(facts_of(tmp_path, turtle))).chain(iri("action:0"))) == 5001


def kinds(found: list[Finding]) -> dict[str, set[tuple[str, ...]]]:
    by_kind: dict[str, set[tuple[str, ...]]] = {}
    for finding in found:
        by_kind.setdefault(finding.kind.partition(".")[2], set()).add(finding.subjects)
    return by_kind


def test_findings_of_the_small_graph(tmp_path: Path) -> None:
    places = "\n".join(
        f"action:{n} gt:partOfPlan plan:p ; prov:wasDerivedFrom <urn:p#line={n},{n}> ." for n in range(1, 10)
    )
    store = store_of(tmp_path, GRAPH + places)
    found = dependencies(store, Facts(store), Profile.load())
    assert kinds(found) == {
        "actions-that-wait": {iris("action:2", "action:1"), iris("action:3", "action:2")},
        "outcomes-with-sole-lead": {iris("outcome:x", "partner:a")},
        "partners-that-leave": {iris("partner:a")},
        "worst-pair-for-actions": {iris("partner:a", "partner:b")},
        "worst-pair-for-outcomes": {iris("partner:a", "partner:b")},
    }
    for finding in found:
        assert finding.plans == iris("plan:p")
        assert finding.evidence


def test_an_empty_graph_gives_nothing() -> None:
    empty = Store.in_memory([])
    assert dependencies(empty, Facts(empty), Profile.load()) == []
    assert without(Facts(empty), Profile.load(), iris("partner:a")) == []


def test_the_prison_service_leaves_the_five_plans(shipped: Store) -> None:
    by_kind = kinds(without(Facts(shipped), Profile.load(), iris("partner:scottish-prison-service")))
    assert by_kind["actions-that-stop"] == {
        (iri(f"action:{slug}"),)
        for slug in ("lanarkshire-2010-q2/1b", "south-lanarkshire-2017/L483", "south-lanarkshire-2017/L926")
    }
    lost = iris("outcome:lanarkshire-2010-q2/icm-case-conferences-monitored")
    assert by_kind["outcomes-that-lose-delivery"] == {lost}
    assert len(by_kind["actions-weakened"]) == 82
