"""What the forms hand to the services: plain values, already read from text, not yet judged."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from titration.domain.record import IntakeKind, SymptomList, TreatmentState
from titration.domain.regimen import Regimen
from titration.models import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class FormKey:
    """By which a form counts once. corrects: the key of an earlier form, whose entries this one takes the place of.
    said: the content as it was typed, for an act whose values cannot be worked out a second time once it was done.
    """

    key: UUID
    corrects: UUID | None = None
    said: tuple[tuple[str, str], ...] = ()


type Key = FormKey | UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientDetails:
    """exposure_months is before the record and without "since".

    None is not known. conditions are codes of the guidance's list.
    """

    family_name: str
    given_name: str
    birth_date: date
    identifier: str
    indication: str
    sex: str = "unknown"
    weight_g: int | None = None
    responsible: Membership | None = None
    exposure_months: int | None = None
    intrathecal_pump: bool | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalAnswer:
    """A coded reason of the clinic's or the guidance's list, with a comment.

    answered_for: the digest of the findings that were shown; None where no page has shown any.
    """

    reason: str
    comment: str = ""
    answered_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeDraft:
    """regimen for BY_TIME and MISSED (what was still taken), daily_mcg for DAILY_TOTAL.

    Missed and due are doses a day. With neither an end nor goes_on it lasts as long as its kind does.
    """

    kind: IntakeKind
    starts_on: date
    ends_on: date | None = None
    goes_on: bool = False
    regimen: Regimen | None = None
    daily_mcg: int | None = None
    missed: int | None = None
    due: int | None = None
    last_dose_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SedationDraft:
    at: datetime
    grade: int
    source: str = "patient"
    time_of_day: str = ""
    falls: bool | None = None
    driving_affected: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymptomsDraft:
    """Several codes of one list with one onset.

    Severities: code -> mild, moderate or severe; what is not in it is `severity`.
    """

    symptom_list: SymptomList
    codes: tuple[str, ...]
    onset_on: date
    severity: str = "mild"
    severities: dict[str, str] = field(default_factory=dict)
    ended_on: date | None = None
    other_text: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoresDraft:
    """scale -> value code, such as {"spasticity": "7", "ashworth": "1+"}."""

    at: datetime
    values: dict[str, str]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentDraft:
    """on: the last day with a dose of an end (None: nothing was being taken), the first day elsewhere or under
    treatment again, the day of a death. why: asked for where a plan under way stops with it.
    """

    kind: TreatmentState
    on: date | None
    last_mcg: int | None = None
    handed_to: str = ""
    why: str = ""
