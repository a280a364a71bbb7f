"""The five plans: every action is there, and everything said of it stands in the lines it cites."""

import os
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from goldenthread.namespaces import GT, ID, SOURCE, slug_of
from goldenthread.store import Store

DOCUMENTS = os.environ.get("GOLDENTHREAD_DOCUMENTS", "")
needs_documents = pytest.mark.skipif(
    not DOCUMENTS, reason="the plan documents are not at hand: name their folder in GOLDENTHREAD_DOCUMENTS"
)
PREFIXES = f"""PREFIX gt: <{GT}> PREFIX dct: <http://purl.org/dc/terms/> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> """
LINES = re.compile(re.escape(SOURCE) + r"([\w.-]+)(?:#line=(\d+),(\d+))?")


def printed(text: str) -> list[str]:
    return [part for token in text.split() for part in expand(token)]


def expand(token: str) -> list[str]:
    """`2.5.1-21` stands for 2.5.1, 2.5.2, … 2.5.21; `1a-g` for 1a … 1g."""
    if found := re.fullmatch(r"(.*?)(\d+)-(\d+)", token):
        return [f"{found[1]}{n}" for n in range(int(found[2]), int(found[3]) + 1)]
    if found := re.fullmatch(r"(.*?)([a-z])-([a-z])", token):
        return [f"{found[1]}{chr(n)}" for n in range(ord(found[2]), ord(found[3]) + 1)]
    return [token]


REFERENCES = {
    "north-strathclyde-2007": "1a-g 2a-d 3a-e 4a-g 5a-d 6a-e 7a-d",
    "lanarkshire-2008": "2.1.1-5 2.2.1-3 2.3.1-2 2.4.1-2 2.5.1-21 3.1-5 4.1-2 5.1-2 6.1-4",
    "lanarkshire-2010-q2": "1a-b 2a-c 3 4a-c",
    "lothian-borders-2011": """1.1.1a-g 1.2.1a-d 1.2.2a-b 1.2.3a-c 1.2.4
        2.1.1a-e 2.1.2a-b 2.1.3a-f 2.2.1a-f 2.2.2a-d 2.3.1a-g 2.3.2a-b
        3.1.1a-e 3.1.2a-c 3.1.3a-b 3.2.1a-d 3.3.1
        4.1.1a-c 4.1.2 4.2.1a-d 4.2.2a-b
        5.1.1a-d 5.1.2a-b 5.1.3 5.1.4a-b 5.1.5a-c 5.2.1 5.3.1a-c 5.3.2 5.3.3
        L205 L207 L209 L221 L227 L239 L241 L243 L245 L257 L259
        L286 L287 L289 L293 L294 L295 L297 L298 L300 L304 L310 L314 L321
        L346 L347 L348 L354 L360 L370 L376 L402""",
}


def actions(store: Store, plan: str) -> list[str]:
    rows = store.rows(f"{PREFIXES} SELECT ?a WHERE {{ ?a a gt:Action ; gt:partOfPlan <{ID}plan/{plan}> }}")
    return sorted(slug_of(row["a"]).partition("/")[2] for row in rows)


@pytest.mark.parametrize("plan", REFERENCES)
def test_every_action_of_the_tables_is_there(shipped: Store, plan: str) -> None:
    assert actions(shipped, plan) == sorted(printed(REFERENCES[plan]))


def test_the_prose_plan_has_its_commitments(shipped: Store) -> None:
    found = actions(shipped, "south-lanarkshire-2017")
    assert 150 <= len(found) <= 175
    assert all(re.fullmatch(r"L\d+[a-z]?", local) for local in found)
    alone = Counter(re.sub(r"[a-z]$", "", local) for local in found)
    for local in found:
        assert (alone[re.sub(r"[a-z]$", "", local)] > 1) == local[-1].isalpha(), local


def test_no_two_actions_have_the_same_title_in_one_plan(shipped: Store) -> None:
    rows = shipped.rows(
        f"{PREFIXES} SELECT ?plan ?label WHERE {{ ?a a gt:Action ; gt:partOfPlan ?plan ; rdfs:label ?label }}"
    )
    twice = [key for key, number in Counter((row["plan"], row["label"]) for row in rows).items() if number > 1]
    assert twice == []


