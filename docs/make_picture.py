"""Draws the picture of the README, the first screen of the report: `python docs/make_picture.py`."""

import re
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

from goldenthread import reports
from goldenthread.store import Store

PICTURE = Path(__file__).parent / "images" / "report.svg"
LINES = 52


def main() -> None:
    """Write the first lines of `goldenthread report` as SVG."""
    screen = StringIO()
    wide = Console(file=screen, width=118, force_terminal=True, color_system="truecolor", highlight=False)
    reports.show(reports.make(Store.in_memory()), limit=3, console=wide)
    console = Console(record=True, width=118, file=StringIO())
    for line in screen.getvalue().splitlines()[:LINES]:
        console.print(Text.from_ansi(line), overflow="ellipsis", no_wrap=True)
    svg = console.export_svg(title="goldenthread report", unique_id="report")
    svg = re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.DOTALL)  # nothing is fetched from another host
    PICTURE.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
