"""What stands now for one patient: the live findings, met with the flags on file by (rule, episode).

A live finding always speaks with its live words. A flag without a live finding is shown with the words it was raised
with, as long as nobody has answered it. Pure; it decides nothing that the rules or the services have not decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from titration.domain.days import show_near_day
from titration.domain.findings import Assessment, Finding, Severity
from titration.domain.guidance import Guidance
from titration.domain.record import FlagEntry
from titration.domain.vocabulary import OVERRIDE_REASONS
from titration.domain.wording import Words, say, say_undecided

_INSTANT = timedelta(microseconds=1)
_UNANSWERED = frozenset({"open", "past_unanswered"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFlag:
    """A finding or a flag as the page shows it. flag is None while nothing is on file for it."""

    code: str
    severity: Severity
    words: Words
    guidance_version: str
    flag: FlagEntry | None = None
    is_past: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentence below the title, and what was said about it before."""
        past = ("Past, and still unanswered.",) if self.is_past else ()
        return (*past, self.words.reason) if self.words.reason else past

    @property
    def acceptance(self) -> str:
        """Accepted until 25 Nov by R. Okafor: supervised setting (on the ward). Empty where nobody accepted it."""
        flag = self.flag
        if flag is None or flag.accepted_at is None or flag.expires_at is None:
            return ""
        until = show_near_day((flag.expires_at - _INSTANT).date(), beside=flag.accepted_at.date())
        comment = f" ({flag.accepted_comment})" if flag.accepted_comment else ""
        reason = OVERRIDE_REASONS.get(flag.accepted_reason, flag.accepted_reason)
        return f"Accepted until {until} by {flag.accepted_by}: {reason}{comment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """open: to be answered, highest first; accepted; info: context; undecided: what rules miss to decide."""

    open: tuple[ShownFlag, ...]
    accepted: tuple[ShownFlag, ...]
    info: tuple[ShownFlag, ...]
    undecided: tuple[str, ...]

    @property
    def highest(self) -> ShownFlag | None:
        return self.open[0] if self.open else None

    @property
    def weighed(self) -> tuple[ShownFlag, ...]:
        """Caution and above, open or accepted: what stands beside whatever a dose or a plan would raise."""
        return _highest_first(shown for shown in (*self.open, *self.accepted) if shown.severity > Severity.INFO)

    @property
    def outranking(self) -> tuple[ShownFlag, ...]:
        """Accepted, and graver than all that is open: to be seen without asking."""
        above = self.highest.severity if self.highest else Severity.INFO
        return tuple(shown for shown in self.accepted if shown.severity > above)


def standing(assessment: Assessment, flags: Iterable[FlagEntry], guidance: Guidance) -> Standing:
    on_file = {(flag.code, flag.episode_on): flag for flag in flags}
    live = [_live(finding, on_file, guidance) for finding in assessment.findings]
    identities = {(finding.code, finding.episode) for finding in assessment.findings}
    stored = [_stored(flag) for key, flag in on_file.items() if key not in identities and flag.state in _UNANSWERED]
    accepted = [shown for shown in live if shown.flag is not None and shown.flag.state == "accepted"]
    waiting = [shown for shown in (*live, *stored) if shown not in accepted]
    return Standing(
        open=_highest_first(shown for shown in waiting if shown.severity > Severity.INFO),
        accepted=_highest_first(accepted),
        info=tuple(shown for shown in waiting if shown.severity is Severity.INFO),
        undecided=tuple(dict.fromkeys(say_undecided(question, guidance) for question in assessment.undecided)),
    )


def _live(finding: Finding, on_file: Mapping[tuple[str, date], FlagEntry], guidance: Guidance) -> ShownFlag:
    return ShownFlag(
        code=finding.code,
        severity=finding.severity,
        words=say(finding, guidance),
        guidance_version=guidance.version,
        flag=on_file.get((finding.code, finding.episode)),
    )


def _stored(flag: FlagEntry) -> ShownFlag:
    words = Words(title=flag.title, reason="", why=flag.why, consider=flag.consider, clears=(), missing=())
    return ShownFlag(
        code=flag.code,
        severity=Severity.from_label(flag.severity),
        words=words,
        guidance_version=flag.guidance_version,
        flag=flag,
        is_past=flag.state == "past_unanswered",
    )


def _highest_first(shown: Iterable[ShownFlag]) -> tuple[ShownFlag, ...]:
    return tuple(sorted(shown, key=lambda one: (-one.severity, one.is_past)))
