"""The facts that the rules use, a page for each kind: what is on file, how it ends, and a form for one more."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse

from titration.domain.days import show_full_day
from titration.domain.fact_words import (
    coming,
    dispensed_words,
    egfr_words,
    end_words,
    interruption_words,
    lasting_words,
    newest_first,
)
from titration.domain.record import Entry, FactKind, LastingEntry, PatientRecord
from titration.domain.supply import supply_of
from titration.forms.facts import (
    ConditionForm,
    ContinuityForm,
    DispensingForm,
    EndForm,
    InterruptionForm,
    KidneyForm,
    MedicineForm,
)
from titration.models import Patient
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import get_fact, get_patient, patient_record
from titration.services.conditions import end_condition, record_condition
from titration.services.dispensing import record_dispensing
from titration.services.interruptions import record_interruption, write_continuity_note
from titration.services.kidney import record_kidney_reading
from titration.services.medicines import end_medicine, record_medicine
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """One fact on file. opens: whether it can still be ended, or be given its note."""

    id: str
    title: str
    about: str
    note: str
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What can be done to a fact on file: end it, or write its note."""

    form: type[Form]
    write: Callable[..., Any]
    url: str
    button: str
    done: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage:
    """The words and services of one kind. help: what the rules make of it, and what they do not."""

    title: str
    add: str
    help: str
    nothing: str
    button: str
    done: str
    url: str
    form: type[Form]
    write: Callable[..., Any]
    lines: Callable[[PatientRecord, date], Iterable[FactLine]]
    then: Next | None = None


def _recorded(entry: Entry, lead: str = "recorded") -> str:
    return f"{lead} {show_full_day(entry.recorded_at.date())} by {entry.recorded_by}."


def _lasting_lines(entries: Iterable[LastingEntry], today: date) -> Iterable[FactLine]:
    for entry in entries:
        if entry.is_active(today):
            since = f"Since {show_full_day(entry.since)}" if entry.since else "Since when is unknown"
            until = f" until {show_full_day(entry.until)}" if entry.until else ""
            about = f"{since}{until}, {_recorded(entry)}"
            yield _line(entry, lasting_words(entry), about, opens=entry.until is None)


def _line(entry: Entry, title: str, about: str, *, opens: bool = False) -> FactLine:
    return FactLine(id=entry.id, title=title, about=about, note=entry.note, opens=opens)


def _kidney_lines(record: PatientRecord, _today: date) -> Iterable[FactLine]:
    for entry in sorted(newest_first(record.kidney), key=lambda each: each.on, reverse=True):
        yield _line(entry, egfr_words(entry), f"Of {show_full_day(entry.on)}, {_recorded(entry)}")


def _interruption_lines(record: PatientRecord, today: date) -> Iterable[FactLine]:
    for entry in coming(record.interruptions, today):
        words = interruption_words(entry, today)
        yield _line(entry, words, _recorded(entry, "Recorded"), opens=not entry.has_continuity)


def _supply_lines(record: PatientRecord, today: date) -> Iterable[FactLine]:
    supply = supply_of(record, today)
    for stretch in reversed(supply.stretches):
        ends = f" All that is on file: {end_words(supply, today)}." if stretch is supply.stretches[-1] else ""
        for entry in stretch.entries:
            about = f"Dispensed {show_full_day(entry.on)}, {_recorded(entry)}{ends}"
            yield _line(entry, dispensed_words(entry), about)


