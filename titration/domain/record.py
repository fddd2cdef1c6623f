"""Everything on file for one patient, as plain values.

Selectors read rows into a PatientRecord; the chart, the time line and `case_from` read nothing else. Entries are in
the order of their dates; superseded and corrected entries stay in it with their status, because nothing that was
seen may vanish. Dates are days in the clinic's zone; instants are aware datetimes already in the clinic's zone.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from titration.domain.entries import (
    CoMedicationEntry,
    ConditionEntry,
    DispensingEntry,
    Entry,
    EntryStatus,
    FactKind,
    IntakeEntry,
    IntakeKind,
    InterruptionEntry,
    KidneyReadingEntry,
    LastingEntry,
    RegimenEntry,
    ScoreEntry,
    SedationEntry,
    SymptomEntry,
    SymptomList,
    TreatmentEntry,
    TreatmentState,
)
from titration.domain.plan_entries import (
    PlanEntry,
    PlanKind,
    PlannedStep,
    PlanState,
)

__all__ = [
    "CoMedicationEntry",
    "ConditionEntry",
    "DispensingEntry",
    "Entry",
    "EntryStatus",
    "FactKind",
    "FlagEntry",
    "IntakeEntry",
    "IntakeKind",
    "InterruptionEntry",
    "KidneyReadingEntry",
    "LastingEntry",
    "PatientRecord",
    "PlanEntry",
    "PlanKind",
    "PlanState",
    "PlannedStep",
    "RegimenEntry",
    "ReviewEntry",
    "ScoreEntry",
    "SedationEntry",
    "SymptomEntry",
    "SymptomList",
    "TreatmentEntry",
    "TreatmentState",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    id: str
    due_on: date
    how: str
    purpose: str
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagEntry:
    """A stored flag as it was shown: the words and values of that day, its state and what was said about it.

    accepted_reason: in the words of the clinic's list, or a code of the guidance's.
    """

    id: str
    code: str
    severity: str
    state: str
    episode_on: date
    opened_at: datetime
    fingerprint: str
    title: str
    why: tuple[str, ...]
    consider: tuple[str, ...]
    guidance_version: str
    accepted_reason: str = ""
    accepted_comment: str = ""
    accepted_by: str = ""
    accepted_at: datetime | None = None
    expires_at: datetime | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRecord:
    """One patient's whole file. exposure_months is before the first regimen, None when unknown. label_set is US, UK
    or AU. closed_as: where the treatment stood before days were asked for, so that no entry says since when; None where
    it goes on or an entry says it. worked_out: what follows from it and was asked for before; a changed copy begins
    without.
    """

    id: str
    name: str
    birth_date: date
    identifier: str
    sex: str
    indication: str
    label_set: str
    time_zone: str
    exposure_months: Fraction | None
    regimens: tuple[RegimenEntry, ...] = ()
    intakes: tuple[IntakeEntry, ...] = ()
    sedations: tuple[SedationEntry, ...] = ()
    symptoms: tuple[SymptomEntry, ...] = ()
    scores: tuple[ScoreEntry, ...] = ()
    conditions: tuple[ConditionEntry, ...] = ()
    comedications: tuple[CoMedicationEntry, ...] = ()
    kidney: tuple[KidneyReadingEntry, ...] = ()
    interruptions: tuple[InterruptionEntry, ...] = ()
    dispensings: tuple[DispensingEntry, ...] = ()
    treatment: tuple[TreatmentEntry, ...] = ()
    closed_as: TreatmentState | None = None
    plans: tuple[PlanEntry, ...] = ()
    reviews: tuple[ReviewEntry, ...] = field(default=())
    flags: tuple[FlagEntry, ...] = field(default=())
    worked_out: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
