"""The graph as tables: for each property, what every individual has for it.

Each property is scanned once, when it is first asked for, and the analyses work on the tables; that is much
faster than a query per individual, and each statement counts once even if several named graphs make it.
"""

from collections.abc import Mapping

from goldenthread.namespaces import VOCABULARIES
from goldenthread.store import Store

_NOTHING: tuple[str, ...] = ()
Table = Mapping[str, tuple[str, ...]]


class Facts:
    """A read-only view of a store, by property.

    Args:
        store: the graph; what is written to it after a table was first asked for is not seen.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables: dict[str, Table] = {}
        self._inverse: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """Individual → its values (IRIs or texts, sorted) of a property given as `gt:theme`, `rdfs:label` …."""
        if name not in self._tables:
            prefix, _, local = name.partition(":")
            values: dict[str, set[str]] = {}
            for subject, value in self._store.pairs(f"{VOCABULARIES[prefix]}{local}"):
                values.setdefault(subject, set()).add(value)
            self._tables[name] = {subject: tuple(sorted(found)) for subject, found in values.items()}
        return self._tables[name]

    def inverse(self, name: str) -> Table:
        """Value → the individuals that have it for a property, sorted."""
        if name not in self._inverse:
            subjects: dict[str, list[str]] = {}
            for subject, values in self.table(name).items():
                for value in values:
                    subjects.setdefault(value, []).append(subject)
            self._inverse[name] = {value: tuple(sorted(found)) for value, found in subjects.items()}
        return self._inverse[name]

    def all(self, individual: str, name: str) -> tuple[str, ...]:
        """The values of a property of an individual; empty if it has none."""
        return self.table(name).get(individual, _NOTHING)

    def one(self, individual: str, name: str) -> str:
        """The first value of a property of an individual, or an empty text."""
        return next(iter(self.all(individual, name)), "")

    def of_class(self, name: str) -> tuple[str, ...]:
        """The individuals of a class given as `gt:Action`, sorted."""
        prefix, _, local = name.partition(":")
        return self.inverse("rdf:type").get(f"{VOCABULARIES[prefix]}{local}", _NOTHING)
