"""What stands on file of a form that was saved before, by the names of its fields: read from its rows as they are now.

A column stands for the field of its name; a table says the rest for each kind of row.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import models
from django.forms import Form

from titration.domain.entries import TreatmentState
from titration.domain.intake_span import last_day
from titration.forms.patients import PatientForm
from titration.forms.treatment import DAY_FIELDS, OF_KIND
from titration.models import (
    Clinic,
    ClinicChange,
    Flag,
    IntakeReport,
    Patient,
    PatientFact,
    Plan,
    PlanTemplate,
    RegimenChange,
    ResponseScore,
    Review,
    SedationReport,
    SubmissionKey,
    SymptomReport,
    TreatmentChange,
)
from titration.selectors.flags import event_of
from titration.services.drafts import IntakeDraft, TreatmentDraft
from titration.services.patients import as_told_from
from titration.services.submissions import Role, counting_rows, standing_rows

type Values = dict[str, Any]
type Rows = Sequence[Any]

_YES_NO = {True: "yes", False: "no", None: "unknown"}
_YES_NO_FIELDS = ("falls", "driving_affected", "intrathecal_pump")
_AS_DAYS = {"missed_times": None, "goes_on": None}
_NO_TREATMENT = {name: None for names in OF_KIND.values() for name in names}
_TIMES = ("morning", "midday", "evening", "bedtime")


def rows_on_file(claim: SubmissionKey) -> list[models.Model]:
    """What the form answers with, each entry as it counts now; without those that count no more."""
    return counting_rows(claim, Role.ANSWER, Role.CHANGED)


def typed_values(form: Any, today: date) -> Values:
    """Cleaned values by field, as they would be stored."""
    cleaned, draft = form.cleaned_data, getattr(form, "draft", None)
    if isinstance(form, PatientForm):
        cleaned = {**cleaned, "since": as_told_from(cleaned["since"], form.regimen, today)}
    if isinstance(draft, TreatmentDraft):
        return {
            **cleaned,
            **{name: None for kind, names in OF_KIND.items() if kind is not draft.kind for name in names},
        }
    if not isinstance(draft, IntakeDraft):
        return {**cleaned, **{name: cleaned[name] or _YES_NO[None] for name in _YES_NO_FIELDS if name in cleaned}}
    taken = dict(zip(_TIMES, draft.regimen.doses_mcg, strict=True)) if draft.regimen else dict.fromkeys(_TIMES)
    ends_on = last_day(draft.kind, starts_on=draft.starts_on, ends_on=draft.ends_on, goes_on=draft.goes_on)
    return {**cleaned, **taken, **_AS_DAYS, "ends_on": ends_on, "daily": draft.daily_mcg}


def values_on_file(claim: SubmissionKey, rows: Rows, form: Form) -> Values:
    """Cleaned values by field; a field that is not among them says nothing of what is on file."""
    if not rows:
        return {}
    first = rows[0]
    values = {name: getattr(first, name) for name in form.fields if name != "key" and hasattr(first, name)}
    more = _MORE.get(type(first))
    return values | (more(rows, claim) if more else {})


def _doses(row: Any) -> Values:
    return {time: getattr(row, f"{time}_mcg") for time in _TIMES}


def _dose(rows: Rows, _: SubmissionKey) -> Values:
    return _doses(rows[0])


def _intake(rows: Rows, _: SubmissionKey) -> Values:
    return {**_doses(rows[0]), "daily": rows[0].daily_mcg}


def _sedation(rows: Rows, _: SubmissionKey) -> Values:
    return {name: _YES_NO[getattr(rows[0], name)] for name in ("falls", "driving_affected")}


def _symptoms(rows: Rows, _: SubmissionKey) -> Values:
    other = next((row.other_text for row in rows if row.other_text), "")
    return {"codes": [row.code for row in rows], "other_text": other}


def _scores(rows: Rows, _: SubmissionKey) -> Values:
    return {row.scale: row.value for row in rows}


def _fact(rows: Rows, _: SubmissionKey) -> Values:
    row = rows[0]
    amount = None if row.tenths is None else Fraction(row.tenths, 10)
    dates = {"on": row.since, "first_on": row.since, "last_on": row.until}
    return {**dates, "product": row.code, "egfr": amount, "quantity": amount}


def _review(rows: Rows, _: SubmissionKey) -> Values:
    return {"reason": rows[0].error_reason}


def _flag(rows: Rows, claim: SubmissionKey) -> Values:
    """What was said in this act, not what was said later."""
    row = rows[0]
    told = event_of(row, claim.actor, claim.at)
    until = (row.expires_at - timedelta(seconds=1)).astimezone(row.patient.clinic.zone) if row.expires_at else None
    accepted = {"reason": row.accepted_reason, "comment": row.accepted_comment}
    return {**accepted, "text": told.text if told else "", "expires_on": until.date() if until else None}


def _patient(rows: Rows, claim: SubmissionKey) -> Values:
    row = rows[0]
    values = {"weight_kg": row.weight_g, "intrathecal_pump": _YES_NO[row.intrathecal_pump]}
    values["responsible"] = str(row.responsible_id or "")
    made = standing_rows(claim, Role.MADE)
    values["conditions"] = [fact.code for fact in made if isinstance(fact, PatientFact)]
    for told in made:
        if isinstance(told, RegimenChange):
            values |= {**_doses(told), "since": told.starts_on}
    return values


def _treatment(rows: Rows, _: SubmissionKey) -> Values:
    row = rows[0]
    kind = TreatmentState(row.kind)
    day = row.starts_on - timedelta(days=1) if kind is TreatmentState.ENDED else row.starts_on
    return {
        **_NO_TREATMENT,
        "handed_to": row.handed_to,
        "why": row.note,
        "last_mg": row.last_mcg,
        DAY_FIELDS[kind]: day,
    }


def _settings(rows: Rows, _: SubmissionKey) -> Values:
    clinic = rows[0].clinic
    plain = ("telephone", "hours", "out_of_hours", "emergency_wording", "time_zone", "label_set")
    return {**{name: getattr(clinic, name) for name in plain}, **clinic.clock_times}


def _template(rows: Rows, _: SubmissionKey) -> Values:
    row = rows[0]
    paces = {name: getattr(row, f"{name}_mcg") for name in ("target", "step", "change_at", "second_step")} | {
        name: Fraction(getattr(row, name)) for name in ("percent", "second_percent") if getattr(row, name)
    }
    return {**paces, "products": row.product_codes, "order": row.dose_order}


def _offered(rows: Rows, _: SubmissionKey) -> Values:
    return {"products": rows[0].product_codes}


def _plan(rows: Rows, _: SubmissionKey) -> Values:
    steps = list(rows[0].steps.order_by("number"))
    return {"target": rows[0].target_mcg, "products": rows[0].products, "first_step_on": steps[0].starts_on}


_MORE: dict[type[models.Model], Callable[[Rows, SubmissionKey], Values]] = {
    RegimenChange: _dose,
    IntakeReport: _intake,
    SedationReport: _sedation,
    TreatmentChange: _treatment,
    SymptomReport: _symptoms,
    ResponseScore: _scores,
    PatientFact: _fact,
    Review: _review,
    Flag: _flag,
    Patient: _patient,
    Plan: _plan,
    PlanTemplate: _template,
    Clinic: _offered,
    ClinicChange: _settings,
}