PAGES = {
    FactKind.CONDITION: FactPage(
        title="Conditions that the rules use",
        add="Add a condition",
        help="",
        nothing="No condition on file. Not on file does not mean not there.",
        button="Save condition",
        done="Condition saved.",
        url="conditions",
        form=ConditionForm,
        write=record_condition,
        lines=lambda record, today: _lasting_lines(record.conditions, today),
        then=Next(
            form=EndForm,
            write=end_condition,
            url="condition_end",
            button="End this condition",
            done="Condition ended.",
        ),
    ),
    FactKind.MEDICINE: FactPage(
        title="Other medicines that the rules use",
        add="Add a medicine",
        help="By class; alcohol is one of them. The rules do not know doses, and no other classes.",
        nothing="No other medicine on file. Not on file does not mean not taken.",
        button="Save medicine",
        done="Medicine saved.",
        url="medicines",
        form=MedicineForm,
        write=record_medicine,
        lines=lambda record, today: _lasting_lines(record.comedications, today),
        then=Next(
            form=EndForm, write=end_medicine, url="medicine_end", button="End this medicine", done="Medicine ended."
        ),
    ),
    FactKind.KIDNEY: FactPage(
        title="Kidney readings",
        add="Add a reading",
        help="eGFR in mL/min per 1.73\u00a0m\u00b2. The monograph asks for no test; the literature does. "
        "Dialysis and acute kidney injury are conditions.",
        nothing="No reading on file: kidney function is unknown.",
        button="Save reading",
        done="Reading saved.",
        url="kidney",
        form=KidneyForm,
        write=record_kidney_reading,
        lines=_kidney_lines,
    ),
    FactKind.INTERRUPTION: FactPage(
        title="Planned interruptions",
        add="Add an interruption",
        help="Times in which doses may be left out. A change of date is a new entry; mark the old one as an error.",
        nothing="No interruption planned on file.",
        button="Save interruption",
        done="Interruption saved.",
        url="interruptions",
        form=InterruptionForm,
        write=record_interruption,
        lines=_interruption_lines,
        then=Next(
            form=ContinuityForm,
            write=write_continuity_note,
            url="interruption_note",
            button="Save the note",
            done="Continuity note saved.",
        ),
    ),
    FactKind.SUPPLY: FactPage(
        title="Tablets dispensed",
        add="Add a dispensing",
        help="Counted in mg across strengths, from the first dispensing on file: what was at home before is not known. "
        "Doses taken are used up until today, prescribed ones after it.",
        nothing="No dispensing on file: when the tablets run out is unknown.",
        button="Save dispensing",
        done="Dispensing saved.",
        url="supply",
        form=DispensingForm,
        write=record_dispensing,
        lines=_supply_lines,
    ),
}


@clinic_page(*FORM)
def facts(request: ClinicRequest, patient_id: UUID, kind: str) -> HttpResponse:
    """GET: what is on file and a form for one more. POST: record it."""
    person, page = get_patient(request.membership, patient_id), PAGES[FactKind(kind)]
    form = page.form(request.POST if request.method == "POST" else None)
    if isinstance(form, DispensingForm):
        form.offer(person.clinic.known_products)
    if request.method != "POST":
        return _page(request, person, page, form=form)
    check_can(request.membership, Action.LOG)
    tried = attempt(
        form, lambda: page.write(actor=request.membership, patient=person, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, patient_url(person), page.done)
    return _page(request, person, page, form=form, status=tried.status)


@clinic_page(*WRITES)
def fact_next(request: ClinicRequest, patient_id: UUID, kind: str, fact_id: UUID) -> HttpResponse:
    """End a fact, or write its note."""
    check_can(request.membership, Action.LOG)
    person, page = get_patient(request.membership, patient_id), PAGES[FactKind(kind)]
    entry = get_fact(request.membership, person, FactKind(kind), fact_id)
    assert page.then is not None  # noqa: S101 - only kinds with a next step have this address
    then, form = page.then, page.then.form(request.POST, **_names(str(fact_id)))
    tried = attempt(
        form, lambda: then.write(actor=request.membership, entry=entry, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, patient_url(person), then.done)
    return _page(request, person, page, form=page.form(), asked={str(fact_id): form}, status=tried.status)


def _names(fact_id: str) -> dict[str, Any]:
    """Each fact has a small form of its own on one page: their fields need ids of their own."""
    return {"auto_id": f"id_%s_{fact_id}", "label_suffix": ""}


def _page(
    request: ClinicRequest,
    person: Patient,
    page: FactPage,
    *,
    form: Form,
    asked: Mapping[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """asked: by its fact, the form that is shown again as it was typed."""
    record = patient_record(person, request.now)
    lines = [(line, _then_form(request, page, line, asked or {})) for line in page.lines(record, request.today)]
    context = {
        **banner_context(request, person, record),
        "page": page,
        "kind": next(kind.value for kind, each in PAGES.items() if each is page),
        "form": form,
        "asked": next(iter((asked or {}).values()), None),
        "lines": lines,
        "patient_id": person.public_id,
        "refused": "" if can(request.membership, Action.LOG) else SENTENCES[Action.LOG],
    }
    return show(request, "patient/facts.html", context, status=status)


def _then_form(request: ClinicRequest, page: FactPage, line: FactLine, asked: Mapping[str, Form]) -> Form | None:
    if page.then is None or not line.opens:
        return None
    return asked.get(line.id) or page.then.form(initial={"until": request.today}, **_names(line.id))
