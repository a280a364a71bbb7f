"""Draws the picture of the report in the README: `python docs/make_picture.py`."""

import re
from pathlib import Path

from rich.console import Console

from goldenthread import reports
from goldenthread.store import Store

PICTURE = Path(__file__).parent / "images" / "report.svg"


def main() -> None:
    """Write the first screen of `goldenthread report` as SVG."""
    console = Console(record=True, width=110, file=Path("/dev/null").open("w"), highlight=False)  # noqa: SIM115
    reports.show(reports.make(Store.in_memory()), limit=2, console=console)
    svg = console.export_svg(title="goldenthread report", unique_id="report")
    svg = re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.DOTALL)  # no font from another host
    PICTURE.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
