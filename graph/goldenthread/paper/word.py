"""The take-away as a Word document: one page of what matters, then the lists, ready to print."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from goldenthread.network_files import CAVEAT
from goldenthread.paper.content import FAMILIES, Kind, Paper, Row
from goldenthread.paper.picture import network_png

_MOST_ROWS = 6
_MOST_SERIOUS = 2
_DARK, _SHADE = "0B3C5D", "E8EEF3"


def render(paper: Paper) -> bytes:
    """Write the paper as .docx: A4, headings that make a table of contents, tables with repeated heads."""
    import docx
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm, Pt

    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.6)
    document.styles["Normal"].font.name = "Arial"
    document.styles["Normal"].font.size = Pt(10)
    document.styles["Normal"].paragraph_format.space_after = Pt(4)
    properties = document.core_properties
    properties.title, properties.author = "What the plans say and what they leave open", "Golden Thread"
    properties.language = "en-GB"
    _page_numbers(section)
    writer = _Writer(document)
    writer.front(paper)
    writer.coverage(paper)
    for family, title in FAMILIES.items():
        writer.family(title, paper.family(family))
    writer.network(paper)
    writer.duties(paper)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    def __init__(self, document: Any) -> None:
        self._document = document

    def front(self, paper: Paper) -> None:
        """The one page of what matters."""
        self._heading("What the plans say and what they leave open", 0)
        self._text(f"Golden Thread, {paper.day:%-d %B %Y}. Plans: {'; '.join(paper.scope) or 'none'}.")
        self._heading("What matters", 1)
        for line in paper.headlines:
            self._document.add_paragraph(line, style="List Bullet")
        self._table(
            ("Plan", "Period", "Actions", "Party", "Lead", "Timescale", "Measure", "Outcome", "Status"),
            (
                (
                    row["label"],
                    f"{row['start'][:4]}–{row['end'][:4]}",
                    *(row[name] for name in ("actions", *(f"with_{w}" for w in _LADDER))),
                )
                for row in paper.ladder
            ),
            (7.5, 2.2, 1.8, 1.6, 1.6, 2.2, 2.0, 2.0, 1.8),
            caption="How many actions have somebody named, a lead, a timescale, a measure, an outcome and a status",
        )
        self._heading("The most serious findings", 1)
        self._rows(paper.serious[:_MOST_SERIOUS], _MOST_SERIOUS, with_kind=True)

    def coverage(self, paper: Paper) -> None:
        """How much of the national frameworks is served."""
        self._document.add_page_break()
        self._heading("Coverage of national outcomes", 1)
        self._table(
            ("National framework", "Outcomes", "Served", "Served by which plan"),
            ((c.framework, c.outcomes, c.served, c.plans) for c in paper.coverage),
            (11, 2.2, 2.2, 10.6),
            caption="How many outcomes of each national framework an action serves",
        )

    def family(self, title: str, groups: Sequence[tuple[Kind, tuple[Row, ...]]]) -> None:
        """A part of the paper: each kind of finding with its table."""
        self._document.add_page_break()
        self._heading(title, 1)
        if not groups:
            self._text("Nothing was found.")
        for kind, rows in groups:
            self._heading(f"{kind.title}: {len(rows)}", 2)
            self._text(f"{kind.problem} {kind.solution}{_by_plan(rows)}")
            self._rows(rows, _MOST_ROWS)
            if len(rows) > _MOST_ROWS:
                self._text(f"These are the first {_MOST_ROWS}; the workbook lists all {len(rows)}.")

    def network(self, paper: Paper) -> None:
        """The picture of the network, and the same as a table."""
        from docx.shared import Cm

        self._document.add_page_break()
        self._heading("Who is planned to work with whom", 1)
        summary = paper.summary
        self._text(
            f"{summary.nodes} parties and {summary.ties} ties; density {summary.density:.2f}, centralization "
            f"{summary.centralization:.2f}, {summary.communities} communities. {CAVEAT}"
        )
        self._document.add_picture(BytesIO(network_png(paper.graph)), width=Cm(19.5))
        picture = self._document.inline_shapes[-1]._inline.docPr
        picture.set("descr", "Network of parties that share actions; the table after it holds the same data")
        self._text(
            "Round: partners; square: collective parties; triangle: sub-groups. Only the largest connected part."
        )
        self._table(
            ("Party", "Kind", "Ties", "Shared actions", "Betweenness", "Community", "Splits the network"),
            (
                (
                    n.label,
                    n.kind.replace("-", " "),
                    n.degree,
                    f"{n.weighted_degree:g}",
                    f"{n.betweenness:.3f}",
                    n.community,
                    "yes" if n.splits else "no",
                )
                for n in paper.nodes[:25]
            ),
            (9, 4, 1.6, 3, 2.6, 2.4, 3),
            caption="The parties with most ties",
        )

    def duties(self, paper: Paper) -> None:
        """The checklist of duties in law."""
        self._document.add_page_break()
        self._heading("Duties in law", 1)
        if not paper.duties:
            self._text("None of these plans is of a kind that the Acts of 2005 and 2016 cover.")
            return
        self._text(
            "What the document itself lets one see. ‘Cannot be told’ is no failing: "
            "the duty may have been met elsewhere."
        )
        self._table(
            ("Act and section", "Duty", "Verdict", "Why", "Where it stands"),
            (
                (f"{d.act}, {d.section}", d.title, d.verdict, "\n".join(d.reasons), _places(d.places))
                for d in paper.duties
            ),
            (4, 7, 2.6, 7, 5),
        )

    def _rows(self, rows: Sequence[Row], most: int, with_kind: bool = False) -> None:
        fourth = "Kind" if with_kind else "Why"
        table = [
            (
                row.plan,
                row.reference,
                row.title + (f" ({row.score:.2f})" if row.score is not None else ""),
                row.kind if with_kind else "\n".join(row.reasons),
                _places(row.places),
            )
            for row in rows[:most]
        ]
        heads, widths = ("Plan", "Reference", "Finding", fourth, "Where it stands"), (4.6, 2.2, 8.6, 6.2, 4.4)
        if any(cells[3] for cells in table):
            self._table(heads, table, widths)
        else:  # a column that would stand empty makes room for the others
            without = [(*cells[:3], cells[4]) for cells in table]
            self._table((*heads[:3], heads[4]), without, (*widths[:2], widths[2] + widths[3], widths[4]))

    def _heading(self, text: str, level: int) -> None:
        from docx.shared import Pt, RGBColor

        heading = self._document.add_heading(text, level)
        for run in heading.runs:
            run.font.name = "Arial"
            run.font.color.rgb = RGBColor.from_string(_DARK)
            run.font.size = Pt((20, 15, 12)[level])

    def _text(self, text: str) -> None:
        self._document.add_paragraph(text)

    def _table(
        self, heads: Sequence[str], rows: Iterable[Sequence[object]], widths: Sequence[float], caption: str = ""
    ) -> None:
        from docx.shared import Cm, Pt

        if caption:
            paragraph = self._document.add_paragraph()
            paragraph.add_run(caption).bold = True
            paragraph.paragraph_format.keep_with_next = True
        table = self._document.add_table(rows=1, cols=len(heads), style="Table Grid")
        table.autofit = False
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            _fill(cell, head, bold=True, shade=_SHADE)
        _repeat(table.rows[0])
        for row in rows:
            added = table.add_row()
            _keep_whole(added)
            for cell, value in zip(added.cells, row, strict=True):
                _fill(cell, str(value))
        _pad(table)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
            for cell in column.cells:
                cell.width = Cm(width)
        space = self._document.add_paragraph()
        space.paragraph_format.space_after = Pt(0)
        space.add_run(" ").font.size = Pt(5)


_LADDER = ("party", "lead", "date", "measure", "outcome", "status")


def _by_plan(rows: Sequence[Row]) -> str:
    """How many of the rows each plan has, where there are several plans."""
    from collections import Counter

    counts = Counter(row.plan for row in rows if row.plan and ";" not in row.plan)
    return " By plan: " + ", ".join(f"{plan} {n}" for plan, n in counts.most_common()) + "." if len(counts) > 1 else ""


def _places(places: Sequence[str], most: int = 3) -> str:
    rest = f" and {len(places) - most} more" if len(places) > most else ""
    return "; ".join(places[:most]) + rest


def _fill(cell: Any, text: str, bold: bool = False, shade: str = "") -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(8.5), bold
    if shade:
        element = OxmlElement("w:shd")
        element.set(qn("w:val"), "clear")
        element.set(qn("w:fill"), shade)
        cell._tc.get_or_add_tcPr().append(element)


def _pad(table: Any) -> None:
    """A little room between the text of cells and their lines."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 40), ("left", 80), ("bottom", 40), ("right", 80)):
        element = OxmlElement(f"w:{side}")
        element.set(qn("w:w"), str(width))
        element.set(qn("w:type"), "dxa")
        margins.append(element)
    table._tbl.tblPr.append(margins)


def _flag(row: Any, name: str) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _repeat(row: Any) -> None:
    """Repeat a row at the head of every page that its table runs on to."""
    _flag(row, "w:tblHeader")


def _keep_whole(row: Any) -> None:
    """Do not break a row across pages."""
    _flag(row, "w:cantSplit")


def _page_numbers(section: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    paragraph = section.footer.paragraphs[0]
    paragraph.add_run("Golden Thread: what the plans say and what they leave open. Page ")
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)
