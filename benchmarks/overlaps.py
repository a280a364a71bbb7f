"""How well the overlap score agrees with readers, beside wording alone; and how its weights were found.

    python benchmarks/overlaps.py                     # quality by cross-validation
    python benchmarks/overlaps.py --fit weights.yaml  # the weights from the whole sample

The sample, `benchmarks/overlaps/sample.csv`, holds pairs of actions of the five plans, each read twice without sight of
the other reading; where the two disagree a third decided. Codes: D duplication, O overlap, C continuation,
F fragmentation, N none. What a planner would look at together is D, O or C.

Measures: average precision (the mean of the precision at each pair found, in order of score), precision among the
50 highest, Brier score and expected calibration error in ten bins of equal size.
"""

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from goldenthread.analysis.facts import Facts
from goldenthread.analysis.overlaps import SIGNALS
from goldenthread.analysis.signals import of_actions
from goldenthread.namespaces import ID
from goldenthread.store import Store

SAMPLE = Path(__file__).parent / "overlaps" / "sample.csv"
ALIKE = set("DOC")
FOLDS, REPEATS = 10, 5
SIGNAL_PENALTY, CONCEPT_PENALTY, LEAST_SEEN = 0.15, 2.0, 2
CONCEPTS = ("gt:theme", "gt:activityType", "gt:concerns")

Array = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Sample:
    """The pairs that were read.

    Attributes:
        first, second: addresses of the actions.
        readings: the codes of each pair, the deciding one last.
        across: whether the two belong to different plans.
    """

    first: list[str]
    second: list[str]
    readings: list[list[str]]
    across: np.ndarray[Any, np.dtype[np.bool_]]

    def share(self, codes: set[str]) -> Array:
        """The share of readings of each pair that gave one of the codes."""
        return np.array([np.mean([code in codes for code in codes_given]) for codes_given in self.readings])

    def verdict(self, codes: set[str]) -> Array:
        """1 where most readings of a pair gave one of the codes, else 0."""
        return (self.share(codes) > 0.5).astype(float)


