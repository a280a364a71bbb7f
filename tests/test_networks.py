"""Networks on graphs drawn by hand, with numbers worked out by hand or taken from the literature."""

import csv
import json
from io import BytesIO, StringIO
from pathlib import Path

import networkx as nx
import pytest

from goldenthread import network_files
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.networks import (
    MODES,
    Choice,
    fragmentation,
    measures,
    network,
    one_mode,
    separations,
    two_mode,
)
from goldenthread.errors import UnknownName
from goldenthread.store import Store
from small import facts_of, iri, iris

GRAPH = """
partner:a a gt:Partner ; skos:prefLabel "A" ; gt:partnerKind <https://w3id.org/goldenthread/id/partner-kind/health> .
partner:b a gt:Partner ; skos:prefLabel "B" . partner:c a gt:Partner ; skos:prefLabel "C" .
partner:all a gt:Partner, gt:CollectiveParty ; skos:prefLabel "All" ; gt:includes partner:b, partner:c ;
  gt:partnerKind <https://w3id.org/goldenthread/id/partner-kind/collective> .
group:g a gt:SubGroup ; org:hasMember partner:a, partner:b ; gt:chairedBy partner:a ;
  prov:wasDerivedFrom <urn:d#line=1,2> .
plan:p a gt:Plan ; prov:wasDerivedFrom <urn:d> ; gt:cites strategy:s . plan:q a gt:Plan ; prov:wasDerivedFrom <urn:e> .
section:1 gt:partOfPlan plan:q ; gt:cites strategy:s, strategy:t .
action:1 a gt:Action ; gt:partOfPlan plan:p ; gt:lead partner:a ; gt:responsible partner:a, partner:b ;
  gt:contributesTo outcome:x .
action:2 a gt:Action ; gt:partOfPlan plan:p ; gt:responsible partner:a ; gt:withPartner partner:b ;
  gt:contributesTo outcome:x, outcome:y .
action:3 a gt:Action ; gt:partOfPlan plan:q ; gt:responsible partner:all .
action:4 a gt:Action ; gt:partOfPlan plan:q .
"""


@pytest.fixture
def facts(tmp_path: Path) -> Facts:
    return facts_of(tmp_path, GRAPH)


def ties(graph: "nx.Graph[str]") -> dict[tuple[str, ...], int]:
    short = {node: "/".join(node.split("/")[-2:]) for node in graph}
    return {tuple(sorted((short[one], short[other]))): data["weight"] for one, other, data in graph.edges(data=True)}


def test_parties_and_actions(facts: Facts) -> None:
    graph = two_mode(facts)
    assert ties(graph) == {
        ("action/1", "partner/a"): 1,
        ("action/1", "partner/b"): 1,
        ("action/2", "partner/a"): 1,
        ("action/2", "partner/b"): 1,
        ("action/3", "partner/all"): 1,
    }
    assert graph[iri("partner:a")][iri("action:1")]["role"] == "lead"
    assert graph[iri("partner:b")][iri("action:2")]["role"] == "with partner"
    assert graph.nodes[iri("partner:a")] == {"label": "A", "kind": "health", "side": 0}
    assert graph.nodes[iri("action:1")]["side"] == 1


def test_collective_parties_may_stand_for_their_members(facts: Facts) -> None:
    graph = network(facts, Choice(expand=True, one_mode=True))
    assert ties(graph) == {("partner/a", "partner/b"): 2, ("partner/b", "partner/c"): 1}


def test_the_other_modes(facts: Facts) -> None:
    assert ties(two_mode(facts, Choice("party-outcome"))) == {
        ("outcome/x", "partner/a"): 2,
        ("outcome/x", "partner/b"): 2,
        ("outcome/y", "partner/a"): 1,
        ("outcome/y", "partner/b"): 1,
    }
    assert ties(two_mode(facts, Choice("party-group"))) == {("group/g", "partner/a"): 2, ("group/g", "partner/b"): 1}
    assert ties(two_mode(facts, Choice("plan-strategy"))) == {
        ("plan/p", "strategy/s"): 1,
        ("plan/q", "strategy/s"): 1,
        ("plan/q", "strategy/t"): 1,
    }


