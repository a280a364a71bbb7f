"""Overlaps as findings: pairs and clusters, with what is the same, what differs, and what reviewers said of them."""

from collections.abc import Iterable, Sequence

from goldenthread.analysis import overlaps as analysis
from goldenthread.analysis.facts import Facts
from goldenthread.analysis.likeness import Likeness
from goldenthread.analysis.names import Names
from goldenthread.findings.finding import Finding
from goldenthread.findings.gaps import plans_of, sources
from goldenthread.findings.profile import Profile
from goldenthread.namespaces import kind_of
from goldenthread.reviews import CONFIRMED, REJECTED, Review
from goldenthread.turtle import natural

_TITLES = {
    analysis.DUPLICATION: "{one} and {other} do the same",
    analysis.OVERLAP: "{one} and {other} overlap",
    analysis.FRAGMENTATION: "{one} and {other} lie in the same field",
    analysis.CONTINUATION: "{other} carries on {one}",
}


def overlaps(
    facts: Facts,
    profile: Profile,
    weights: analysis.Weights,
    min_score: float = 0.0,
    reviews: Iterable[Review] = (),
) -> list[Finding]:
    """Pairs of actions, of services and of sub-groups that are alike, the most alike first.

    Args:
        facts: the graph.
        profile: severities.
        weights: the model of the score.
        min_score: leave out pairs with a lower score.
        reviews: verdicts; a rejected pair is left out, a confirmed one says so.
    """
    verdicts = {frozenset(review.subjects): review for review in reviews}
    pairs = [
        *analysis.of_actions_in(facts, weights, min_score),
        *analysis.of_services_in(facts, weights, min_score),
        *analysis.of_groups_in(facts, weights, min_score),
    ]
    wanted = set(profile.kinds("overlap"))
    describe = _Describer(facts, profile)
    found = []
    for pair in pairs:
        review = verdicts.get(frozenset((pair.first, pair.second)))
        if f"overlap.{pair.kind}" in wanted and not (review and review.verdict == REJECTED):
            found.append(describe(pair, review))
    # Pairs of services and groups stand among those of actions by their score.
    return sorted(found, key=lambda finding: -(finding.score or 0))


class _Describer:
    def __init__(self, facts: Facts, profile: Profile) -> None:
        self._facts = facts
        self._profile = profile
        self._names = Names(facts)
        self._likeness = Likeness(facts)

    def __call__(self, pair: analysis.Overlap, review: Review | None) -> Finding:
        one, other, kind = pair.first, pair.second, kind_of(pair.first)
        said = (
            (f"Confirmed by a reviewer on {review.date}" + (f": {review.note}" if review.note else ""),)
            if review and review.verdict == CONFIRMED
            else ()
        )
        called = ("earlier", "later") if pair.kind == analysis.CONTINUATION else ("first", "second")
        different = self._likeness.different(kind, one, other, called)
        return Finding(
            kind=f"overlap.{pair.kind}",
            severity=self._profile[f"overlap.{pair.kind}"],
            title=_TITLES[pair.kind].format(one=self._named(one), other=self._named(other)),
            subjects=(one, other),
            plans=plans_of(self._facts, (one, other)),
            score=pair.score,
            reasons=(*said, *self._likeness.same(kind, one, other), *different),
            evidence=_evidence(self._facts, (one, other)),
        )

    def _named(self, thing: str) -> str:
        return f"‘{self._names(thing)}’"


def clusters(facts: Facts, profile: Profile, weights: analysis.Weights, found: Iterable[Finding]) -> list[Finding]:
    """Clusters of three or more among findings of overlap."""
    names = Names(facts)
    pairs = (
        analysis.Overlap(finding.subjects[0], finding.subjects[1], finding.score or 0, finding.kind.partition(".")[2])
        for finding in found
    )
    return [
        Finding(
            kind="overlap.cluster",
            severity=profile["overlap.cluster"],
            title=f"{len(cluster.members)} that overlap, around ‘{names(_centre(facts, cluster.members))}’",
            subjects=cluster.members,
            plans=plans_of(facts, cluster.members),
            score=cluster.score,
            reasons=tuple(_with_plan(facts, names, member) for member in cluster.members),
            evidence=_evidence(facts, cluster.members),
        )
        for cluster in analysis.clusters(pairs, weights)
    ]


def _with_plan(facts: Facts, names: Names, member: str) -> str:
    plans = ", ".join(map(names, plans_of(facts, (member,))))
    return f"{names(member)} ({plans})" if plans else names(member)


def _centre(facts: Facts, members: Sequence[str]) -> str:
    """The theme that most members share, or the first member if none has a theme."""
    shared: dict[str, int] = {}
    for member in members:
        for theme in facts.all(member, "gt:theme"):
            shared[theme] = shared.get(theme, 0) + 1
    return max(sorted(shared), key=lambda theme: shared[theme], default=members[0])


def _evidence(facts: Facts, things: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({source for thing in things for source in sources(facts, thing)}, key=natural))