def read_sample(path: Path = SAMPLE) -> Sample:
    """Read the sample."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = ("reading_1", "reading_2", "deciding")
    return Sample(
        first=[f"{ID}action/{row['first']}" for row in rows],
        second=[f"{ID}action/{row['second']}" for row in rows],
        readings=[[row[name] for name in names if row[name]] for row in rows],
        across=np.array([row["first"].partition("/")[0] != row["second"].partition("/")[0] for row in rows]),
    )


@dataclass(frozen=True)
class Features:
    """What the model sees of each pair.

    Attributes:
        signals: one column a signal.
        concepts: one column a concept: 1 where both have it.
        names: of the concepts, such as theme/mappa.
    """

    signals: Array
    concepts: Array
    names: list[str]


def features(facts: Facts, sample: Sample) -> Features:
    """Compute the features of the pairs."""
    actions = facts.of_class("gt:Action")
    place = {action: at for at, action in enumerate(actions)}
    first, second = (np.array([place[action] for action in side]) for side in (sample.first, sample.second))
    values = of_actions(facts, actions).of(first, second)
    has = {a: {c for name in CONCEPTS for c in facts.all(a, name)} for a in {*sample.first, *sample.second}}
    shared = [has[one] & has[other] for one, other in zip(sample.first, sample.second, strict=True)]
    seen = sorted(c for c in set().union(*shared) if sum(c in both for both in shared) >= LEAST_SEEN)
    concepts = np.array([[float(c in both) for c in seen] for both in shared])
    return Features(
        np.column_stack([values[name] for name in SIGNALS["action"]]), concepts, [c.removeprefix(ID) for c in seen]
    )


def fit(found: Features, wanted: Array) -> Array:
    """Constant, weights of the signals and effects of the concepts, by penalised maximum likelihood.

    Both kinds of weight are drawn to 0 (ridge), concepts more than signals, for most are shared by few pairs.
    """
    table = np.column_stack([np.ones(len(wanted)), found.signals, found.concepts])
    width = found.signals.shape[1]
    penalty = np.array([0.0] + [SIGNAL_PENALTY] * width + [CONCEPT_PENALTY] * found.concepts.shape[1])

    def loss(weights: Array) -> tuple[float, Array]:
        odds = table @ weights
        likely = 1 / (1 + np.exp(-odds))
        value = float(np.sum(np.logaddexp(0, odds) - wanted * odds) + np.sum(penalty * weights**2) / 2)
        return value, table.T @ (likely - wanted) + penalty * weights

    # To be alike in a signal never tells against an overlap; what a concept adds may be less than nothing.
    bounds = [(None, None)] + [(0, None)] * width + [(None, None)] * found.concepts.shape[1]
    start = np.zeros(table.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 2000}).x)


def predict(found: Features, weights: Array) -> Array:
    """The probability of each pair."""
    table = np.column_stack([np.ones(len(found.signals)), found.signals, found.concepts])
    return np.asarray(1 / (1 + np.exp(-table @ weights)))


def cross_validated(found: Features, wanted: Array, repeats: int = REPEATS) -> Array:
    """The probability of each pair from models that have not seen it, the mean of several divisions into folds."""
    total = np.zeros(len(wanted))
    for repeat in range(repeats):
        fold = np.random.default_rng(repeat).permutation(len(wanted)) % FOLDS
        for number in range(FOLDS):
            held = fold == number
            known = Features(found.signals[~held], found.concepts[~held], found.names)
            total[held] += predict(
                Features(found.signals[held], found.concepts[held], found.names), fit(known, wanted[~held])
            )
    return total / repeats


def average_precision(wanted: Array, scores: Array) -> float:
    """The mean, over the pairs that are wanted, of the precision down to each; pairs of one score count together."""
    order = np.argsort(-scores, kind="stable")
    hits, ranked = wanted[order], scores[order]
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], True))
    found, seen = np.cumsum(hits)[ends], ends + 1
    return float(np.sum(np.diff(np.append(0, found)) * found / seen) / hits.sum())


def precision_at(number: int, wanted: Array, scores: Array) -> float:
    """The share of wanted pairs among the highest scores."""
    return float(wanted[np.argsort(-scores, kind="stable")[:number]].mean())


def calibration(wanted: Array, scores: Array, bins: int = 10) -> tuple[list[tuple[float, float, int]], float]:
    """Mean score and share of wanted pairs in bins of equal size, and the mean distance between the two."""
    parts = np.array_split(np.argsort(scores, kind="stable"), bins)
    rows = [(float(scores[part].mean()), float(wanted[part].mean()), len(part)) for part in parts]
    error = sum(abs(score - share) * size for score, share, size in rows) / len(wanted)
    return rows, error


def report(sample: Sample, rows: Sequence[tuple[str, Array]], wanted: Array) -> None:
    """Print the quality of several scores side by side."""
    sides: list[tuple[str, Callable[[Array], Array]]] = [
        ("all", lambda values: values),
        ("across plans", lambda values: values[sample.across]),
        ("within a plan", lambda values: values[~sample.across]),
    ]
    print(f"{len(wanted)} pairs, {int(wanted.sum())} alike; {int(sample.across.sum())} across plans")
    print(f"{'':<28}" + "".join(f"{f'AP, {name}':>18}" for name, _ in sides) + f"{'precision at 50':>18}")
    for name, scores in rows:
        values = [average_precision(side(wanted), side(scores)) for _, side in sides]
        print(f"{name:<28}" + "".join(f"{v:>18.3f}" for v in (*values, precision_at(50, wanted, scores))))


def as_yaml(found: Features, weights: Array, name: str) -> str:
    """The weights as a section of the file of weights."""
    lines = [f"{name}:", f"  constant: {weights[0]:.3f}"]
    width = len(SIGNALS["action"])
    lines += [f"  {signal}: {weight:.3f}" for signal, weight in zip(SIGNALS["action"], weights[1:], strict=False)]
    effects = zip(found.names, weights[1 + width :], strict=True)
    lines += [f"  {concept}: {effect:.3f}" for concept, effect in effects if abs(effect) >= 0.05]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", type=Path, metavar="FILE", help="write the weights of the whole sample")
    options = parser.parse_args()
    facts, sample = Facts(Store.in_memory()), read_sample()
    found = features(facts, sample)
    wanted, target = sample.verdict(ALIKE), sample.share(ALIKE)
    scores = cross_validated(found, target)
    wording = found.signals[:, SIGNALS["action"].index("wording")]
    report(sample, [("wording alone (TF-IDF)", wording), ("the score, cross-validated", scores)], wanted)
    twice = [codes for codes in sample.readings if len(codes) > 1]
    agree = np.mean([(codes[0] in ALIKE) == (codes[1] in ALIKE) for codes in twice])
    print(f"{len(twice)} pairs were read twice; the two readings agree on {agree:.0%} of them (alike or not).")
    rows, error = calibration(wanted, scores)
    print(f"\nCalibration: Brier score {np.mean((scores - wanted) ** 2):.3f}, expected error {error:.3f}")
    for score, share, size in rows:
        print(f"  mean score {score:.2f}: {share:.2f} of {size} alike")
    if options.fit:
        twins = sample.share({"D"})
        parts = [as_yaml(found, fit(found, target), "action"), as_yaml(found, fit(found, twins), "duplication")]
        options.fit.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