def test_every_code_range_and_double_status_is_unfolded(shipped: Store) -> None:
    """Row 6e of North Strathclyde prints `O1 – O9`; 2b prints two statuses in one cell."""
    action = f"<{ID}action/north-strathclyde-2007/6e>"
    rows = shipped.rows(f"{PREFIXES} SELECT ?o WHERE {{ {action} gt:contributesTo ?o }}")
    codes = {row["o"].rpartition("/")[2] for row in rows if "/nsmo-2006/" in row["o"]}
    assert codes == {f"O{n}" for n in range(1, 10)}
    action = f"<{ID}action/north-strathclyde-2007/2b>"
    rows = shipped.rows(f"{PREFIXES} SELECT ?s ?t WHERE {{ {action} gt:status ?s ; gt:statusText ?t }}")
    assert {slug_of(row["s"]) for row in rows} == {"ongoing", "achieved"}
    assert {row["t"] for row in rows} == {"Ongoing", "Achieved"}


@cache
def document(name: str) -> list[str]:
    return (Path(DOCUMENTS) / name).read_text(encoding="utf-8").splitlines()


def lines(fragment: str) -> str:
    found = LINES.fullmatch(fragment)
    assert found is not None, fragment
    text = document(found[1])
    if found[2] is None:
        return "\n".join(text)
    start, end = int(found[2]), int(found[3])
    assert 0 <= start < end <= len(text), fragment
    return "\n".join(text[start:end])


def squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold().replace("’", "'").replace("‘", "'")


@needs_documents
def test_every_source_fragment_points_at_text(shipped: Store) -> None:
    for row in shipped.rows(f"{PREFIXES} SELECT DISTINCT ?f WHERE {{ ?s prov:wasDerivedFrom ?f }}"):
        assert lines(row["f"]).strip(), row["f"]


@needs_documents
@pytest.mark.parametrize("predicate", ["gt:timescale", "gt:statusText"])
def test_what_is_kept_as_printed_is_printed_there(shipped: Store, predicate: str) -> None:
    rows = shipped.rows(
        f"{PREFIXES} SELECT ?a ?text ?f WHERE {{ ?a a gt:Action ; {predicate} ?text ; prov:wasDerivedFrom ?f }}"
    )
    where: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        where.setdefault((row["a"], row["text"]), []).append(lines(row["f"]))
    wrong = [key for key, found in where.items() if squeeze(key[1]) not in squeeze("\n".join(found))]
    assert wrong == []


@needs_documents
def test_every_party_of_an_action_is_printed_in_the_lines_it_cites(shipped: Store) -> None:
    names: dict[str, set[str]] = {}
    for row in shipped.rows(f"{PREFIXES} SELECT ?p ?n WHERE {{ ?p skos:prefLabel|skos:altLabel ?n }}"):
        names.setdefault(row["p"], set()).add(squeeze(row["n"]))
    evidence: dict[tuple[str, str], str] = {}
    for row in shipped.rows(
        f"{PREFIXES} SELECT ?a ?p ?f"
        " WHERE { ?a a gt:Action ; gt:responsible|gt:withPartner ?p ; prov:wasDerivedFrom ?f }"
    ):
        key = (row["a"], row["p"])
        evidence[key] = evidence.get(key, "") + " " + squeeze(lines(row["f"]))
    two_in_one = ("lanarkshire-2010-q2/4b", "north-lanarkshire-council")  # "North and South Lanarkshire Council's"
    wrong = [
        (slug_of(action), slug_of(party))
        for (action, party), text in evidence.items()
        if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for name in names[party])
    ]
    assert wrong == [two_in_one]


@needs_documents
def test_our_sentences_are_our_own(shipped: Store) -> None:
    """No run of nine words in a label, note, measure or purpose of ours stands in the documents."""
    run = 9
    printed_runs: set[tuple[str, ...]] = set()
    for path in sorted(Path(DOCUMENTS).glob("*.txt")):
        words = re.findall(r"[\w']+", squeeze(path.read_text(encoding="utf-8")))
        printed_runs |= {tuple(words[i : i + run]) for i in range(len(words) - run + 1)}
    rows = shipped.rows(
        f"{PREFIXES} SELECT ?s ?text WHERE {{"
        " ?s rdfs:label|gt:measure|gt:progressNote|gt:purpose|gt:result|skos:definition ?text"
        " MINUS { ?s a gt:Section } }"
    )
    copied = []
    for row in rows:
        words = re.findall(r"[\w']+", squeeze(row["text"]))
        if any(tuple(words[i : i + run]) in printed_runs for i in range(len(words) - run + 1)):
            copied.append((slug_of(row["s"]), row["text"]))
    assert copied == []
