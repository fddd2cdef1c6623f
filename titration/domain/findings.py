"""What an assessment says: findings, what could not be decided, and the values behind both.

A finding carries values, never sentences; `wording` turns it into words. Severity is ordered: info, caution, high,
critical.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from titration.domain.guidance import Threshold


class Severity(IntEnum):
    """How urgent a finding is. The label is the word shown and stored."""

    INFO = 1
    CAUTION = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return self.name.lower()

    def shifted(self, steps: int) -> "Severity":
        """So many steps higher (or lower), never below info and never above critical."""
        return Severity(max(Severity.INFO, min(Severity.CRITICAL, self + steps)))

    @classmethod
    def from_label(cls, label: str) -> "Severity":
        return cls[label.upper()]


_INFO_ON_WORKLIST = frozenset({"N1"})
_FIRST_AMONG_EQUALS = {"S1": 4, "T3": 3, "W7": 2, "W1": 1}
_RANKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One value of this patient that the rule looked at: what, how much, in which unit, on which day (None: no day)."""

    label: str
    value: str
    unit: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule that fires for one patient.

    since: the day it arose. episode: the first day of the unbroken time it has stood; a flag is known by (patient,
    code, episode). until: the first day on which time alone would end it, None when time does not.
    variant: which of the rule's wordings applies. values: what the wording fills in; keys end in their unit (`_mcg`,
    `_percent`, `_on`). trigger: the values that make it this finding and no other, without anything that the clock
    moves. extent: how far it goes among findings of its rule and severity, in a unit of the rule's own: more is worse;
    None where no dose changes that. beyond: fingerprints of what its rule says where it goes further. missing: codes of
    facts that are not known and matter here. clears: codes of what would end it, worded with `values`.
    """

    code: str
    severity: Severity
    since: date
    episode: date
    until: date | None = None
    variant: str
    values: Mapping[str, object] = field(default_factory=dict)
    trigger: tuple[str, ...] = ()
    extent: Fraction | int | None = None
    beyond: frozenset[str] = frozenset()
    evidence: tuple[Evidence, ...] = ()
    thresholds: tuple["Threshold", ...] = ()
    missing: tuple[str, ...] = ()
    standing: bool = False

    @property
    def raises_flag(self) -> bool:
        """Whether it goes to the worklist: caution and above unless a standing fact; of info only "no response"."""
        return not self.standing and (self.severity > Severity.INFO or self.code in _INFO_ON_WORKLIST)

    @property
    def urgency(self) -> int:
        """Order among findings: by severity; among equals who is hard to rouse, then overdose, signs, a stop."""
        return self.severity * _RANKS + _FIRST_AMONG_EQUALS.get(self.code, 0)

    @property
    def fingerprint(self) -> str:
        """Severity and trigger values: an accepted flag re-opens when this changes, unless it became milder."""
        return fingerprint_of(self.severity, self.variant, self.trigger)

    def is_covered_by(self, fingerprint: str) -> bool:
        """Whether who accepted that has accepted this: the same, or something that goes further."""
        return fingerprint == self.fingerprint or fingerprint in self.beyond


def fingerprint_of(severity: Severity, variant: str, trigger: Iterable[str]) -> str:
    return "|".join((severity.label, variant, *trigger))


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """A rule that could not decide, and the code of what is missing (worded in `wording`)."""

    code: str
    missing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """All that the rules say as of one day.

    findings: highest first. undecided: in the order of the rules. next_change_on: the first day (today
    where the hour counts) on which time
    alone could change this answer, None when nothing but a new entry can.
    """

    as_of: date
    guidance_version: str
    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    next_change_on: date | None

    @property
    def highest(self) -> Finding | None:
        return self.findings[0] if self.findings else None
