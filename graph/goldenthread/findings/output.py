"""Findings written down: for people in a terminal, and as JSON and CSV for programs."""

import csv
import json
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from goldenthread.findings.finding import Finding
from goldenthread.findings.profile import SEVERITIES
from goldenthread.namespaces import short

if TYPE_CHECKING:
    from rich.console import Console

COLUMNS = ("kind", "severity", "title", "subjects", "plans", "score", "reasons", "evidence")


def as_json(found: Iterable[Finding]) -> str:
    """A JSON array, one object a finding, in the form that other programs rely on."""
    lines = ",\n".join(f"  {json.dumps(finding.as_dict(), ensure_ascii=False)}" for finding in found)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def as_csv(found: Iterable[Finding]) -> str:
    """A table with a heading line; several values in a cell stand on lines of their own, places in words."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for finding in found:
        score = "" if finding.score is None else finding.score
        lists = ("\n".join(map(short, iris)) for iris in (finding.subjects, finding.plans))
        reasons, places = "\n".join(finding.reasons), "\n".join(finding.places)
        writer.writerow([finding.kind, finding.severity, finding.title, *lists, score, reasons, places])
    return out.getvalue()


def show(found: Sequence[Finding], console: "Console", limit: int | None) -> None:
    """Print findings to a terminal, by kind in the order given.

    Args:
        found: findings.
        console: where to print.
        limit: how many of each kind; None prints all.
    """
    from rich.markup import escape

    by_kind: dict[str, list[Finding]] = {}
    for finding in found:
        by_kind.setdefault(finding.kind, []).append(finding)
    for kind, group in by_kind.items():
        console.print(f"[bold]{kind}[/bold]  {group[0].severity}, {len(group)} found")
        for finding in group[:limit]:
            score = "" if finding.score is None else f"{finding.score:.2f}  "
            console.print(f"  {score}{escape(finding.title)}", soft_wrap=True)
            for reason in finding.reasons:
                console.print(f"      {escape(reason)}", soft_wrap=True)
            console.print(f"      [dim]{escape(_few(finding.places))}[/dim]", soft_wrap=True)
        if limit is not None and len(group) > limit:
            console.print(f"  [dim]… and {len(group) - limit} more (--all lists them)[/dim]")
        console.print()
    numbers = [sum(finding.severity == level for finding in found) for level in SEVERITIES]
    console.print(
        f"{len(found)} findings: "
        + ", ".join(f"{n} {level}" for n, level in zip(numbers, SEVERITIES, strict=True))
        + "."
        if found
        else "Nothing found."
    )


def _few(places: Sequence[str], most: int = 5) -> str:
    rest = f" and {len(places) - most} more places" if len(places) > most else ""
    return "; ".join(places[:most]) + rest if places else "no place in a document: the statement is missing everywhere"
