"""The log: six forms, one table. The same panel stands on the patient page and alone on a page of its own.

Each kind knows its words, its form with what is filled in at first, the right it needs, and the service that saves it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.forms import Form
from django.http import QueryDict
from django.urls import reverse

from titration.domain.banner import regimen_on
from titration.domain.days import show_full_day
from titration.domain.record import PatientRecord
from titration.domain.regimen import Regimen
from titration.domain.times_of_day import SedationByTime, sedation_by_time
from titration.domain.treatment import died_on, has_died
from titration.domain.units import show_mg_per_day
from titration.forms.doses import DoseForm, regimen_initial
from titration.forms.fields import PastForm
from titration.forms.intake import IntakeForm
from titration.forms.reports import EffectsForm, ScoresForm, SedationForm, SignsForm
from titration.models import Membership, Patient, TreatmentStatus
from titration.permissions import SENTENCES, Action, can
from titration.services.doses import record_dose_change
from titration.services.intake import record_intake
from titration.services.reports import record_scores, record_sedation, record_symptoms
from titration.services.under_treatment import refused_words
from titration.views.desk import ClinicRequest

INTAKE_RULES = frozenset({"W1", "W2", "W3", "W4", "W6"})


@dataclass(frozen=True, kw_only=True)
class Subject:
    """Whose log it is, and when it is asked for. The record is read when it is first asked for: a plain save is not."""

    membership: Membership
    patient: Patient
    read: Callable[[], PatientRecord]
    today: date
    now: datetime

    @cached_property
    def record(self) -> PatientRecord:
        return self.read()


MakeForm = Callable[[Subject, QueryDict | None], Form]
Save = Callable[[Subject, Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogKind:
    """One tab. name is the word in addresses; saved: what is said afterwards; button: what is written on it.

    begins_at: the field that typing begins in, "" for the first.
    """

    name: str
    route: str
    words: str
    button: str
    saved: str
    form: MakeForm
    save: Save
    action: Action = Action.LOG
    begins_at: str = ""

    @property
    def previews(self) -> bool:
        """Whether what saving would do is said while it is typed."""
        return self.name in ("dose", "intake")


def dose_form(subject: Subject, data: QueryDict | None) -> DoseForm:
    return DoseForm(data, clinic=subject.patient.clinic, initial={} if data is not None else _as_now(subject))


def _last_day(subject: Subject) -> date:
    """The last one that a report can be about."""
    died = died_on(subject.record.treatment)
    return min(died, subject.today) if died else subject.today


def _as_now(subject: Subject) -> dict[str, Any]:
    """What a form that nobody has filled in yet starts from."""
    day = _last_day(subject)
    return {"starts_on": day, **regimen_initial(regimen_on(subject.record, day))}


def save_dose(subject: Subject, form: DoseForm) -> Any:
    regimen = form.regimen
    assert regimen is not None  # noqa: S101 - a valid form has four doses
    fields = ("starts_on", "reason", "note", "backdate_reason", "key")
    values = {name: form.cleaned_data[name] for name in fields}
    return record_dose_change(
        actor=subject.membership,
        patient=subject.patient,
        regimen=regimen,
        answer=form.answer,
        now=subject.now,
        **values,
    )


def _intake_form(subject: Subject, data: QueryDict | None) -> IntakeForm:
    def prescribed_on(day: date) -> Regimen | None:
        return regimen_on(subject.record, day)

    initial = {} if data is not None else _as_now(subject)
    return IntakeForm(data, prescribed_on=prescribed_on, now=subject.now, initial=initial)


def _at_now(form: type[PastForm], subject: Subject, data: QueryDict | None) -> Form:
    if data is not None:
        return form(data, now=subject.now)
    initial = {"at": None if has_died(subject.record) else subject.now, "onset_on": _last_day(subject)}
    return form(None, now=subject.now, initial=initial)


def _save_report(service: Callable[..., Any], subject: Subject, form: Any) -> Any:
    key: UUID = form.cleaned_data["key"]
    return service(actor=subject.membership, patient=subject.patient, report=form.draft, now=subject.now, key=key)


def _report(name: str, words: str, button: str, saved: str, form: MakeForm, service: Callable[..., Any]) -> LogKind:
    save = partial(_save_report, service)
    return LogKind(name=name, route=f"log_{name}", words=words, button=button, saved=saved, form=form, save=save)


_ALL = (
    LogKind(
        name="dose",
        route="log_dose",
        words="Dose",
        button="Save dose change",
        saved="Dose change saved.",
        form=dose_form,
        save=save_dose,
        action=Action.PRESCRIBE,
        begins_at="morning",
    ),
    _report("intake", "Taken", "Save what was taken", "What was taken is saved.", _intake_form, record_intake),
    _report(
        "sedation", "Sedation", "Save sedation", "Sedation saved.", partial(_at_now, SedationForm), record_sedation
    ),
    _report("effects", "Effects", "Save effects", "Effects saved.", partial(_at_now, EffectsForm), record_symptoms),
    _report("signs", "Signs", "Save signs", "Withdrawal signs saved.", partial(_at_now, SignsForm), record_symptoms),
    _report("response", "Response", "Save scores", "Scores saved.", partial(_at_now, ScoresForm), record_scores),
)
LOG_KINDS: dict[str, LogKind] = {kind.name: kind for kind in _ALL}
TABS = {"taken": "intake"} | {name: name for name in LOG_KINDS}


def subject_of(request: ClinicRequest, patient: Patient, read: Callable[[], PatientRecord]) -> Subject:
    return Subject(membership=request.membership, patient=patient, read=read, today=request.today, now=request.now)


def opening_kind(asked: str, highest_code: str, membership: Membership, *, orders: bool = True) -> LogKind:
    """The tab asked for; else Taken when the highest flag is about intake, one may not prescribe or nothing is ordered
    any more; else Dose.
    """
    if asked in TABS:
        return LOG_KINDS[TABS[asked]]
    about_intake = highest_code in INTAKE_RULES or not orders or not can(membership, Action.PRESCRIBE)
    return LOG_KINDS["intake" if about_intake else "dose"]


def panel_context(
    subject: Subject, kind: LogKind, form: Form, *, query: dict[str, str] | None = None, with_focus: bool = False
) -> dict[str, Any]:
    """For `log/page.html`. query: what else the patient page's address says; None: tabs lead to the forms' pages."""
    refused = _refused(subject, kind)
    if with_focus and not form.is_bound:
        begins_at = form[kind.begins_at] if kind.begins_at else form.visible_fields()[0]
        begins_at.field.widget.attrs["autofocus"] = True
    return {
        "kind": kind,
        "form": form,
        "log_action": log_url(subject.patient, kind),
        "log_tabs": [
            (each.words, _tab_url(subject.patient, each, query), each is kind) for each in _offered(subject, kind)
        ],
        "log_refused": refused,
        "log_until": _until_words(subject),
        "log_template": f"log/{kind.name}.html",
        "with_focus": with_focus,
        "preview": {"total": _total_now(subject)},
        "by_time": _by_time(subject) if kind.name == "dose" else None,
        "patient_url": reverse("patient", args=[subject.patient.public_id]),
        "symptoms_url": reverse("symptoms", args=[subject.patient.public_id]),
        "preview_url": reverse("preview_dose", args=[subject.patient.public_id]),
    }


def _offered(subject: Subject, kind: LogKind) -> list[LogKind]:
    """Of who died no dose; it stays where it was asked for, with the sentence that refuses it."""
    has_died = subject.patient.treatment_status == TreatmentStatus.DIED
    return [each for each in LOG_KINDS.values() if each is kind or each.name != "dose" or not has_died]


def _until_words(subject: Subject) -> str:
    died = died_on(subject.record.treatment)
    if died is None:
        return ""
    return f"The patient died on {show_full_day(died)}. What happened up to that day can still be recorded."


def _refused(subject: Subject, kind: LogKind) -> str:
    if not can(subject.membership, kind.action):
        return SENTENCES[kind.action]
    return refused_words(subject.patient) if kind.name == "dose" else ""


def _by_time(subject: Subject) -> SedationByTime:
    """Beside the dose form: who moves a dose to another time of day sees how sleepy each of them makes."""
    return sedation_by_time(subject.record, regimen_on(subject.record, subject.today), subject.today)


def _total_now(subject: Subject) -> str:
    regimen = regimen_on(subject.record, subject.today)
    return show_mg_per_day(regimen.daily_mcg) if regimen else ""


def log_url(patient: Patient, kind: LogKind) -> str:
    return reverse(kind.route, args=[patient.public_id])


def _tab_url(patient: Patient, kind: LogKind, query: dict[str, str] | None) -> str:
    if query is None:
        return log_url(patient, kind)
    tab = "taken" if kind.name == "intake" else kind.name
    page = reverse("patient", args=[patient.public_id])
    return f"{page}?{urlencode({**query, 'log': tab})}"