def test_one_plan_alone(facts: Facts) -> None:
    assert set(two_mode(facts, Choice(plans=iris("plan:q")))) == set(iris("partner:all", "action:3"))
    assert len(two_mode(facts, Choice("party-group", plans=iris("plan:q")))) == 0
    assert ties(two_mode(facts, Choice("plan-strategy", plans=iris("plan:p")))) == {("plan/p", "strategy/s"): 1}


def test_one_mode_weights_count_what_is_shared(facts: Facts) -> None:
    assert ties(one_mode(two_mode(facts))) == {("partner/a", "partner/b"): 2}


def test_one_mode_agrees_with_networkx(shipped: Store) -> None:
    graph = two_mode(Facts(shipped))
    parties = [node for node, data in graph.nodes(data=True) if data["side"] == 0]
    expected = nx.bipartite.weighted_projected_graph(graph, parties)
    found = one_mode(graph)
    assert set(found) == set(expected)
    assert {frozenset(pair[:2]): pair[2]["weight"] for pair in found.edges(data=True)} == {
        frozenset(pair[:2]): pair[2]["weight"] for pair in expected.edges(data=True)
    }


def plain(graph: "nx.Graph[int]") -> "nx.Graph[str]":
    named: nx.Graph[str] = nx.Graph()
    named.add_nodes_from(f"n{node:02}" for node in graph)
    named.add_edges_from((f"n{one:02}", f"n{other:02}") for one, other in graph.edges)
    return named


@pytest.mark.parametrize("graph", [nx.Graph(), nx.empty_graph(1), nx.empty_graph(3)], ids=["empty", "one", "isolated"])
def test_degenerate_graphs_have_stated_results(graph: "nx.Graph[int]") -> None:
    summary, rows = measures(plain(graph))
    assert (summary.nodes, summary.ties, summary.parts) == (len(graph), 0, len(graph))
    assert summary.density == summary.centralization == summary.modularity == summary.core_fit == 0
    assert summary.fragmentation == (1 if len(graph) > 1 else 0)
    assert [(row.degree, row.betweenness, row.splits) for row in rows] == [(0, 0, False)] * len(graph)


def test_the_star_is_as_central_as_can_be() -> None:
    summary, rows = measures(plain(nx.star_graph(5)))
    assert summary.centralization == 1
    assert summary.density == pytest.approx(5 / 15, abs=1e-6)
    assert rows[0].node == "n00"
    assert (rows[0].degree, rows[0].betweenness, rows[0].splits, rows[0].core) == (5, 1, True, 1)


def test_the_circle_has_no_centre() -> None:
    summary, rows = measures(plain(nx.cycle_graph(6)))
    assert summary.centralization == 0
    assert not any(row.splits for row in rows)


def test_core_and_periphery_of_the_ideal() -> None:
    # Four in the core tied to each other, each with two of the periphery, which are tied to nobody else.
    graph = nx.complete_graph(4)
    graph.add_edges_from((node, 10 * (node + 1) + leaf) for node in range(4) for leaf in range(2))
    summary, rows = measures(plain(graph))
    assert (summary.core_size, summary.core_fit) == (4, 1)
    assert {row.node for row in rows if row.in_core} == {"n00", "n01", "n02", "n03"}


def test_the_karate_club_has_its_known_measures() -> None:
    # Zachary 1977; betweenness as printed by other software (igraph, UCINET): node 0 0.4376, node 33 0.3041.
    karate = plain(nx.karate_club_graph())
    summary, rows = measures(karate)
    assert (summary.nodes, summary.ties) == (34, 78)
    assert summary.density == pytest.approx(0.139037, abs=1e-6)
    assert summary.centralization == pytest.approx(0.399621, abs=1e-6)
    by_node = {row.node: row for row in rows}
    assert by_node["n00"].betweenness == pytest.approx(0.437635, abs=1e-6)
    assert by_node["n33"].betweenness == pytest.approx(0.304075, abs=1e-6)
    assert [row.node for row in rows if row.splits] == ["n00"]
    assert summary.modularity > 0.41


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([], 0), ([1], 0), ([5], 0), ([1, 1, 1], 1), ([2, 2], 1 - 4 / 12), ([3, 1], 1 - 6 / 12)],
)
def test_fragmentation(parts: list[int], expected: float) -> None:
    assert fragmentation(parts) == pytest.approx(expected)


