"""The take-away as an Excel workbook: one sheet a list, with filters, widths and dates that are dates."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from goldenthread.paper.content import FAMILIES, Paper, Row

_MOST_ON_A4 = 10
_WIDTHS = {
    "What matters": 110,
    "Finding": 54,
    "Why": 50,
    "Where it stands": 32,
    "Plan": 28,
    "Action": 44,
    "Kind": 26,
    "Outcomes": 32,
    "Themes": 22,
    "For": 22,
    "Responsible": 28,
    "With": 26,
    "Lead": 20,
    "Measure": 30,
    "Section": 24,
    "Duty": 44,
    "How to mend it": 44,
    "Party": 44,
    "Framework": 60,
    "Served by which plan": 60,
    "Act": 30,
}


def render(paper: Paper) -> bytes:
    """Write the paper as .xlsx."""
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = "What the plans say and what they leave open", "Golden Thread"
    front = book.active
    front.title = "What matters"
    for line in (f"Golden Thread, {paper.day:%-d %B %Y}", "Plans: " + "; ".join(paper.scope), *paper.headlines):
        front.append([_safe(line)])
    _dress_front(front)
    _sheet(
        book,
        "Plans",
        (
            "Plan",
            "Start",
            "End",
            "Actions",
            "With a party",
            "With a lead",
            "With a timescale",
            "With a measure",
            "With an outcome",
            "With a status",
        ),
        _ladder(paper),
    )
    _sheet(
        book,
        "Actions",
        (
            "Plan",
            "Section",
            "Reference",
            "Action",
            "Lead",
            "Responsible",
            "With",
            "Timescale",
            "Start",
            "End",
            "Status",
            "Measure",
            "Outcomes",
            "Themes",
            "For",
            "Where it stands",
        ),
        map(_fields, paper.actions),
    )
    for family, title in FAMILIES.items():
        rows = (row for _, group in paper.family(family) for row in group)
        heads = ("Severity", "Kind", "Plan", "Reference", "Finding", "Score", "Why", "Where it stands")
        _sheet(book, title, heads, map(_finding, rows))
    _sheet(
        book,
        "Duties",
        ("Plan", "Act", "Section of the Act", "Duty", "Verdict", "Why", "How to mend it", "Where it stands"),
        _duties(paper),
    )
    _sheet(
        book,
        "Coverage",
        ("Framework", "Number of outcomes", "Served", "Served by which plan"),
        ((c.framework, c.outcomes, c.served, c.plans) for c in paper.coverage),
    )
    _sheet(
        book,
        "Network, parties",
        (
            "Party",
            "Kind",
            "Ties",
            "Shared actions",
            "Betweenness",
            "Community",
            "Core number",
            "Core or periphery",
            "Splits the network",
        ),
        (
            (
                n.label,
                n.kind,
                n.degree,
                n.weighted_degree,
                n.betweenness,
                n.community,
                n.core,
                "core" if n.in_core else "periphery",
                "yes" if n.splits else "no",
            )
            for n in paper.nodes
        ),
    )
    label = {node: str(data["label"]) for node, data in paper.graph.nodes(data=True)}
    _sheet(
        book,
        "Network, ties",
        ("Party", "Other party", "Shared actions"),
        sorted((label[one], label[other], tie["weight"]) for one, other, tie in paper.graph.edges(data=True)),
    )
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _ladder(paper: Paper) -> Iterable[tuple[object, ...]]:
    from datetime import date

    names = ("actions", *(f"with_{name}" for name in ("party", "lead", "date", "measure", "outcome", "status")))
    for row in paper.ladder:
        days = (date.fromisoformat(row[end]) for end in ("start", "end"))
        yield (row["title"], *days, *(int(row[name]) for name in names))


def _fields(row: object) -> tuple[object, ...]:
    from dataclasses import astuple

    return astuple(row)  # type: ignore[call-overload, no-any-return]


def _finding(row: Row) -> tuple[object, ...]:
    return (
        row.severity,
        row.kind,
        row.plan,
        row.reference,
        row.title,
        row.score,
        "\n".join(row.reasons),
        "; ".join(row.places),
    )


def _duties(paper: Paper) -> Iterable[tuple[object, ...]]:
    for duty in paper.duties:
        places = "; ".join(duty.places)
        yield duty.plan, duty.act, duty.section, duty.title, duty.verdict, "\n".join(duty.reasons), duty.remedy, places


def _sheet(book: Any, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.append(list(heads))
    for row in rows:
        sheet.append([_safe(value) for value in row])
    for number, head in enumerate(heads, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(head, 14)
    top = Alignment(vertical="top", wrap_text=True)
    widths = [_WIDTHS.get(head, 14) for head in heads]
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = top
            if cell.data_type == "f":  # a text of a plan that begins with = is no formula
                cell.data_type = "s"
            if cell.is_date:
                cell.number_format = "dd/mm/yyyy"
        lines = max(_lines(cell.value, width) for cell, width in zip(cells, widths, strict=True))
        sheet.row_dimensions[cells[0].row].height = min(15 * lines + 2, 400)
    sheet.row_dimensions[1].height = 32
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="0B3C5D")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    large = len(heads) > _MOST_ON_A4
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3 if large else sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _lines(value: object, width: float) -> int:
    """How many lines a text takes in a column: no spreadsheet works that out of itself in every program."""
    return sum(-(-len(line) // max(int(width), 1)) or 1 for line in str(value or "").split("\n"))


def _dress_front(sheet: Any) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = _WIDTHS["What matters"]
    for (cell,) in sheet.iter_rows():
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[cell.row].height = 17 * _lines(cell.value, _WIDTHS["What matters"]) + 4
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _safe(value: object) -> object:
    """A text without the signs that a workbook cannot hold, and no longer than a cell can be."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", value)[:32_000]
