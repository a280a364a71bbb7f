"""How long the commands take from a cold start, and how much memory they need.

Each command runs in a process of its own, in turn with the yardstick `python -c "import rdflib, pyoxigraph"`, so
that a drift of the machine touches both. Printed: medians, and the bars they are held to. Exit status 1 if one is
missed.

    python benchmarks/cold_start.py [RUNS]
"""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

YARDSTICK = [sys.executable, "-c", "import rdflib, pyoxigraph"]
MEMORY_BAR = 300.0


@dataclass(frozen=True)
class Case:
    """A command, and its bar: `times` the yardstick plus `seconds`."""

    name: str
    arguments: tuple[str, ...]
    times: float
    seconds: float


CASES = (
    Case("report", ("report",), 3, 1.0),
    Case("query, named", ("query", "actions-without-lead", "--format", "csv"), 2, 0.3),
    Case("query, named, table", ("query", "actions-by-partner", "-p", "party=sps"), 2, 0.3),
    Case("validate", ("validate",), 3, 1.0),
)


def measure(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall time in seconds and its peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with status {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> int:
    """Measure every case and print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    failed = False
    print(f"{'command':<22}{'yardstick s':>12}{'command s':>11}{'ratio':>7}{'bar s':>8}{'memory MB':>11}")
    for case in CASES:
        command = [sys.executable, "-m", "goldenthread", *case.arguments]
        measure(command)
        pairs = [(measure(YARDSTICK), measure(command)) for _ in range(runs)]
        yard = statistics.median(y[0] for y, _ in pairs)
        took = statistics.median(c[0] for _, c in pairs)
        ratio = statistics.median(c[0] / y[0] for y, c in pairs)
        memory = max(c[1] for _, c in pairs)
        bar = case.times * yard + case.seconds
        missed = took > bar or memory > MEMORY_BAR
        failed |= missed
        note = "  MISSED" if missed else ""
        print(f"{case.name:<22}{yard:>12.3f}{took:>11.3f}{ratio:>7.2f}{bar:>8.2f}{memory:>11.0f}{note}")
    print(f"Medians of {runs} paired runs. Bars: report and validate 3 × yardstick + 1 s, query 2 × + 0.3 s, 300 MB.")
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