def test_separations_of_a_path_and_a_lonely_node() -> None:
    graph = plain(nx.path_graph(4))
    graph.add_node("alone")
    found = separations(graph)
    assert [(split.node, split.parts) for split in found] == [("n01", (2, 1)), ("n02", (2, 1))]
    assert found[0].before == pytest.approx(0.4)
    assert found[0].after == pytest.approx(1 - 2 / 12)


@pytest.mark.parametrize("seed", range(8))
def test_separations_agree_with_taking_each_node_out(seed: int) -> None:
    graph = plain(nx.gnm_random_graph(24, 26, seed=seed))
    found = {split.node: split for split in separations(graph)}
    assert set(found) == set(nx.articulation_points(graph))
    for node, split in found.items():
        rest = graph.subgraph(set(graph) - {node})
        own = nx.node_connected_component(graph, node)
        sizes = [len(part) for part in nx.connected_components(rest)]
        parts = sorted((len(p) for p in nx.connected_components(graph.subgraph(own - {node}))), reverse=True)
        assert list(split.parts) == parts
        assert split.after == pytest.approx(fragmentation(sizes))


@pytest.mark.parametrize("mode", MODES)
def test_every_network_of_the_five_plans_is_the_same_each_time(shipped: Store, mode: str) -> None:
    choice = Choice(mode)
    first, second = (
        network_files.render(network(f, choice), f, choice, "json") for f in (Facts(shipped), Facts(shipped))
    )
    assert first == second
    assert json.loads(first)["nodes"]


def test_files_can_be_read_back(facts: Facts) -> None:
    choice = Choice()
    graph = network(facts, choice)
    written = {form: network_files.render(graph, facts, choice, form) for form in network_files.FORMATS}
    for back in (
        nx.read_graphml(BytesIO(written["graphml"])),
        nx.read_gexf(BytesIO(written["gexf"])),
        nx.node_link_graph(json.loads(written["json"]), edges="edges"),
    ):
        assert set(back) == set(graph)
        assert {frozenset(edge) for edge in back.edges} == {frozenset(edge) for edge in graph.edges}
        assert back.nodes[iri("partner:a")]["degree"] == 2
    nodes = list(csv.DictReader(StringIO(written["nodes"].decode())))
    edges = list(csv.DictReader(StringIO(written["edges"].decode())))
    assert (len(nodes), len(edges)) == (graph.number_of_nodes(), graph.number_of_edges())
    assert {row["node"] for row in nodes} >= {"partner:a", "action:1"}
    assert "Parties and actions" in written["table"].decode()


def test_the_picture_needs_no_other_host_and_holds_the_table(facts: Facts) -> None:
    page = network_files.render(network(facts, Choice()), facts, Choice(), "html").decode()
    head = page.partition('<script type="application/json"')[0]
    assert "http://" not in head
    assert "https://" not in head.replace("https://w3id.org", "")
    assert "<link" not in page
    assert 'src="' not in page
    assert page.count("<tr data-node=") == len(network(facts, Choice()))


def test_labels_cannot_break_the_picture(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path, 'action:1 a gt:Action ; gt:responsible partner:x . partner:x skos:prefLabel "</script><b>x" .'
    )
    page = network_files.render(network(facts, Choice()), facts, Choice(), "html").decode()
    assert "</script><b>" not in page


def test_an_empty_network_has_every_form() -> None:
    facts = Facts(Store.in_memory([]))
    for form in network_files.FORMATS:
        assert network_files.render(network(facts, Choice()), facts, Choice(), form)


def test_an_unknown_form_is_refused(facts: Facts) -> None:
    with pytest.raises(UnknownName, match="no form ‘pdf’"):
        network_files.render(network(facts, Choice()), facts, Choice(), "pdf")
