"""What hangs on whom: what stops when partners leave, whose leaving does most harm, and what waits in a circle.

An action *stops* when everyone who is to do it has left: a collective party has left when all its known members
have, a unit or post when the body it belongs to has. It is *weakened* when someone it names has left but not all who
are to do it, or when it waits, directly or through others, for an action that stops. An outcome *loses all delivery*
when every action for it that names somebody to do it stops. Actions that name nobody cannot stop: nobody has
promised them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.analysis.parties import Parties
from goldenthread.namespaces import kind_of
from goldenthread.turtle import natural


@dataclass(frozen=True)
class Impact:
    """What happens if some parties leave.

    Attributes:
        without: the parties that leave (IRIs, sorted).
        stops: actions that nobody is left to do, in document order.
        weakened: action → why it is weakened, sentences.
        outcomes_lost: outcomes that lose all delivery → their actions that stop.
        outcomes_weakened: outcomes that keep some delivery but lose an action → their actions that stop.
        groups: sub-groups that lose a chair or a member.
        services: services that lose a provider → whether no provider is left.
    """

    without: tuple[str, ...]
    stops: tuple[str, ...]
    weakened: Mapping[str, tuple[str, ...]]
    outcomes_lost: Mapping[str, tuple[str, ...]]
    outcomes_weakened: Mapping[str, tuple[str, ...]]
    groups: tuple[str, ...]
    services: Mapping[str, bool]


@dataclass(frozen=True)
class Pair:
    """Two partners whose leaving together does the most harm of a kind.

    Attributes:
        partners: the two (IRIs, sorted).
        alone: how many are lost if the first, and if the second, leaves alone.
        together: how many are lost if both leave.
    """

    partners: tuple[str, str]
    alone: tuple[int, int]
    together: int


class Dependencies:
    """The dependencies of a graph.

    Args:
        parties: its parties.
    """

    def __init__(self, parties: Parties) -> None:
        self._parties = parties
        self._facts: Facts = parties.facts

    @cached_property
    def delivery(self) -> Mapping[str, frozenset[str]]:
        """Action → the bodies behind all who are to do it; only actions that name somebody."""
        found = {action: self._parties.deliverers(action) for action in self._parties.actions}
        return {action: self._parties.expand(named) for action, named in found.items() if named}

    @cached_property
    def outcome_delivery(self) -> Mapping[str, frozenset[str]]:
        """Outcome → the bodies behind all its actions that name somebody to do them."""
        found: dict[str, set[str]] = {}
        for action, bodies in self.delivery.items():
            for outcome in self._facts.all(action, "gt:contributesTo"):
                found.setdefault(outcome, set()).update(bodies)
        return {outcome: frozenset(bodies) for outcome, bodies in found.items()}

    @cached_property
    def _touching(self) -> Mapping[str, tuple[str, ...]]:
        """Party → the actions that name it, a collective party that includes it, or a unit or post of it."""
        found: dict[str, set[str]] = {}
        for name in ("gt:lead", "gt:responsible", "gt:withPartner"):
            for action, parties in self._facts.table(name).items():
                for party in parties:
                    found.setdefault(party, set()).add(action)
        return {party: tuple(sorted(actions)) for party, actions in found.items()}

    def gone(self, without: Collection[str]) -> frozenset[str]:
        """All parties that leave when some do: their units and posts, and collective parties left without a member."""
        facts, gone, fresh = self._facts, set(without), list(without)
        while fresh:
            party = fresh.pop()
            below = facts.inverse("gt:partOfPartner").get(party, ()) + facts.inverse("gt:postOf").get(party, ())
            emptied = (
                whole
                for whole in facts.inverse("gt:includes").get(party, ())
                if whole in self._parties.collective and gone.issuperset(facts.all(whole, "gt:includes"))
            )
            for other in (*below, *emptied):
                if other not in gone:
                    gone.add(other)
                    fresh.append(other)
        return frozenset(gone)

    def without(self, parties: Collection[str]) -> Impact:
        """What happens if parties leave, all at once.

        Args:
            parties: IRIs of partners or sub-groups.
        """
        facts, gone = self._facts, self.gone(parties)
        reduced = self._reduced(gone)
        touched = {action for party in gone | reduced for action in self._touching.get(party, ())}
        stops = {action for action in touched if gone.issuperset(self._parties.deliverers(action) or {""})}
        weakened: dict[str, list[str]] = {}
        names = Names(facts)
        for action in touched - stops:
            weakened[action] = list(self._losses(action, gone, reduced, names))
        for action, prerequisite in self._held_up(stops):
            weakened.setdefault(action, []).append(f"It waits for ‘{names(prerequisite)}’, which stops or is held up")
        lost: dict[str, list[str]] = {}
        for action in stops:
            for outcome in facts.all(action, "gt:contributesTo"):
                lost.setdefault(outcome, []).append(action)
        delivered = {
            outcome: sum(a in self.delivery for a in facts.inverse("gt:contributesTo")[outcome]) for outcome in lost
        }
        order = {outcome: tuple(sorted(actions, key=natural)) for outcome, actions in sorted(lost.items())}
        groups = {
            group
            for name in ("gt:chairedBy", "org:hasMember")
            for party in gone
            for group in facts.inverse(name).get(party, ())
            if kind_of(group) == "group" and group not in gone
        }
        services = {service for party in gone for service in facts.inverse("gt:providedBy").get(party, ())}
        return Impact(
            without=tuple(sorted(parties)),
            stops=tuple(sorted(stops, key=natural)),
            weakened={action: tuple(weakened[action]) for action in sorted(weakened, key=natural)},
            outcomes_lost={o: actions for o, actions in order.items() if len(actions) == delivered[o]},
            outcomes_weakened={o: actions for o, actions in order.items() if len(actions) < delivered[o]},
            groups=tuple(sorted(groups)),
            services={s: gone.issuperset(facts.all(s, "gt:providedBy")) for s in sorted(services)},
        )

    def _reduced(self, gone: Iterable[str]) -> frozenset[str]:
        """Collective parties that lose a member, directly or within another collective party."""
        facts, reduced, fresh = self._facts, set[str](), list(gone)
        while fresh:
            for whole in facts.inverse("gt:includes").get(fresh.pop(), ()):
                if whole not in reduced:
                    reduced.add(whole)
                    fresh.append(whole)
        return frozenset(reduced.difference(gone))

    def _losses(self, action: str, gone: frozenset[str], reduced: frozenset[str], names: Names) -> Iterable[str]:
        leads = self._parties.leads(action)
        for lead in leads:
            if lead in gone:
                yield f"It loses its lead, {names(lead)}"
        for party in sorted(self._parties.deliverers(action)):
            if party in gone and party not in leads:
                yield f"It loses {names(party)}, which is to do it with others"
            elif party in reduced:
                yield f"{names(party)}, who are to do it, lose a member"
        for party in sorted(self._parties.helpers(action)):
            if party in gone:
                yield f"It loses {names(party)}, which takes part"
            elif party in reduced:
                yield f"{names(party)}, who take part, lose a member"

    def _held_up(self, stops: Collection[str]) -> Iterable[tuple[str, str]]:
        """Actions that wait for one that stops, directly or through others, each with what it waits for."""
        seen, fresh = set(stops), list(stops)
        while fresh:
            prerequisite = fresh.pop()
            for action in self._facts.inverse("gt:dependsOn").get(prerequisite, ()):
                if action not in seen:
                    seen.add(action)
                    fresh.append(action)
                    yield action, prerequisite

    def losses(self) -> list[tuple[str, int, int]]:
        """For every partner: how many actions stop, and how many outcomes lose all delivery, if it leaves alone.

        Returns:
            (partner, actions, outcomes), the most harmful first; only partners whose leaving stops something.
        """
        actions = self._alone(self.delivery)
        outcomes = self._alone(self.outcome_delivery)
        found = [(partner, actions[partner], outcomes[partner]) for partner in actions | outcomes]
        return sorted(found, key=lambda row: (-row[1], -row[2], row[0]))

    def _alone(self, delivery: Mapping[str, frozenset[str]]) -> "Counter[str]":
        sole = (next(iter(bodies)) for bodies in delivery.values() if len(bodies) == 1)
        return Counter(body for body in sole if self._parties.is_partner(body))

    def worst_pair(self, delivery: Mapping[str, frozenset[str]]) -> Pair | None:
        """The two partners whose leaving together takes away the most; exact, and linear in the size of `delivery`.

        What two partners take away together is what each takes away alone and what only the two of them deliver. So
        the worst pair is either the worst of those that share a delivery, or the two worst alone.

        Args:
            delivery: `delivery` (actions) or `outcome_delivery` (outcomes).

        Returns:
            The pair, the first by name among equals; None if no two partners take anything away.
        """
        alone = self._alone(delivery)
        shared: Counter[tuple[str, str]] = Counter()
        for bodies in delivery.values():
            if len(bodies) == 2 and all(map(self._parties.is_partner, bodies)):
                first, second = sorted(bodies)
                shared[first, second] += 1
        top = sorted(alone, key=lambda partner: (-alone[partner], partner))[:2]
        candidates = {*shared, *((min(pair), max(pair)) for pair in combinations(top, 2))}
        if not candidates:
            return None
        worst = min(candidates, key=lambda pair: (-(alone[pair[0]] + alone[pair[1]] + shared[pair]), pair))
        return Pair(worst, (alone[worst[0]], alone[worst[1]]), alone[worst[0]] + alone[worst[1]] + shared[worst])

    def cycles(self) -> list[tuple[str, ...]]:
        """Sets of actions that wait for each other in a circle: strongly connected parts of depends-on."""
        import networkx as nx

        graph = nx.DiGraph(
            (action, other)
            for action, others in self._facts.table("gt:dependsOn").items()
            for other in others
            if kind_of(other) == "action"
        )
        found = [tuple(sorted(part, key=natural)) for part in nx.strongly_connected_components(graph) if len(part) > 1]
        loops = [(action,) for action in nx.nodes_with_selfloops(graph)]
        return sorted([*found, *loops])

    def chain(self, action: str) -> tuple[str, ...]:
        """What an action waits for, what that waits for, and so on: the longest such chain, the action first.

        A chain ends where it would enter a circle that it is already in.
        """
        found, heights = [action], self._heights
        while True:
            here = heights.get(found[-1], 0)
            below = [o for o in self._facts.all(found[-1], "gt:dependsOn") if heights.get(o, 0) < here]
            if not below:
                return tuple(found)
            found.append(max(below, key=lambda other: (heights.get(other, 0), other)))

    @cached_property
    def _heights(self) -> Mapping[str, int]:
        """How many steps lie below an action or condition in depends-on, a circle counted as one step."""
        import networkx as nx

        waits = self._facts.table("gt:dependsOn")
        whole = nx.condensation(nx.DiGraph((action, other) for action, others in waits.items() for other in others))
        heights: dict[int, int] = {}
        for part in reversed(list(nx.topological_sort(whole))):
            heights[part] = 1 + max((heights[other] for other in whole.successors(part)), default=-1)
        return {node: height for part, height in heights.items() for node in whole.nodes[part]["members"]}
