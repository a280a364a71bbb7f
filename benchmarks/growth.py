"""How the analyses grow with the number of actions, and whether they find again what was planted.

    python benchmarks/growth.py [ACTIONS ...]      by default 350 10000 100000

Every analysis runs in a process of its own on a generated graph (benchmarks/generate.py). Printed: CPU seconds beyond
imports and the making of the graph, peak memory, how the time grew against the number of actions (the exponent: 1 is
linear), and how many of the planted things were found. Exit status 1 if one was not.
"""

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

SIZES = (350, 10_000, 100_000)


@dataclass(frozen=True)
class Outcome:
    """One analysis of one graph: seconds, peak megabytes, findings, planted things found and in all."""

    seconds: float
    megabytes: float
    findings: int
    found: int
    planted: int


def analyses() -> dict[str, Callable[..., tuple[int, int, int]]]:
    """Name → a function of (store, planted) that gives findings, planted things found, and planted things."""
    from goldenthread.analysis.facts import Facts
    from goldenthread.analysis.networks import Choice, measures, network
    from goldenthread.analysis.overlaps import Weights, of_actions_in
    from goldenthread.analysis.parties import Parties
    from goldenthread.findings.dependencies import dependencies
    from goldenthread.findings.gaps import gaps
    from goldenthread.findings.profile import Profile

    def of_gaps(store, planted):  # type: ignore[no-untyped-def]
        found = gaps(store, Profile.load(), Facts(store))
        unserved = {f.subjects[0] for f in found if f.kind == "gap.outcomes-without-actions"}
        return len(found), len(unserved & planted.unserved), len(planted.unserved)

    def of_overlaps(store, planted):  # type: ignore[no-untyped-def]
        weights = Weights.load()
        found = of_actions_in(Facts(store), weights, weights.thresholds["overlap"])
        pairs = {frozenset((pair.first, pair.second)) for pair in found}
        return len(found), len(pairs & planted.twins), len(planted.twins)

    def of_dependencies(store, planted):  # type: ignore[no-untyped-def]
        found = dependencies(store, Facts(store), Profile.load())
        sole = {f.subjects[:2] for f in found if f.kind == "dependency.outcomes-with-sole-deliverer"}
        circles = {f.subjects for f in found if f.kind == "dependency.cycles"}
        hits = len(sole & planted.sole) + len(circles & planted.circles)
        return len(found), hits, len(planted.sole) + len(planted.circles)

    def of_networks(store, planted):  # type: ignore[no-untyped-def]
        parties = Parties(Facts(store))
        summary, rows = measures(network(parties.facts, Choice(one_mode=True)))
        named = {party for action in parties.actions for party in parties.named(action)}
        return len(rows), summary.nodes, len(named)

    return {"gaps": of_gaps, "overlaps": of_overlaps, "dependencies": of_dependencies, "networks": of_networks}


def one(name: str, actions: int) -> Outcome:
    """Run one analysis here and now."""
    from generate import generate

    function = analyses()[name]
    store, planted = generate(actions)
    start = time.process_time()
    findings, found, known = function(store, planted)
    seconds = time.process_time() - start
    return Outcome(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, findings, found, known)


def main() -> int:
    """Run all analyses at all sizes and print the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3])).__dict__))
        return 0
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    missed = False
    print(f"{'analysis':<14}{'actions':>9}{'CPU s':>9}{'MB':>8}{'exponent':>10}{'results':>10}{'planted found':>15}")
    for name in ("gaps", "overlaps", "dependencies", "networks"):
        before: tuple[int, float] | None = None
        for size in sizes:
            command = [sys.executable, __file__, "--one", name, str(size)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            outcome = Outcome(**json.loads(done.stdout))
            grown = ""
            if before:
                grown = f"{math.log(outcome.seconds / before[1]) / math.log(size / before[0]):.2f}"
            print(
                f"{name:<14}{size:>9}{outcome.seconds:>9.2f}{outcome.megabytes:>8.0f}{grown:>10}{outcome.findings:>10}"
                f"{f'{outcome.found} of {outcome.planted}':>15}",
                flush=True,
            )
            missed |= outcome.found < outcome.planted
            before = (size, outcome.seconds)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
