"""A plan as it leaves the house: every value that any export prints, gathered once.

All formats write the same PlanDocument, so that spreadsheet, calendar, sheet and record page cannot differ. It holds
plain values, what to take as products and amounts, the language to say it in, and the hash of the signed plan; it
decides nothing and looks nothing up. It always holds the whole plan.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from titration.domain.beside_a_step import BesideStep
from titration.domain.products import DispensingPeriod, Product, only_tablet
from titration.domain.record import PlanKind, PlanState
from titration.domain.regimen import Regimen, TimeOfDay
from titration.domain.taken_before import TakenBefore
from titration.exports.language import Language, language_of
from titration.exports.takings import Parts, Takings

_PLACES = {time_of_day: place for place, time_of_day in enumerate(TimeOfDay)}


def dose_at(regimen: Regimen, time_of_day: TimeOfDay) -> int:
    """Micrograms at one time of day."""
    return regimen.doses_mcg[_PLACES[time_of_day]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPatient:
    """name is given name, then family name. over: that the treatment ended, moved or the patient died, by its code."""

    name: str
    birth_date: date
    identifier: str
    over: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentClinic:
    """What the patient's sheet says about the clinic.

    emergency_wording: whom to call when life is in danger, "Ring 999", or sentences that hold such words.
    clock_times: "08:00" by time of day, as the clinic set them.
    """

    name: str
    telephone: str
    hours: str
    out_of_hours: str
    emergency_wording: str
    clock_times: Mapping[TimeOfDay, str]
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentStep:
    """One step of the plan. id: its public id. event_id: of its event in a calendar, where that is another one's, which
    it took over. change_mcg: against the step before, signed.

    rounded_from_mcg: the daily total asked for before it was rounded to what the products can make, None where
    nothing was rounded.
    """

    id: str
    number: int
    starts_on: date
    regimen: Regimen
    recipes: Takings
    change_mcg: int
    rounded_from_mcg: int | None = None
    state: str = "planned"
    event_id: str = ""

    def parts(self, time_of_day: TimeOfDay) -> Parts:
        """Nothing where there is no dose."""
        return self.recipes.get(time_of_day, ()) if self.dose_mcg(time_of_day) else ()

    def dose_mcg(self, time_of_day: TimeOfDay) -> int:
        return dose_at(self.regimen, time_of_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReview:
    """how is clinic or telephone; id: its public id, the calendar's UID."""

    id: str
    on: date
    how: str
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFinding:
    """A finding of the plan as it was shown when signed; severity is its label. on: the day of its step, if one."""

    severity: str
    title: str
    on: date | None = None
    accepted_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDose:
    """What is prescribed from a day on."""

    starts_on: date
    regimen: Regimen
    recipes: Takings


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledStep:
    """A step of a replaced version: one to be called off, or one that had begun. ends_on: its last day, included.
    version: of another plan, whose step it was; None: of this plan.
    """

    id: str
    starts_on: date
    ends_on: date
    daily_mcg: int
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Who did it, and when (an aware datetime)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDay:
    """One day of the plan with the step that holds on it."""

    on: date
    step: DocumentStep


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument:
    """One version of a plan, whole.

    id: the plan's public id. replaces: the version it replaces. start and start_recipes: what is taken until the
    first step; until_first: what is prescribed from the day of printing until then, where that day lies ahead.
    before: what is really taken before the next step, where that is not what is prescribed. beside: what is taken on
    the day of printing, and the highest open flag.
    ends_on: the last day the plan describes, included; where the last step is 0 mg the plan ends on that
    step's first day whatever ends_on says. then: what is prescribed from the day after on, where something else than
    the last step is on file. at_hand: what the patient has besides the plan's products, None for what nobody knows.
    content_hash: sha256 of the plan as hexadecimal text. quantities: tablets, or millilitres for a liquid; periods:
    the same for each 28 days. signed is None for a draft. held_on and standing: of a plan on hold, its first day on
    hold, and what is prescribed on the day of printing and later all the same. ended_on: of a stopped or replaced
    plan, the first day that it no longer holds. begun_step: the replaced version's step that goes on until this one.
    language_code and is_large: how a paper is to be printed. Raises ValueError where steps are missing, out of order or
    after the end.
    """

    id: str
    number: int
    version: int
    kind: PlanKind
    state: PlanState
    replaces: int | None = None
    patient: DocumentPatient
    clinic: DocumentClinic
    start: Regimen
    start_recipes: Takings
    until_first: tuple[DocumentDose, ...] = ()
    before: TakenBefore | None = None
    beside: BesideStep | None = None
    steps: tuple[DocumentStep, ...]
    ends_on: date
    then: DocumentDose | None = None
    products: tuple[Product, ...]
    at_hand: tuple[Product | None, ...] = ()
    quantities: tuple[tuple[Product, Fraction], ...] = ()
    periods: tuple[DispensingPeriod, ...] = ()
    reviews: tuple[DocumentReview, ...] = ()
    findings: tuple[DocumentFinding, ...] = ()
    cancelled_steps: tuple[CancelledStep, ...] = ()
    begun_step: CancelledStep | None = None
    note: str = ""
    held_on: date | None = None
    ended_on: date | None = None
    standing: tuple[DocumentDose, ...] = ()
    drafted: Act
    signed: Act | None = None
    printed: Act
    guidance_version: str
    content_hash: str
    chart_svg: str = field(default="", repr=False)
    language_code: str = "en"
    is_large: bool = False

    def __post_init__(self) -> None:
        dates = [step.starts_on for step in self.steps]
        if not dates or dates != sorted(set(dates)):
            raise ValueError("a plan has steps, each on a later day than the one before")
        if self.ends_on < dates[-1]:
            raise ValueError("a plan ends on or after the day of its last step")

    @property
    def only_tablet(self) -> Product | None:
        """The tablet that the papers need to name only once."""
        return only_tablet([*self.products, *self.at_hand])

    @property
    def starts_on(self) -> date:
        return self.steps[0].starts_on

    @property
    def ends_at_zero(self) -> bool:
        return self.steps[-1].regimen.daily_mcg == 0

    @property
    def is_on_hold(self) -> bool:
        return self.state is PlanState.HELD

    @property
    def language(self) -> Language:
        return language_of(self.language_code)

    @property
    def stands_until(self) -> date | None:
        """The first day from which no step is to be followed, also of a plan that was on hold before it was stopped or
        replaced; None where all stand.
        """
        return min((day for day in (self.held_on, self.ended_on) if day is not None), default=None)

    def stands_on(self, day: date) -> bool:
        """Whether what the plan says of a day is to be followed, as things stand at printing."""
        until = self.stands_until
        return until is None or day < until

    @property
    def last_day(self) -> date:
        """The last day of `days()`: the first day without baclofen, or ends_on."""
        return self.steps[-1].starts_on if self.ends_at_zero else self.ends_on

    @property
    def last_dose_day(self) -> date:
        """The last day with a dose, which is the last one that the quantities are for."""
        return self.last_day - timedelta(days=1) if self.ends_at_zero else self.last_day

    @property
    def short_hash(self) -> str:
        return self.content_hash[:12]

    def last_day_of(self, step: DocumentStep) -> date:
        """The last day on which a step holds, included."""
        later = [other.starts_on for other in self.steps if other.starts_on > step.starts_on]
        return min(later) - timedelta(days=1) if later else self.last_day

    def due_days(self) -> Iterator[PlanDay]:
        """The days on which the plan is to be followed: all, but for one on hold, stopped or replaced."""
        return (day for day in self.days() if self.stands_on(day.on))

    def days(self) -> Iterator[PlanDay]:
        """Every day of the plan in order, from the first step to `last_day`, both included."""
        for step in self.steps:
            span = (self.last_day_of(step) - step.starts_on).days
            for offset in range(span + 1):
                yield PlanDay(on=step.starts_on + timedelta(days=offset), step=step)

    def times_used(self) -> tuple[TimeOfDay, ...]:
        """The times of day at which any step of the plan has a dose, in the order of the day."""
        doses = [step.regimen.doses_mcg for step in self.steps]
        used = tuple(time for time, taken in zip(TimeOfDay, zip(*doses, strict=True), strict=True) if any(taken))
        return used or tuple(TimeOfDay)

    def local(self, at: datetime) -> datetime:
        """An instant in the clinic's time zone."""
        return at.astimezone(ZoneInfo(self.clinic.time_zone))
