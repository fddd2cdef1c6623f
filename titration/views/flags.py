"""One flag: as it was shown when it was raised, what happened to it, and the two answers: accept it, log a contact."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from titration.domain.findings import Severity
from titration.domain.limits import USUALLY_ACCEPTED, longest_acceptance, longest_acceptance_words, span
from titration.domain.treatment import has_died
from titration.forms.flags import AcceptForm, ContactForm
from titration.models import Flag, FlagState
from titration.permissions import SENTENCES, Action, accepting, can, check_can, check_can_accept_flag
from titration.selectors import get_flag, get_patient, patient_record
from titration.selectors.flags import Moment, flag_events, moments
from titration.services.acceptance import accept_flag, log_contact
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context
from titration.views.desk import READS, WRITES, ClinicRequest, clinic_page

ANSWERABLE = (FlagState.OPEN, FlagState.ACCEPTED, FlagState.PAST_UNANSWERED)
EVENT_WORDS = {
    "raised": "Raised",
    "raised_again": "Raised again",
    "accepted": "Accepted",
    "contact": "Contact",
    "resolved": "Ended",
    "corrected": "Ended by a correction",
    "expired": "Acceptance ran out",
    "past_unanswered": "Past, and still unanswered",
    "worsened": "Became more severe",
    "changed": "Its values changed",
    "reworded": "Shown with newer words or values",
    "lapsed": "Ended, its time was over",
    "died": "Ended, the patient died",
    "brought_back": "Waits again: the death was entered in error",
}


@clinic_page(*READS)
def flag(request: ClinicRequest, patient_id: UUID, flag_id: UUID) -> HttpResponse:
    return _page(request, _flag(request, patient_id, flag_id))


@clinic_page(*WRITES)
def accept(request: ClinicRequest, patient_id: UUID, flag_id: UUID) -> HttpResponse:
    shown = _flag(request, patient_id, flag_id)
    check_can_accept_flag(request.membership, Severity.from_label(shown.severity))
    form = AcceptForm(request.POST, clinic=request.membership.clinic)
    tried = attempt(
        form, lambda: accept_flag(actor=request.membership, flag=shown, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, _url(shown), "Flag accepted. It opens again when its values change or the time is over.")
    return _page(request, shown, accept_form=form, status=tried.status)


@clinic_page(*WRITES)
def contact(request: ClinicRequest, patient_id: UUID, flag_id: UUID) -> HttpResponse:
    check_can(request.membership, Action.LOG_CONTACT)
    shown = _flag(request, patient_id, flag_id)
    form = ContactForm(request.POST)
    tried = attempt(
        form, lambda: log_contact(actor=request.membership, flag=shown, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, _url(shown), "Contact logged.")
    return _page(request, shown, contact_form=form, status=tried.status)


def _flag(request: ClinicRequest, patient_id: UUID, flag_id: UUID) -> Flag:
    return get_flag(request.membership, get_patient(request.membership, patient_id), flag_id)


def _url(shown: Flag) -> str:
    return reverse("flag", args=[shown.patient.public_id, shown.public_id])


def _page(
    request: ClinicRequest,
    shown: Flag,
    *,
    accept_form: AcceptForm | None = None,
    contact_form: ContactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    record = patient_record(shown.patient, request.now)
    severity, is_dead = Severity.from_label(shown.severity), has_died(record)
    context = {
        **banner_context(request, shown.patient, record),
        "flag": shown,
        "severity": severity,
        **_seen(request, shown),
        "has_died": is_dead,
        "is_answerable": shown.state in ANSWERABLE and not is_dead,
        "accept_form": accept_form or _accept_form(request, shown, severity),
        "contact_form": contact_form or ContactForm(),
        "longest": longest_acceptance_words(severity),
        "accept_refused": _refused(request, accepting(severity)),
        "contact_refused": _refused(request, Action.LOG_CONTACT),
        "reason_words": _reason_words(shown),
    }
    return show(request, "flag/page.html", context, status=status)


def _accept_form(request: ClinicRequest, shown: Flag, severity: Severity) -> AcceptForm:
    initial = {"expires_on": _usual_end(request.today, severity), "state_version": shown.state_version}
    return AcceptForm(clinic=request.membership.clinic, initial=initial)


def _usual_end(today: date, severity: Severity) -> date:
    return today + min(longest_acceptance(severity), span(USUALLY_ACCEPTED))


def _seen(request: ClinicRequest, shown: Flag) -> dict[str, Any]:
    """Every event, and the flag as it was seen at the one that is asked for (`?seen=2`), else as it is now."""
    listed = moments(shown, flag_events(shown))
    asked = next((each for each in listed if str(each.number) == request.GET.get("seen")), None)
    now = {**shown.shown, "guidance_version": shown.guidance_version}
    return {
        "events": [_event(each, shown) for each in listed],
        "seen": _event(asked, shown) if asked else None,
        "seen_severity": Severity.from_label(asked.event.severity if asked else shown.severity),
        "words": asked.shown if asked else now,
    }


def _event(moment: Moment, shown: Flag) -> dict[str, Any]:
    event = moment.event
    return {
        "number": moment.number,
        "at": event.at,
        "words": EVENT_WORDS.get(event.kind, event.kind),
        "text": _text(event, shown),
        "severity": event.severity,
        "by": event.by,
        "is_kept": moment.shown is not None,
    }


def _text(event: Any, shown: Flag) -> str:
    """An acceptance is stored by its code; the reader gets the words."""
    code, _, comment = str(event.text).partition(": ")
    reasons = shown.patient.clinic.known_reasons
    if event.kind != "accepted" or code not in reasons:
        return str(event.text)
    return f"{reasons[code]}: {comment}" if comment else reasons[code]


def _reason_words(shown: Flag) -> str:
    reasons = shown.patient.clinic.known_reasons
    return str(reasons.get(shown.accepted_reason, shown.accepted_reason))


def _refused(request: ClinicRequest, action: Action) -> str:
    return "" if can(request.membership, action) else SENTENCES[action]
