"""What a proposal raises or makes worse, and what of that must be answered with a reason before it is saved.

One policy for a dose change, a plan and an import: what stands already, or becomes milder, is never asked about. A
finding is worse than what its rule said before when it is more severe, or as severe and goes further; a fall is
compared with that of the same day, so that a stop which is partly undone is no new drop.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from titration.domain.assess import assess, mark
from titration.domain.case import Case
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.guidance import Guidance
from titration.domain.history import Day
from titration.domain.record import FlagEntry
from titration.domain.rules.withdrawal import FALLS, hidden_on
from titration.domain.situation import Situation

ASKED_FROM = Severity.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """before and after: what the rules say without a proposal and with it, as of one day. worse: what it raises or
    makes worse, highest first.
    """

    before: Assessment
    after: Assessment
    worse: tuple[Finding, ...]


def compare(before: Case, after: Case, guidance: Guidance) -> Compared:
    """Two cases of one patient and day."""
    said, would_say = assess(before, guidance), assess(after, guidance)
    falls = _Falls(Situation.of(before, guidance), Situation.of(after, guidance))
    worse = [each for each in would_say.findings if each.code not in FALLS and is_worse(each, said.findings)]
    worse += falls.worse(would_say.findings, said.findings)
    return Compared(before=said, after=would_say, worse=tuple(sorted(worse, key=lambda finding: -finding.urgency)))


def joined(*found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Of several proposals, each rule's episode once, as the gravest of them says it; highest first."""
    gravest: dict[tuple[str, date], Finding] = {}
    for each in chain.from_iterable(found):
        known = gravest.setdefault((each.code, each.episode), each)
        if _is_beyond(each, known):
            gravest[each.code, each.episode] = each
    return tuple(sorted(gravest.values(), key=lambda finding: -finding.urgency))


def is_worse(finding: Finding, stood: Iterable[Finding]) -> bool:
    """Whether it says more than what its rule said before."""
    return all(_is_beyond(finding, earlier) for earlier in stood if earlier.code == finding.code)


def _is_beyond(finding: Finding, earlier: Finding) -> bool:
    if finding.severity != earlier.severity:
        return finding.severity > earlier.severity
    return finding.extent is not None and earlier.extent is not None and finding.extent > earlier.extent


@dataclass(frozen=True, slots=True)
class _Falls:
    """Stops and drops day by day, without a proposal and with it."""

    before: Situation
    after: Situation

    def worse(self, listed: Iterable[Finding], stood: Iterable[Finding]) -> Iterator[Finding]:
        """stood: what is listed without the proposal. One that was cleared by then and stands again is worse too."""
        highest = max((each.severity for each in stood if each.code in FALLS), default=None)
        for finding in listed:
            if finding.code in FALLS:
                if (highest is None or finding.severity > highest) or self._is_worse(finding):
                    yield finding
                yield from (each for each in self._behind(finding) if self._is_worse(each))

    def _behind(self, listed: Finding) -> Iterator[Finding]:
        """Newer falls that must be answered and are not listed, because a stop or one at least as grave stands."""
        for day in range(_day_of(listed) + 1, self.after.day + 1):
            for firing in hidden_on(self.after, day, behind=listed.code):
                if firing.severity >= ASKED_FROM:
                    yield mark(firing, self.after)

    def _is_worse(self, finding: Finding) -> bool:
        """Whether the same day had no such fall without the proposal, or a lesser one."""
        firing = FALLS[finding.code](self.before, _day_of(finding))
        return firing is None or _is_beyond(finding, mark(firing, self.before))


def _day_of(fall: Finding) -> Day:
    on = fall.values["day_on"]
    assert isinstance(on, date)  # noqa: S101 - narrows the type for the checker
    return on.toordinal()


def arises_on(finding: Finding, day: date) -> bool:
    """Whether it is a stop or a drop of that very day, or begins on it."""
    return (finding.values["day_on"] if finding.code in FALLS else finding.since) == day


def to_answer(
    worse: Iterable[Finding],
    flags: Iterable[FlagEntry] = (),
    *,
    now: datetime | None = None,
    stood: Iterable[Finding] = (),
) -> tuple[Finding, ...]:
    """What must be answered of what a proposal makes worse: high or critical, and not accepted at this moment. stood:
    what was said without it; an answer to that covers nothing that goes further.
    """
    accepted = {(flag.code, flag.fingerprint) for flag in flags if _is_accepted(flag, now)}
    accepted -= {(each.code, each.fingerprint) for each in stood}
    return tuple(each for each in worse if each.severity >= ASKED_FROM and not _is_covered(each, accepted))


def _is_covered(finding: Finding, accepted: Iterable[tuple[str, str]]) -> bool:
    return any(code == finding.code and finding.is_covered_by(fingerprint) for code, fingerprint in accepted)


def _is_accepted(flag: FlagEntry, now: datetime | None) -> bool:
    return flag.state == "accepted" and (flag.expires_at is None or now is None or flag.expires_at > now)
