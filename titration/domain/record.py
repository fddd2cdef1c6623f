"""Everything on file for one patient, as plain values.

Selectors read rows into a PatientRecord; the chart, the time line and `case_from` read nothing else. Entries are in
the order of their dates; superseded and corrected entries stay in it with their status, because nothing that was
seen may vanish. Dates are days in the clinic's zone; instants are aware datetimes already in the clinic's zone.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from titration.domain.plan_acts import PlanAct
from titration.domain.regimen import Regimen


class EntryStatus(StrEnum):
    """Where an entry stands. Only CURRENT entries count for the rules."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    ENTERED_IN_ERROR = "entered_in_error"


class IntakeKind(StrEnum):
    """How it is known what was really taken."""

    BY_TIME = "by_time"
    DAILY_TOTAL = "daily_total"
    MISSED = "missed"
    AS_PRESCRIBED = "as_prescribed"
    RAN_OUT = "ran_out"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class PlanKind(StrEnum):
    TITRATION = "titration"
    TAPER = "taper"


class PlanState(StrEnum):
    """A plan's life: draft -> (signed and) running -> held | completed | stopped; a newer version replaces it."""

    DRAFT = "draft"
    RUNNING = "running"
    HELD = "held"
    COMPLETED = "completed"
    STOPPED = "stopped"
    REPLACED = "replaced"


class FactKind(StrEnum):
    """The kinds of facts about a patient that rules use and that no report holds."""

    CONDITION = "condition"
    MEDICINE = "medicine"
    KIDNEY = "kidney"
    INTERRUPTION = "interruption"
    SUPPLY = "supply"


class SymptomList(StrEnum):
    ADVERSE_EFFECT = "adverse_effect"
    WITHDRAWAL_SIGN = "withdrawal_sign"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What all entries share: a public id, when and by whom recorded, and the status."""

    id: str
    recorded_at: datetime
    recorded_by: str
    status: EntryStatus = EntryStatus.CURRENT
    status_reason: str = ""
    note: str = ""

    @property
    def counts(self) -> bool:
        return self.status is EntryStatus.CURRENT


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenEntry(Entry):
    """A prescribed regimen from the first dose of a day. as_told: at registration. late_reason: of a backdated one."""

    starts_on: date
    regimen: Regimen
    reason: str
    as_told: bool = False
    late_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeEntry(Entry):
    """What was really taken from starts_on to ends_on, both included (ends_on None: open end).

    regimen for BY_TIME and MISSED (what was still taken); daily_mcg for DAILY_TOTAL; missed and due doses a day for
    MISSED. RAN_OUT and STOPPED are 0 mg a day, starts_on being the first day without a dose; AS_PRESCRIBED ends an
    earlier open report.
    """

    kind: IntakeKind
    starts_on: date
    ends_on: date | None
    regimen: Regimen | None = None
    daily_mcg: int | None = None
    missed: int | None = None
    due: int | None = None
    last_dose_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SedationEntry(Entry):
    """Sedation grade 0 to 4 at an instant; source is who says so (patient, carer, clinician)."""

    at: datetime
    grade: int
    source: str
    time_of_day: str = ""
    falls: bool | None = None
    driving_affected: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomEntry(Entry):
    """An adverse effect or a withdrawal sign: code from its list, severity mild, moderate or severe, onset and end
    (None: goes on).
    """

    symptom_list: SymptomList
    code: str
    severity: str
    onset_on: date
    ended_on: date | None = None
    other_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreEntry(Entry):
    """A response score: scale is spasticity, pain, penn or ashworth; value is its code ("7", "1+")."""

    at: datetime
    scale: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LastingEntry(Entry):
    """What lasts: a code of clinical-facts 8.4, from a day on (None: unknown) until its last day (None: goes on)."""

    code: str
    since: date | None = None
    until: date | None = None

    def is_active(self, on: date) -> bool:
        begun = self.since is None or self.since <= on
        return self.counts and begun and (self.until is None or self.until >= on)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionEntry(LastingEntry):
    """A condition of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoMedicationEntry(LastingEntry):
    """A class of other drugs of the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KidneyReadingEntry(Entry):
    """An estimated glomerular filtration rate in mL/min per 1.73 m2."""

    on: date
    egfr: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptionEntry(Entry):
    """A planned time in which doses may be left out (last_on None: not known); its note says how baclofen goes on."""

    code: str
    first_on: date
    last_on: date | None = None

    @property
    def has_continuity(self) -> bool:
        return bool(self.note.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class DispensingEntry(Entry):
    """So many tablets, or mL of a liquid, of a product of the catalogue, to be used from that day on."""

    on: date
    product: str
    quantity: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step of a plan: from a date, a regimen; state is planned, started, held, stepped_back, skipped or done."""

    id: str
    number: int
    starts_on: date
    regimen: Regimen
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """One version of a plan with its steps in date order.

    held_on: first day of the hold while HELD. ended_on: first day on which its steps no longer count (stopped,
    replaced, completed: None). A step that had started before goes on as the prescribed regimen until a regimen
    change or another plan's step.
    """

    id: str
    number: int
    version: int
    kind: PlanKind
    state: PlanState
    steps: tuple[PlannedStep, ...]
    drafted_at: datetime
    drafted_by: str
    signed_at: datetime | None = None
    signed_by: str = ""
    held_on: date | None = None
    ended_on: date | None = None
    content_hash: str = ""
    acts: tuple[PlanAct, ...] = ()


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
    or AU.
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
    plans: tuple[PlanEntry, ...] = ()
    reviews: tuple[ReviewEntry, ...] = field(default=())
    flags: tuple[FlagEntry, ...] = field(default=())
