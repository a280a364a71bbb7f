"""Networks of who is named with whom and for what, as NetworkX graphs, and what measures say of them.

The two-mode networks (party and action, party and outcome, party and sub-group, plan and strategy) are what the plans
state. A one-mode network of parties follows from a two-mode one and is denser than life: an action that names
twelve parties ties each to eleven others. To be named together is *planned* co-working, no proof of it.

A measure has no good or bad value. Every measure is defined for every graph: of the empty graph and of a single node
all are 0; of a graph in parts each is taken within the parts or over all pairs, as its own text says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import networkx as nx
import numpy as np
from scipy import sparse

from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.analysis.parties import Parties
from goldenthread.namespaces import kind_of

Network = "nx.Graph[str]"

MODES = ("party-action", "party-outcome", "party-group", "plan-strategy")
_ROLES = (("lead", "gt:lead"), ("responsible", "gt:responsible"), ("with partner", "gt:withPartner"))
_EXACT_BETWEENNESS = 1500
_PIVOTS = 500
_SEED = 1


@dataclass(frozen=True)
class Choice:
    """Which network is wanted.

    Attributes:
        mode: one of `MODES`: what stands on either side.
        plans: IRIs of the plans to take; none means all.
        expand: whether a collective party stands for its known members, or for itself.
        one_mode: whether to tie parties (or plans) that share something, and leave the other side out.
    """

    mode: str = "party-action"
    plans: tuple[str, ...] = ()
    expand: bool = False
    one_mode: bool = False


def network(facts: Facts, choice: Choice) -> "nx.Graph[str]":
    """Build the network that is wanted.

    Returns:
        A graph of IRIs. Nodes have `label`, `kind` (of partner: `council`, `health` …; else `group`, `action`,
        `outcome`, `plan`, `strategy`) and `side` (0 for parties and plans, 1 for what they are tied to). Ties have
        `weight`: of a two-mode network the number of statements behind a tie; of a one-mode network how many
        actions, outcomes … the two share. Ties of `party-action` have `role` too.
    """
    graph = two_mode(facts, choice)
    return one_mode(graph) if choice.one_mode else graph


def two_mode(facts: Facts, choice: Choice | None = None) -> "nx.Graph[str]":
    """Build a two-mode network; see `network`."""
    choice = choice or Choice()
    parties, names = Parties(facts), Names(facts)
    graph: nx.Graph[str] = nx.Graph()
    for one, other, role in _ties(facts, choice):
        for first in sorted(parties.bodies(one)) if choice.expand and one in parties.collective else (one,):
            if graph.has_edge(first, other):
                graph.edges[first, other]["weight"] += 1
            else:
                graph.add_edge(first, other, weight=1, **({"role": role} if role else {}))
            for node, side in ((first, 0), (other, 1)):
                graph.add_node(node, label=names(node), kind=_kind(parties, node), side=side)
    return graph


def _kind(parties: Parties, node: str) -> str:
    return parties.kind(node) if kind_of(node) in {"partner", "group"} else kind_of(node)


def _ties(facts: Facts, choice: Choice) -> Iterable[tuple[str, str, str]]:
    """The ties of a two-mode network: one side, the other, and the role if there is one."""
    plans = set(choice.plans) or set(facts.of_class("gt:Plan"))
    if choice.mode == "party-action":
        return _party_action(facts, plans)
    if choice.mode == "party-outcome":
        actions = facts.table("gt:contributesTo")
        return ((p, outcome, "") for p, a, _ in _party_action(facts, plans) for outcome in actions.get(a, ()))
    if choice.mode == "party-group":
        return _party_group(facts, plans)
    return _plan_strategy(facts, plans)


def _party_action(facts: Facts, plans: set[str]) -> Iterable[tuple[str, str, str]]:
    for action in facts.of_class("gt:Action"):
        if not plans.isdisjoint(facts.all(action, "gt:partOfPlan")):
            named = {party: role for role, name in reversed(_ROLES) for party in facts.all(action, name)}
            yield from ((party, action, role) for party, role in named.items())


def _party_group(facts: Facts, plans: set[str]) -> Iterable[tuple[str, str, str]]:
    documents = {source for plan in plans for source in facts.all(plan, "prov:wasDerivedFrom")}
    for name, role in (("org:hasMember", "member"), ("gt:chairedBy", "chair")):
        for group, members in sorted(facts.table(name).items()):
            places = {place.partition("#")[0] for place in facts.all(group, "prov:wasDerivedFrom")}
            if kind_of(group) == "group" and not places.isdisjoint(documents):
                yield from ((member, group, role) for member in members)


def _plan_strategy(facts: Facts, plans: set[str]) -> Iterable[tuple[str, str, str]]:
    for thing, strategies in sorted(facts.table("gt:cites").items()):
        for plan in (thing,) if kind_of(thing) == "plan" else facts.all(thing, "gt:partOfPlan"):
            if plan in plans:
                yield from ((plan, strategy, "") for strategy in strategies)


def one_mode(graph: "nx.Graph[str]", side: int = 0) -> "nx.Graph[str]":
    """Tie the nodes of one side that share a node of the other; the weight is how many they share.

    Computed as a product of sparse matrices, which is far faster than node by node.

    Args:
        graph: a two-mode network.
        side: the side to keep.
    """
    rows = [node for node, data in graph.nodes(data=True) if data["side"] == side]
    columns = {node: at for at, node in enumerate(n for n, data in graph.nodes(data=True) if data["side"] != side)}
    projected: nx.Graph[str] = nx.Graph()
    projected.add_nodes_from((node, graph.nodes[node]) for node in rows)
    pairs = [(at, columns[other]) for at, node in enumerate(rows) for other in graph[node] if other in columns]
    if not pairs:
        return projected
    at, other = np.asarray(pairs).T
    ties = sparse.csr_matrix((np.ones(len(pairs), dtype=np.int64), (at, other)), shape=(len(rows), len(columns)))
    shared = sparse.triu(ties @ ties.T, k=1).tocoo()
    for i, j, weight in zip(shared.row.tolist(), shared.col.tolist(), shared.data.tolist(), strict=True):
        projected.add_edge(rows[i], rows[j], weight=weight)
    return projected


@dataclass(frozen=True)
class NodeMeasures:
    """What measures say of one node.

    Attributes:
        node, label, kind: as in the graph.
        side: 0 or 1, as in the graph.
        degree: number of ties.
        weighted_degree: sum of the weights of its ties.
        betweenness: share of the shortest paths between other nodes that pass through it, 0..1 (Freeman, 1977);
            of graphs with more than 1,500 nodes estimated from 500 of them (Brandes and Pich, 2007).
        community: number of its community, the largest being 1 (Louvain; Blondel and others, 2008).
        core: the largest k such that it lies in a part in which all have k ties (Seidman, 1983).
        in_core: whether it is in the core of core and periphery (see `Summary`).
        splits: whether its leaving would split the graph further (articulation point).
    """

    node: str
    label: str
    kind: str
    side: int
    degree: int
    weighted_degree: float
    betweenness: float
    community: int
    core: int
    in_core: bool
    splits: bool


@dataclass(frozen=True)
class Summary:
    """What measures say of a whole graph.

    Attributes:
        nodes, ties: how many.
        parts: connected components, isolated nodes included.
        density: ties as a share of those possible; of a two-mode graph, of those between the sides.
        centralization: how far ties gather on few nodes, 0..1 (Freeman, 1979); of a two-mode graph for side 0, where
            each node has at least one tie, so that the greatest sum is (n0 - 1)(n1 - 1) (after Borgatti and Everett,
            1997).
        fragmentation: share of pairs of nodes that no path joins (Borgatti, KPP-Neg, 2006).
        core_size: nodes in the core, by the split into core and periphery that leaves fewest ties missing in the
            core and present in the periphery (Lip, 2011).
        core_fit: correlation of the ties with that split, -1..1 (Borgatti and Everett, 2000); 0 where it is undefined.
        modularity: of the communities (Newman, 2004).
        communities: how many.
    """

    nodes: int
    ties: int
    parts: int
    density: float
    centralization: float
    fragmentation: float
    core_size: int
    core_fit: float
    modularity: float
    communities: int


def measures(graph: "nx.Graph[str]") -> tuple[Summary, list[NodeMeasures]]:
    """Measure a graph and its nodes, the nodes with most ties first."""
    communities = _communities(graph)
    community_of = {node: number for number, part in enumerate(communities, 1) for node in part}
    betweenness = _betweenness(graph)
    cores = nx.core_number(graph) if graph else {}
    core = _core(graph)
    cut = set(nx.articulation_points(graph)) if graph else set()
    weighted = dict(graph.degree(weight="weight"))
    rows = [
        NodeMeasures(
            node=node,
            label=data.get("label", node),
            kind=data.get("kind", ""),
            side=data.get("side", 0),
            degree=graph.degree(node),
            weighted_degree=weighted[node],
            betweenness=round(betweenness[node], 6),
            community=community_of[node],
            core=cores[node],
            in_core=node in core,
            splits=node in cut,
        )
        for node, data in graph.nodes(data=True)
    ]
    modularity = nx.community.modularity(graph, communities, weight="weight") if graph.number_of_edges() else 0.0
    summary = Summary(
        nodes=graph.number_of_nodes(),
        ties=graph.number_of_edges(),
        parts=nx.number_connected_components(graph) if graph else 0,
        density=round(_density(graph), 6),
        centralization=round(_centralization(graph), 6),
        fragmentation=round(fragmentation([len(part) for part in nx.connected_components(graph)]), 6),
        core_size=len(core),
        core_fit=round(_core_fit(graph, core), 4) + 0.0,  # no minus zero
        modularity=round(modularity, 6),
        communities=len(communities),
    )
    return summary, sorted(rows, key=lambda row: (-row.degree, -row.weighted_degree, row.node))


def over_time(facts: Facts, choice: Choice) -> list[tuple[str, Summary]]:
    """The measures of the network of each plan by itself, the earliest plan first, then of all of them together.

    Args:
        facts: the graph.
        choice: which network; its plans, or all.

    Returns:
        (IRI of the plan, measures); the last has an empty IRI. Networks of different size are not alike in density
        and centralization even if their parties behave alike, so compare with care.
    """
    plans = choice.plans or facts.of_class("gt:Plan")
    ordered = sorted(plans, key=lambda plan: (facts.one(plan, "gt:periodStart"), plan))
    found = [(plan, measures(network(facts, replace(choice, plans=(plan,))))[0]) for plan in ordered]
    return [*found, ("", measures(network(facts, choice))[0])]


def _communities(graph: "nx.Graph[str]") -> list[set[str]]:
    if not graph:
        return []
    found = nx.community.louvain_communities(graph, weight="weight", seed=_SEED)
    return sorted(found, key=lambda part: (-len(part), min(part)))


def _betweenness(graph: "nx.Graph[str]") -> Mapping[str, float]:
    pivots = _PIVOTS if len(graph) > _EXACT_BETWEENNESS else None
    return nx.betweenness_centrality(graph, k=pivots, seed=_SEED)


def _sides(graph: "nx.Graph[str]") -> tuple[list[str], list[str]]:
    sides: tuple[list[str], list[str]] = ([], [])
    for node, data in graph.nodes(data=True):
        sides[data.get("side", 0)].append(node)
    return sides


def _density(graph: "nx.Graph[str]") -> float:
    first, second = _sides(graph)
    possible = len(first) * len(second) if second else len(first) * (len(first) - 1) / 2
    return graph.number_of_edges() / possible if possible else 0.0


def _centralization(graph: "nx.Graph[str]") -> float:
    first, second = _sides(graph)
    degrees = [graph.degree(node) for node in first]
    greatest = (len(first) - 1) * (len(second) - 1 if second else len(first) - 2)
    return sum(max(degrees) - degree for degree in degrees) / greatest if greatest > 0 else 0.0


def fragmentation(parts: Iterable[int]) -> float:
    """The share of pairs of nodes that no path joins, 0..1, from the sizes of the parts; 0 for less than two nodes.

    Borgatti, Identifying sets of key players in a social network, 2006, equation 4.
    """
    sizes = list(parts)
    total = sum(sizes)
    if total < 2:
        return 0.0
    return 1 - sum(size * (size - 1) for size in sizes) / (total * (total - 1))


def _core(graph: "nx.Graph[str]") -> frozenset[str]:
    """The core that leaves fewest ties missing within it and fewest ties within the periphery.

    With nodes in falling order of degree d, the cost of a core of the first k nodes is Z(k) = Z(k-1) + k - 1 - d(k)
    (Lip, A fast algorithm for the discrete core/periphery bipartitioning problem, 2011).
    """
    order = sorted(graph, key=lambda node: (-graph.degree(node), node))
    cost = best = 0
    size = 0
    for k, node in enumerate(order, 1):
        cost += k - 1 - graph.degree(node)
        if cost < best:
            best, size = cost, k
    return frozenset(order[:size])


def _core_fit(graph: "nx.Graph[str]", core: frozenset[str]) -> float:
    """The correlation, over pairs of nodes, of being tied with being tied in the ideal of core and periphery.

    In the ideal all pairs within the core are tied and none within the periphery; pairs between the two do not count.
    """
    inside, outside = len(core), len(graph) - len(core)
    ideal = inside * (inside - 1) // 2
    empty = outside * (outside - 1) // 2
    tied_inside = sum(1 for one, other in graph.edges if one in core and other in core)
    tied_outside = sum(1 for one, other in graph.edges if one not in core and other not in core)
    pairs, tied = ideal + empty, tied_inside + tied_outside
    spread = ideal * empty * tied * (pairs - tied)
    return float((pairs * tied_inside - tied * ideal) / spread**0.5) if spread else 0.0


@dataclass(frozen=True)
class Separation:
    """A node whose leaving splits the graph further.

    Attributes:
        node: the node.
        parts: sizes of the parts that its own part falls into, the largest first.
        before, after: fragmentation of the graph with it and without it.
    """

    node: str
    parts: tuple[int, ...]
    before: float
    after: float


def separations(graph: "nx.Graph[str]") -> list[Separation]:
    """The articulation points of a graph with what their leaving does, the most splitting first.

    The parts are read off the tree of blocks and cut nodes (Hopcroft and Tarjan, 1973), so that all of them together
    cost one walk through the graph.
    """
    components = [len(part) for part in nx.connected_components(graph)]
    before, total = fragmentation(components), sum(components)
    joined = sum(size * (size - 1) for size in components)
    found = []
    for component in nx.connected_components(graph):
        for node, parts in _parts_without(graph.subgraph(component)).items():
            rest = joined - len(component) * (len(component) - 1) + sum(size * (size - 1) for size in parts)
            after = 1 - rest / ((total - 1) * (total - 2)) if total > 2 else 0.0
            found.append(Separation(node, tuple(sorted(parts, reverse=True)), before, after))
    return sorted(found, key=lambda split: (-split.after, split.node))


def _parts_without(component: "nx.Graph[str]") -> dict[str, list[int]]:
    """For each articulation point of a connected graph: the sizes of the parts it falls into without it."""
    blocks = [frozenset(block) for block in nx.biconnected_components(component)]
    cut = set(nx.articulation_points(component))
    tree: nx.Graph[Any] = nx.Graph()
    for number, block in enumerate(blocks):
        tree.add_node(number)
        tree.add_edges_from((number, node) for node in block & cut)
    if not cut:
        return {}
    own = {number: len(block - cut) for number, block in enumerate(blocks)} | dict.fromkeys(cut, 1)
    total = len(component)
    below: dict[Any, int] = {}
    above: dict[Any, Any] = {}
    order = list(nx.dfs_edges(tree, source=0))
    for parent, child in order:
        above[child] = parent
    for node in [child for _, child in reversed(order)] + [0]:
        below[node] = below.get(node, 0) + own[node]
        if node in above:
            below[above[node]] = below.get(above[node], 0) + below[node]
    parts: dict[str, list[int]] = {node: [] for node in cut}
    for node in cut:
        for block in tree[node]:
            parts[node].append(below[block] if above.get(block) == node else total - below[node])
    return parts
