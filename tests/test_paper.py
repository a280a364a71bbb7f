"""The take-away: every form opens, and holds what was found with its places."""

from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest

from goldenthread import paper
from goldenthread.findings.profile import Profile
from goldenthread.paper.content import Paper, kinds
from goldenthread.paper.picture import network_png
from goldenthread.store import Store
from small import iris, store_of

if TYPE_CHECKING:
    from conftest import Run

DAY = date(2026, 11, 23)
SHEETS = (
    "What matters", "Plans", "Actions", "Gaps", "Overlaps", "Dependencies", "Duties", "Coverage", "Network, parties",
    "Network, ties",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole(shipped: Store) -> Paper:
    return paper.make(shipped, day=DAY)


@pytest.fixture(scope="module")
def book(whole: Paper) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(paper.render(whole, "xlsx")))


def test_every_kind_of_finding_has_its_words() -> None:
    named = set(kinds())
    assert {kind for kind in Profile.load() if not kind.startswith("duty.")} <= named
    assert all(kind.title and kind.problem and kind.solution for kind in kinds().values())


def test_headlines_agree_with_the_tables(whole: Paper) -> None:
    assert whole.headlines[0].startswith("Of 375 actions, 181 name nobody")
    assert f"{len(whole.rows['gap.outcomes-without-actions'])} outcomes that the plans state" in whole.headlines[1]
    assert (
        f"{sum(c.served for c in whole.coverage)} of the {sum(c.outcomes for c in whole.coverage)}"
        in whole.headlines[2]
    )
    assert len(whole.rows["gap.actions-without-party"]) == 181
    assert len(whole.actions) == 375


def test_the_workbook_has_a_sheet_for_each_list_with_filters(book: openpyxl.Workbook, whole: Paper) -> None:
    assert tuple(book.sheetnames) == SHEETS
    for name in SHEETS[1:]:
        sheet = book[name]
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.freeze_panes == "A2"
        assert sheet.max_row > 1
    assert book["Actions"].max_row == 1 + 375
    assert book["Gaps"].max_row == 1 + sum(len(rows) for _, rows in whole.family("gap"))
    assert book["Network, ties"].max_row == 1 + whole.graph.number_of_edges()


def test_dates_are_dates_and_scores_numbers(book: openpyxl.Workbook) -> None:
    start = [cell.value for cell in book["Plans"]["B"][1:]]
    assert start[0] == datetime(2007, 4, 1)
    assert {cell.number_format for cell in book["Actions"]["J"][1:] if cell.value} == {"dd/mm/yyyy"}
    assert all(isinstance(cell.value, float) for cell in book["Overlaps"]["F"][1:])


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """plan:p a gt:Plan ; dct:title "P" ; rdfs:label "P" ; gt:owner partner:a ; gt:periodStart "2020-01-01" ;
        gt:periodEnd "2020-12-31" . action:1 a gt:Action ; gt:partOfPlan plan:p ; rdfs:label "=1+1" ;
        prov:wasDerivedFrom <https://w3id.org/goldenthread/source/p.txt#line=1,2> .""",
    )
    sheet = openpyxl.load_workbook(BytesIO(paper.render(paper.make(store), "xlsx")))["Actions"]
    assert (sheet["D2"].value, sheet["D2"].data_type) == ("=1+1", "s")


def test_every_finding_of_the_workbook_has_a_place_or_is_about_a_framework_no_plan_prints(
    book: openpyxl.Workbook,
) -> None:
    for name in ("Gaps", "Overlaps", "Dependencies"):
        for row in book[name].iter_rows(min_row=2, values_only=True):
            assert row[7] or "national" in str(row[1]).lower(), row


def test_the_document_has_its_parts_and_heads_that_repeat(whole: Paper) -> None:
    document = docx.Document(BytesIO(paper.render(whole, "docx")))
    heads = [p.text for p in document.paragraphs if p.style and p.style.name == "Heading 1"]
    assert heads == [
        "What matters", "The most serious findings", "Coverage of national outcomes", "Gaps", "Overlaps",
        "Dependencies", "Who is planned to work with whom", "Duties in law",
    ]  # fmt: skip
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    assert len(document.inline_shapes) == 1
    assert "descr=" in document.element.xml
    cells = {cell.text for table in document.tables for cell in table.rows[1].cells}
    assert any(text.startswith("lothian-borders-2011.txt, line") for text in cells)


class Page(HTMLParser):
    """Reads a page and sees to it that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows = 0
        self.links: list[str] = []
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.rows += tag == "tr"
        self.links += [value for name in ("href", "src") if (value := values.get(name))]
        self.ids |= {value for name, value in attrs if name == "id" and value}
        if tag not in ("meta", "link", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_no_other_file(whole: Paper) -> None:
    page = Page()
    page.feed(paper.render(whole, "html").decode())
    assert page.open == []
    assert all(link.startswith(("#", "data:")) for link in page.links)
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert page.rows > sum(len(rows) for rows in whole.rows.values())


def test_markdown_holds_every_finding(whole: Paper) -> None:
    text = paper.render(whole, "md").decode()
    for rows in whole.rows.values():
        for row in rows:
            assert row.title.replace("|", "\\|") in text


def test_text_cannot_break_the_forms(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """plan:p a gt:Plan ; dct:title "P" ; rdfs:label "<b>|P" ; gt:owner partner:a ; gt:periodStart "2020-01-01" ;
        gt:periodEnd "2020-12-31" . action:1 a gt:Action ; gt:partOfPlan plan:p ; rdfs:label "</td><script>x|y" ;
        prov:wasDerivedFrom <https://w3id.org/goldenthread/source/p.txt#line=1,2> .""",
    )
    made = paper.make(store)
    assert "<script>" not in paper.render(made, "html").decode()
    assert "<script>x\\|y" in paper.render(made, "md").decode()


def test_one_plan_alone(shipped: Store) -> None:
    only = paper.make(shipped, iris("plan:lanarkshire-2008"), day=DAY)
    assert len(only.actions) == 46
    assert only.scope == ("Lanarkshire action plan 2008-2009",)
    assert only.duties == ()
    assert all(iris("plan:lanarkshire-2008")[0] in finding.plans for finding in only.findings)


@pytest.mark.parametrize("form", ["docx", "xlsx", "html", "md"])
def test_an_empty_graph_has_every_form(form: str) -> None:
    empty = paper.make(Store.in_memory([]), day=DAY)
    assert empty.findings == ()
    assert paper.render(empty, form)


def test_the_picture_is_the_same_each_time(whole: Paper) -> None:
    assert network_png(whole.graph) == network_png(whole.graph)


def test_the_command_writes_by_the_ending_of_the_name(run: "Run", tmp_path: Path) -> None:
    answer = run("report", "--plan", "lanarkshire-2010-q2", "-o", "report.docx")
    assert (answer.returncode, answer.stdout) == (0, "")
    assert docx.Document(str(tmp_path / "report.docx")).tables


def test_a_document_is_not_thrown_at_the_terminal(run: "Run") -> None:
    answer = run("report", "--format", "xlsx")
    assert answer.returncode == 2
    assert "Say --output report.xlsx." in answer.stderr
