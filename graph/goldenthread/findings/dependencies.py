"""Dependencies as findings: what waits on what, who alone leads or delivers, and what stops if partners leave."""

from collections import Counter
from collections.abc import Collection, Iterable

from goldenthread.analysis.dependencies import Dependencies, Pair
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.names import Names
from goldenthread.analysis.networks import separations, two_mode
from goldenthread.analysis.parties import Parties
from goldenthread.findings.finding import Finding, ordered
from goldenthread.findings.gaps import of_family, plans_of, sources
from goldenthread.findings.profile import Profile
from goldenthread.namespaces import kind_of
from goldenthread.store import Store
from goldenthread.turtle import natural

_HUB_SHARE = 0.05
_LEAST_HUB = 3
"""A hub is named or cited by at least this share and this number of a plan's actions."""


def dependencies(store: Store, facts: Facts, profile: Profile) -> list[Finding]:
    """Every dependency of the graph, whoever leaves; the most serious first.

    Args:
        store: the graph.
        facts: the same graph as tables.
        profile: severities.
    """
    found = of_family(store, "dependency", profile, facts)
    maker = _Maker(facts, profile)
    for part in (maker.waiting, maker.cycles, maker.partners, maker.worst_pairs, maker.splits, maker.hubs):
        found += part()
    wanted = set(profile.kinds("dependency"))
    return ordered(finding for finding in found if finding.kind in wanted)


def without(facts: Facts, profile: Profile, parties: Collection[str]) -> list[Finding]:
    """What happens if parties leave, all at once: what stops, what is weakened, which outcomes lose all delivery.

    Args:
        facts: the graph.
        profile: severities.
        parties: IRIs of partners or sub-groups.
    """
    maker = _Maker(facts, profile)
    impact = maker.dependencies.without(parties)
    leaving = maker.list(impact.without)
    stops = (
        maker.finding(
            "actions-that-stop", f"{maker.quoted(action)} stops", (action,), ("Nobody who was to do it is left",)
        )
        for action in impact.stops
    )
    weakened = (
        maker.finding("actions-weakened", f"{maker.quoted(action)} is weakened", (action,), reasons)
        for action, reasons in impact.weakened.items()
    )
    lost = (
        maker.finding(
            "outcomes-that-lose-delivery",
            f"{maker.quoted(outcome)} loses all delivery",
            (outcome,),
            (f"Every action for it that names somebody stops: {maker.list(actions)}", *maker.unnamed(outcome)),
            rests_on=(outcome, *actions),
        )
        for outcome, actions in impact.outcomes_lost.items()
    )
    partly = (
        maker.finding(
            "outcomes-weakened",
            f"{maker.quoted(outcome)} loses part of its delivery",
            (outcome,),
            (f"These actions for it stop: {maker.list(actions)}",),
            rests_on=(outcome, *actions),
        )
        for outcome, actions in impact.outcomes_weakened.items()
    )
    groups = (
        maker.finding(
            "groups-weakened", f"{maker.quoted(group)} loses a chair or member", (group,), (f"Leaving: {leaving}",)
        )
        for group in impact.groups
    )
    services = (
        maker.finding(
            "services-weakened",
            f"{maker.quoted(service)} loses {'its only' if only else 'a'} provider",
            (service,),
            (f"Leaving: {leaving}",),
        )
        for service, only in impact.services.items()
    )
    wanted = set(profile.kinds("dependency"))
    found = (finding for part in (stops, lost, weakened, partly, groups, services) for finding in part)
    return ordered(finding for finding in found if finding.kind in wanted)


