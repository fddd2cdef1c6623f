"""What is recorded about a patient, one kind of entry a class: doses, intake, sedation, signs, scores, standing facts,
supply.

An entry is never changed; its status says whether it still counts. Dates are days in the clinic's zone; instants are
aware datetimes already in the clinic's zone.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from titration.domain.products.catalogue import PRODUCTS, Product
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


class FactKind(StrEnum):
    """The kinds of facts about a patient that rules use and that no report holds."""

    CONDITION = "condition"
    MEDICINE = "medicine"
    KIDNEY = "kidney"
    INTERRUPTION = "interruption"
    SUPPLY = "supply"


class TreatmentState(StrEnum):
    """Where a treatment stands. moved: handed over to somebody else."""

    UNDER_TREATMENT = "under_treatment"
    ENDED = "ended"
    MOVED = "moved"
    DIED = "died"


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
    """A prescribed regimen from the first dose of a day. as_told: at registration. late_reason: of a backdated one.
    answered: what was said to the findings that it raised, in words.
    """

    starts_on: date
    regimen: Regimen
    reason: str
    as_told: bool = False
    late_reason: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentEntry(Entry):
    """A change of where the treatment stands. starts_on: the first day without a dose, elsewhere, or under treatment
    again; of a death its day. last_mcg: what was taken on the day before an end, None where nothing was being taken.
    answered: what was said to the findings that it raised, in words.
    """

    kind: TreatmentState
    starts_on: date
    last_mcg: int | None = None
    handed_to: str = ""
    answered: str = ""


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
    """What lasts: a code of `vocabulary`, from a day on (None: unknown) until its last day (None: goes on)."""

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
    """So many tablets, or mL of a liquid, to be used from that day on. product: its code; own: the product where it is
    one of the clinic's own.
    """

    on: date
    product: str
    quantity: Fraction
    own: Product | None = None

    @property
    def made(self) -> Product | None:
        """What was dispensed; None for a code that nobody knows."""
        return self.own or PRODUCTS.get(self.product)
