"""Who is named for what: the parties of actions, and what collective parties, units and posts stand for."""

from functools import cached_property

from goldenthread.analysis.facts import Facts
from goldenthread.namespaces import kind_of

DELIVERS = ("gt:lead", "gt:responsible")
NAMED = (*DELIVERS, "gt:withPartner")


class Parties:
    """The parties of a graph.

    Args:
        facts: the graph.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._bases: dict[str, frozenset[str]] = {}

    @cached_property
    def actions(self) -> tuple[str, ...]:
        """All actions, sorted."""
        return self.facts.of_class("gt:Action")

    @cached_property
    def collective(self) -> frozenset[str]:
        """The collective parties, such as "All Partners"."""
        return frozenset(self.facts.of_class("gt:CollectiveParty"))

    def deliverers(self, action: str) -> frozenset[str]:
        """Who is to do an action: its leads and all others responsible, as the document names them."""
        return self._of(action, DELIVERS)

    def leads(self, action: str) -> tuple[str, ...]:
        """Who leads an action."""
        return self.facts.all(action, "gt:lead")

    def helpers(self, action: str) -> frozenset[str]:
        """Who takes part in an action without being the one to do it."""
        return self._of(action, ("gt:withPartner",)) - self.deliverers(action)

    def named(self, action: str) -> frozenset[str]:
        """Everyone whom an action names, in whatever part."""
        return self._of(action, NAMED)

    def _of(self, action: str, properties: tuple[str, ...]) -> frozenset[str]:
        return frozenset(party for name in properties for party in self.facts.all(action, name))

    def bodies(self, party: str) -> frozenset[str]:
        """The bodies that stand behind a party, none of them collective if their members are known.

        A collective party stands for what it includes, and for itself where nothing is known of it; a unit or a
        post stands for the body it belongs to.
        """
        if party not in self._bases:
            self._bases[party] = frozenset(self._resolve(party, set()))
        return self._bases[party]

    def _resolve(self, party: str, seen: set[str]) -> set[str]:
        if party in seen:  # parties that include each other
            return set()
        seen.add(party)
        members = self.facts.all(party, "gt:includes") if party in self.collective else ()
        above = () if members else self.facts.all(party, "gt:partOfPartner") + self.facts.all(party, "gt:postOf")
        found = {body for other in (members or above) for body in self._resolve(other, seen)}
        return found or {party}

    def expand(self, parties: frozenset[str]) -> frozenset[str]:
        """The bodies behind several parties."""
        return frozenset(body for party in parties for body in self.bodies(party))

    def is_partner(self, party: str) -> bool:
        """Whether a party is a single partner, not a collective one and not a sub-group."""
        return kind_of(party) == "partner" and party not in self.collective

    def kind(self, party: str) -> str:
        """The slug of the kind of a party: `council`, `health`, `collective` …, or `group`."""
        if kind_of(party) == "group":
            return "group"
        return self.facts.one(party, "gt:partnerKind").rpartition("/")[2] or "unknown"