class _Maker:
    def __init__(self, facts: Facts, profile: Profile) -> None:
        self.facts = facts
        self.names = Names(facts)
        self.parties = Parties(facts)
        self.dependencies = Dependencies(self.parties)
        self._profile = profile

    def finding(  # noqa: PLR0913, PLR0917
        self,
        kind: str,
        title: str,
        subjects: Iterable[str],
        reasons: Iterable[str] = (),
        rests_on: Iterable[str] = (),
        score: float | None = None,
    ) -> Finding:
        """A finding whose plans and evidence are those of the things it rests on, by default its subjects."""
        subjects = tuple(subjects)
        things = tuple(rests_on) or subjects
        return Finding(
            kind=f"dependency.{kind}",
            severity=self._profile[f"dependency.{kind}"],
            title=title,
            subjects=subjects,
            plans=plans_of(self.facts, things),
            score=score,
            reasons=tuple(reasons),
            evidence=tuple(sorted({s for thing in things for s in sources(self.facts, thing)}, key=natural)),
        )

    def quoted(self, thing: str) -> str:
        """The name of a thing in quotation marks."""
        return f"‘{self.names(thing)}’"

    def list(self, things: Iterable[str], most: int = 6) -> str:
        names = [self.quoted(thing) for thing in things]
        rest = f" and {len(names) - most} more" if len(names) > most else ""
        return "; ".join(names[:most]) + rest

    def unnamed(self, outcome: str) -> tuple[str, ...]:
        """A reason that says how many actions for an outcome name nobody to do them, if any."""
        actions = self.facts.inverse("gt:contributesTo").get(outcome, ())
        number = sum(action not in self.dependencies.delivery for action in actions)
        return (f"{number} more of its actions name nobody to do them",) if number else ()

    def waiting(self) -> Iterable[Finding]:
        """Actions that wait for others or for conditions outside the plan, with the chain of what those wait for."""
        for action, others in self.facts.table("gt:dependsOn").items():
            chain = self.dependencies.chain(action)
            steps = " waits for ".join(self.quoted(step) for step in chain)
            for other in others:
                kind = "actions-that-wait" if kind_of(other) == "action" else "actions-on-conditions"
                title = f"{self.quoted(action)} waits for {self.quoted(other)}"
                yield self.finding(kind, title, (action, other), [f"The whole chain: {steps}"] * (len(chain) > 2))

    def cycles(self) -> Iterable[Finding]:
        """Actions that wait for each other in a circle."""
        for cycle in self.dependencies.cycles():
            title = "Actions wait for each other in a circle" if len(cycle) > 1 else "An action waits for itself"
            yield self.finding("cycles", f"{title}: {self.list(cycle)}", cycle)

    def partners(self) -> Iterable[Finding]:
        """Partners whose leaving alone stops something."""
        total = len(self.dependencies.delivery)
        sole: dict[str, list[str]] = {}
        for action, bodies in self.dependencies.delivery.items():
            if len(bodies) == 1:
                sole.setdefault(next(iter(bodies)), []).append(action)
        for partner, stops, lost in self.dependencies.losses():
            actions = sole.get(partner, [])
            yield self.finding(
                "partners-that-leave",
                f"If {self.names(partner)} leaves, {_count(stops, 'action')} stop{'s' * (stops == 1)}"
                f" and {_count(lost, 'outcome')} lose{'s' * (lost == 1)} all delivery",
                (partner,),
                [f"It alone is to do {self.list(sorted(actions, key=natural))}"] * bool(actions),
                rests_on=actions,
                score=round(stops / total, 4),
            )

    def worst_pairs(self) -> Iterable[Finding]:
        """The two partners whose leaving together takes away most actions, and most outcomes."""
        for what, delivery in (
            ("actions", self.dependencies.delivery),
            ("outcomes", self.dependencies.outcome_delivery),
        ):
            pair = self.dependencies.worst_pair(delivery)
            if pair is not None:
                yield self._worst_pair(what, pair, [t for t, b in delivery.items() if b <= set(pair.partners)])

    def _worst_pair(self, what: str, pair: Pair, lost: Collection[str]) -> Finding:
        one, other = map(self.names, pair.partners)
        ends = "stop" if what == "actions" else "lose all delivery"
        return self.finding(
            f"worst-pair-for-{what}",
            f"No two partners take away more {what} than {one} and {other}: {pair.together} {ends}",
            pair.partners,
            [
                f"{one} alone takes away {pair.alone[0]}, {other} alone {pair.alone[1]},"
                f" and {pair.together - sum(pair.alone)} hang on the two together"
            ],
            rests_on=lost,
        )

    def splits(self) -> Iterable[Finding]:
        """Partners whose leaving splits the network of parties and actions."""
        graph = two_mode(self.facts)
        for split in separations(graph):
            if self.parties.is_partner(split.node) and len([p for p in split.parts if p > 1]) > 1:
                larger = sorted((part for part in split.parts if part > 1), reverse=True)
                yield self.finding(
                    "splits",
                    f"Without {self.names(split.node)} the network of parties and actions falls into more parts",
                    (split.node,),
                    [
                        f"Parts of {', '.join(map(str, larger[:5]))} parties and actions;"
                        f" fragmentation rises from {split.before:.3f} to {split.after:.3f}"
                    ],
                    score=round(split.after, 4),
                )

    def hubs(self) -> Iterable[Finding]:
        """Sub-groups and strategies that a great part of a plan hangs on."""
        plan_of = self.facts.table("gt:partOfPlan")
        sizes = Counter(plan for action in self.parties.actions for plan in plan_of.get(action, ()))
        for kind, names in (
            ("hub-groups", ("gt:lead", "gt:responsible", "gt:withPartner")),
            ("hub-strategies", ("gt:cites",)),
        ):
            hanging: dict[tuple[str, str], set[str]] = {}
            for action in self.parties.actions:
                for thing in {thing for name in names for thing in self.facts.all(action, name)}:
                    if kind == "hub-strategies" or "/group/" in thing:
                        for plan in plan_of.get(action, ()):
                            hanging.setdefault((plan, thing), set()).add(action)
            for (plan, thing), actions in hanging.items():
                share = len(actions) / sizes[plan]
                if len(actions) > 2 and share >= _HUB_SHARE:
                    yield self.finding(
                        kind,
                        f"{len(actions)} of {sizes[plan]} actions of {self.names(plan)} hang on {self.names(thing)}",
                        (thing,),
                        rests_on=sorted(actions, key=natural),
                        score=round(share, 4),
                    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
