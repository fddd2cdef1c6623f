"""What a story is made of: a synthetic person and acts, each on a day counted from today (0) and at a time of the
clinic's clock.

Pure data. `record.py` reads acts into a patient's record, `performing.py` performs them through the services; both read
the same fields.
Doses are text in mg by time of day, "20 20 20 0", so that a story reads like a chart.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from titration.domain.planning import WayDown, WayUp
from titration.domain.record import IntakeKind, PlanKind, SymptomList
from titration.domain.regimen import Regimen
from titration.domain.units import parse_mg

OKAFOR, BRANDT, LINDQVIST = "okafor", "brandt", "lindqvist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """day: 0 is today, -1 yesterday. by: who records it."""

    day: int
    at: str = "10:00"
    by: str = OKAFOR
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose(Act):
    """A regimen change from the day itself. answer: the coded reason where one is asked for."""

    mg: str
    reason: str = "titration"
    answer: str = ""
    answer_comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Act):
    """What was really taken from day `first` to `last`; with neither `last` nor goes_on as long as its kind lasts."""

    kind: IntakeKind
    first: int
    last: int | None = None
    goes_on: bool = False
    mg: str = ""
    missed: int | None = None
    due: int | None = None
    last_dose: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sedation(Act):
    grade: int
    source: str = "patient"
    falls: bool | None = None
    driving_affected: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptoms(Act):
    """Adverse effects or withdrawal signs with their severities; onset and end are days."""

    listed: SymptomList = SymptomList.ADVERSE_EFFECT
    severities: dict[str, str]
    onset: int
    ended: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores(Act):
    """wrong: why these scores were entered in error; empty when they stand."""

    values: dict[str, str]
    wrong: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Medicine(Act):
    """Another medicine by its class, since a day (None: not known)."""

    code: str
    since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kidney(Act):
    """The eGFR of the day itself."""

    egfr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispensed(Act):
    """Tablets of the day itself."""

    tablets: int
    product: str = "tablet-10-halves"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption(Act):
    """Planned from day `first` to `last`; the note says how baclofen goes on."""

    code: str
    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPlan(Act):
    """A plan drawn up on the day; signed at once when `signs` says at what time. redraws: a new version of the draft
    before it.
    """

    kind: PlanKind = PlanKind.TAPER
    way: WayDown | WayUp
    first: int
    target_mg: str = "0"
    step_mg: str = ""
    step_days: int | None = None
    by_hand: tuple[tuple[int, str], ...] = ()
    signs: str = ""
    answer: str = ""
    redraws: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReview(Act):
    due: int
    how: str = "clinic"
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneReview(Act):
    """The earliest review that is still open was held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFlag(Act):
    code: str
    reason: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Act):
    """What was tried about an open flag; the note is its text."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A synthetic person as registered: on day `registered` with a regimen told to stand since day `since`."""

    family_name: str
    given_name: str
    born: date
    identifier: str
    sex: str
    indication: str = "ms_spinal_spasticity"
    exposure_months: int | None = 0
    weight_g: int | None = None
    conditions: tuple[str, ...] = ()
    registered: int
    registered_at: str = "09:00"
    registered_by: str = OKAFOR
    mg: str = "0 0 0 0"
    since: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One person's course. slug names the case file; title says in one line what it shows."""

    slug: str
    title: str
    person: Person
    acts: tuple[Act, ...] = field(default=())


def regimen_of(mg: str) -> Regimen:
    """The regimen of "20 20 20 0"."""
    morning, midday, evening, bedtime = (parse_mg(dose) for dose in mg.split())
    return Regimen.of((morning, midday, evening, bedtime))


def day_of(today: date, offset: int) -> date:
    return today + timedelta(days=offset)


def instant_of(today: date, offset: int, at: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day_of(today, offset), time.fromisoformat(at), tzinfo=zone)
