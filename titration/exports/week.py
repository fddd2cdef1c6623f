"""The steps of a week for a whole clinic on one paper: who, from which day, from what to what, and what to take.

A row is made from one patient's plan document, so that it says what that patient's sheet says; many rows make the
paper. No row is cut by a page.
"""

from dataclasses import dataclass
from datetime import date, datetime

from titration.domain.beside_a_step import BesideStep
from titration.exports.dates import long_date, short_date_year, show_instant, weekday_date
from titration.exports.document import Act, DocumentStep, PlanDocument
from titration.exports.language import Language, language_of
from titration.exports.phrases import Value
from titration.exports.takings import regimen_words
from titration.exports.text import one_line
from titration.exports.typesetting import typeset

type Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDocument:
    """printed.at and as_of are instants in the clinic's zone; rows: as `week_rows` made them since as_of, of any number
    of patients.
    """

    clinic: str
    first_on: date
    last_on: date
    printed: Act
    as_of: datetime
    rows: list[Row]
    language_code: str = "en"

    @property
    def file_name(self) -> str:
        return f"baclofen-steps-{self.first_on.isoformat()}.pdf"


def week_rows(plan: PlanDocument, first_on: date, last_on: date) -> list[Row]:
    """One for each step that begins in the week, both days included, and that stands."""
    begins = [step for step in plan.steps if first_on <= step.starts_on <= last_on and plan.stands_on(step.starts_on)]
    return [_row(plan, step) for step in begins]


def _row(plan: PlanDocument, step: DocumentStep) -> Row:
    say = plan.language
    born = short_date_year(say, plan.patient.birth_date)
    return {
        **beside_values(say, plan.beside),
        "on": step.starts_on.isoformat(),
        "name": one_line(plan.patient.name),
        "about": f"{born}, {one_line(plan.patient.identifier)}",
        "from": _from(plan, step),
        "to": say.mg(step.regimen.daily_mcg),
        "take": _take(plan, step),
        "plan": say.gettext(
            "Plan {number}, version {version}, step {step} of {steps}",
            number=plan.number, version=plan.version, step=step.number, steps=len(plan.steps),
        ),
        "code": plan.short_hash,
    }  # fmt: skip


def _from(plan: PlanDocument, step: DocumentStep) -> str:
    """Not where something else is taken: nobody is sent from a dose that is not taken."""
    is_taken = plan.beside is None or not plan.beside.differs
    return plan.language.mg(step.regimen.daily_mcg - step.change_mcg) if is_taken else ""


def beside_values(say: Language, beside: BesideStep | None) -> Row:
    """What is really taken, and the highest open flag in the words it is shown with on the screen."""
    if beside is None:
        return {"taken": "", "flag": ""}
    flag = say.gettext("Open flag, {severity}: {title}", severity=beside.severity, title=beside.title)
    return {"taken": _taken_now(say, beside), "flag": flag if beside.title else ""}


def _taken_now(say: Language, beside: BesideStep) -> str:
    taken, prescribed = (None if mcg is None else say.mg(mcg) for mcg in (beside.taken_mcg, beside.prescribed_mcg))
    if taken == prescribed or prescribed is None:
        if beside.is_unconfirmed and taken:
            return say.gettext("Taken now: {dose}, as planned, unconfirmed", dose=taken)
        return say.gettext("Taken now: {dose}", dose=taken or say.gettext("not known"))
    if taken is None:
        return say.gettext("Taken now: not known; prescribed: {dose}", dose=prescribed)
    return say.gettext("Taken now: {dose}, not the prescribed {prescribed}", dose=taken, prescribed=prescribed)


def _take(plan: PlanDocument, step: DocumentStep) -> str:
    if not step.regimen.daily_mcg:
        return plan.language.gettext("no more baclofen")
    return regimen_words(plan.language, step.regimen, step.recipes)


def write_week(week: WeekDocument) -> bytes:
    return typeset("week.typ", week_values(week), at=week.printed.at)


def week_values(week: WeekDocument) -> dict[str, Value]:
    say = language_of(week.language_code)
    printed = say.gettext(
        "Printed {at} by {name}", at=show_instant(say, week.printed.at), name=one_line(week.printed.by)
    )  # fmt: skip
    return {
        "language": week.language_code,
        "title": say.gettext("Steps of the week"),
        "span": say.gettext(
            "{first} to {last}", first=long_date(say, week.first_on), last=long_date(say, week.last_on)
        ),
        "as_of": say.gettext("Taken now and open flags: as of {at}", at=show_instant(say, week.as_of)),
        "clinic": one_line(week.clinic),
        "count": say.ngettext("{number} step", "{number} steps", len(week.rows)),
        "none": say.gettext("No step begins in this week."),
        "heads": [
            say.gettext("From"), say.gettext("Patient"), say.gettext("mg a day"), say.gettext("Take"),
            say.gettext("Plan"), say.gettext("Talked to"),
        ],
        "rows": [_shown(say, row) for row in sorted(week.rows, key=lambda row: (str(row["on"]), str(row["name"])))],
        "printed": f"{printed}, {one_line(week.clinic)}",
        "page": say.gettext("Page {page} of {pages}", page="{page}", pages="{pages}"),
    }  # fmt: skip


def _shown(say: Language, row: Row) -> Value:
    told: dict[str, Value] = {"taken": "", "flag": "", **{name: str(value) for name, value in row.items()}}
    told["on"] = weekday_date(say, date.fromisoformat(str(row["on"])))
    return told
