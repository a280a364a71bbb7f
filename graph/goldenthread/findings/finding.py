"""What a finding is, and how findings are put in order and chosen."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from goldenthread.analysis.facts import Facts
from goldenthread.errors import UnknownName
from goldenthread.findings.profile import SEVERITIES, Profile
from goldenthread.namespaces import place
from goldenthread.turtle import natural


@dataclass(frozen=True)
class Finding:
    """Something a planner should look at.

    Attributes:
        kind: such as `gap.actions-without-lead`; the part before the dot is its family.
        severity: `high`, `medium` or `low`.
        title: what was found, one sentence without a full stop.
        subjects: IRIs of what it is about.
        plans: IRIs of the plans concerned.
        score: 0..1 where the kind has one.
        reasons: why it was found, sentences that can be checked.
        evidence: IRIs of the lines of the documents it rests on.
    """

    kind: str
    severity: str
    title: str
    subjects: tuple[str, ...]
    plans: tuple[str, ...] = ()
    score: float | None = None
    reasons: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """The finding as plain data for JSON, its fields in the order above."""
        return asdict(self)

    @property
    def family(self) -> str:
        """`gap`, `overlap`, `dependency` or `duty`."""
        return self.kind.partition(".")[0]

    @property
    def places(self) -> tuple[str, ...]:
        """The evidence in words, such as `lanarkshire-2008.txt, lines 57–61`."""
        return tuple(place(fragment) for fragment in self.evidence)


def ordered(found: Iterable[Finding]) -> list[Finding]:
    """The most serious first; then by kind, score and place."""
    return sorted(
        found,
        key=lambda f: (SEVERITIES.index(f.severity), f.kind, -(f.score or 0), [natural(iri) for iri in f.subjects]),
    )


@dataclass(frozen=True)
class Selection:
    """Which findings are wanted; what is left empty wants all.

    Attributes:
        plans: IRIs of plans; a finding must concern one of them.
        frameworks: IRIs of outcome frameworks; a finding concerns one if one of its subjects is the framework, an
            outcome of it, or an action that contributes to an outcome of it.
        kinds: kinds of findings, with or without the family before the dot.
        severities: `high`, `medium`, `low`.
    """

    plans: tuple[str, ...] = ()
    frameworks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    def of(self, found: Iterable[Finding], facts: Facts) -> list[Finding]:
        """The findings that are wanted, in the order given.

        Args:
            found: findings.
            facts: the graph they were found in.

        Raises:
            UnknownName: there is no such kind or severity; the nearest are offered.
        """
        profile = Profile.load()
        kinds = {profile.find(kind) for kind in self.kinds}
        for severity in self.severities:
            if severity not in SEVERITIES:
                raise UnknownName(f"There is no severity ‘{severity}’.", "Say high, medium or low.")
        return [
            finding
            for finding in found
            if (not self.plans or not set(self.plans).isdisjoint(finding.plans))
            and (not kinds or finding.kind in kinds)
            and (not self.severities or finding.severity in self.severities)
            and (not self.frameworks or any(_concerns(facts, s, self.frameworks) for s in finding.subjects))
        ]


def _concerns(facts: Facts, subject: str, frameworks: tuple[str, ...]) -> bool:
    outcomes = (subject, *facts.all(subject, "gt:contributesTo"))
    schemes = {scheme for outcome in outcomes for scheme in facts.all(outcome, "skos:inScheme")}
    return subject in frameworks or not schemes.isdisjoint(frameworks)
