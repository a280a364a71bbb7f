"""What individuals are called when people read about them."""

from goldenthread.analysis.facts import Facts
from goldenthread.namespaces import ID, SOURCE, kind_of, place, short


class Names:
    """What individuals are called in findings, from the graph.

    Args:
        facts: the graph.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def __call__(self, iri: str) -> str:
        """A name for people: reference and label of an action, code and title of an outcome, name of a partner."""
        facts = self._facts
        if not iri.startswith(ID):
            return place(iri) if iri.startswith(SOURCE) else iri
        label = facts.one(iri, "skos:prefLabel") or facts.one(iri, "rdfs:label")
        kind = kind_of(iri)
        if kind == "action":
            return f"{self.reference(iri)} {label}".strip()
        if kind == "outcome":
            code = facts.one(iri, "skos:notation")
            return f"{code} {label}".strip() if code or label else short(iri)
        return label or short(iri)

    def reference(self, iri: str) -> str:
        """The reference of an action as printed, or the last part of its address where none is printed."""
        printed = self._facts.all(iri, "dct:identifier")
        return printed[0] if len(printed) == 1 else iri.rpartition("/")[2]
