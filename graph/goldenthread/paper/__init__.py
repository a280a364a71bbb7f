"""The take-away: everything that was found, as a paper for a committee (Word, web page, Markdown) or a workbook."""

from goldenthread.paper.content import Paper, make

__all__ = ["Paper", "make", "render"]


def render(paper: Paper, format: str) -> bytes:
    """Write the take-away as `docx`, `xlsx`, `html` or `md`."""
    from goldenthread.paper import excel, pages, word

    if format == "docx":
        return word.render(paper)
    return excel.render(paper) if format == "xlsx" else pages.render(paper, format).encode()
