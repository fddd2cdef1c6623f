"""The reviews of a patient: those to come, each with the day it is done, those done, and a form for one more.

What a review finds is no part of it: doses and reports are logged on the patient's page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpResponse

from titration.domain.days import show_full_day
from titration.domain.record import ReviewEntry
from titration.forms.reviews import WAYS, ReviewDoneForm, ReviewErrorForm, ReviewForm
from titration.models import Patient, Review
from titration.permissions import SENTENCES, Action, can, check_can
from titration.selectors import get_patient, get_review, patient_record
from titration.selectors.plan_file import reviews_in_error
from titration.services.reviews import complete_review, plan_review, take_review_back
from titration.services.under_treatment import refused_words
from titration.views.answers import attempt, saved, show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page

DONE_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLine:
    """One review in words. form: of one still to be done."""

    id: str
    title: str
    about: str
    form: ReviewDoneForm | None = None
    error_form: ReviewErrorForm | None = None


@clinic_page(*FORM)
def reviews(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    """GET: what is planned, and a form for one more. POST: plan it."""
    person = get_patient(request.membership, patient_id)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _page(request, person, form=form)
    check_can(request.membership, Action.PLAN_REVIEW)
    tried = attempt(
        form, lambda: plan_review(actor=request.membership, patient=person, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, patient_url(person), "Review planned.")
    return _page(request, person, form=form, status=tried.status)


@clinic_page(*WRITES)
def review_done(request: ClinicRequest, patient_id: UUID, review_id: UUID) -> HttpResponse:
    check_can(request.membership, Action.PLAN_REVIEW)
    person = get_patient(request.membership, patient_id)
    review = get_review(request.membership, person, review_id)
    form = ReviewDoneForm(request.POST, **_names(str(review_id)))
    tried = attempt(
        form, lambda: complete_review(actor=request.membership, review=review, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, patient_url(person), "Review marked as done.")
    return _page(request, person, form=ReviewForm(), asked={str(review_id): form}, status=tried.status)


@clinic_page(*WRITES)
def review_in_error(request: ClinicRequest, patient_id: UUID, review_id: UUID) -> HttpResponse:
    """Planned by mistake: taken back with its reason."""
    check_can(request.membership, Action.PLAN_REVIEW)
    person = get_patient(request.membership, patient_id)
    review = get_review(request.membership, person, review_id)
    form = ReviewErrorForm(request.POST, **_names(f"error_{review_id}"))
    tried = attempt(
        form, lambda: take_review_back(actor=request.membership, review=review, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, patient_url(person), "The review is taken back as entered in error.")
    return _page(request, person, form=ReviewForm(), in_error={str(review_id): form}, status=tried.status)


def _names(review_id: str) -> dict[str, str]:
    """Each review has a small form of its own on one page: their fields need ids of their own."""
    return {"auto_id": f"id_%s_{review_id}"}


def _page(
    request: ClinicRequest,
    person: Patient,
    *,
    form: ReviewForm,
    asked: Mapping[str, ReviewDoneForm] | None = None,
    in_error: Mapping[str, ReviewErrorForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """asked, in_error: by its review, the form that is shown again as it was typed."""
    record, asked, in_error = patient_record(person, request.now), asked or {}, in_error or {}
    is_over = bool(refused_words(person))
    context = {
        **banner_context(request, person, record),
        "form": form,
        "asked": next(iter([*asked.values(), *in_error.values()]), None),
        "open": [
            _open_line(each, request.today, asked, in_error, is_over=is_over)
            for each in record.reviews
            if each.done_on is None
        ],
        "is_over": is_over,
        "taken_back": [_error_line(each) for each in reviews_in_error(person)],
        "done": [_done_line(each) for each in newest_done(record.reviews)],
        "patient_id": person.public_id,
        "refused": "" if can(request.membership, Action.PLAN_REVIEW) else SENTENCES[Action.PLAN_REVIEW],
    }
    return show(request, "patient/reviews.html", context, status=status)


def newest_done(entries: tuple[ReviewEntry, ...]) -> list[ReviewEntry]:
    """The last few, the newest first."""
    done = [(each.done_on, each) for each in entries if each.done_on is not None]
    return [each for _, each in sorted(done, key=lambda pair: pair[0], reverse=True)][:DONE_SHOWN]


def _open_line(
    entry: ReviewEntry,
    today: date,
    asked: Mapping[str, ReviewDoneForm],
    in_error: Mapping[str, ReviewErrorForm],
    *,
    is_over: bool,
) -> ReviewLine:
    """is_over: the treatment is, so that no review is due."""
    late = ", overdue" if entry.due_on < today else ", today" if entry.due_on == today else ""
    due = f"Planned for {show_full_day(entry.due_on)}" if is_over else f"Due {show_full_day(entry.due_on)}{late}"
    return ReviewLine(
        id=entry.id,
        title=entry.purpose,
        about=f"{due}. {WAYS[entry.how]}.",
        form=asked.get(entry.id) or ReviewDoneForm(initial={"done_on": today}, **_names(entry.id)),
        error_form=in_error.get(entry.id) or ReviewErrorForm(**_names(f"error_{entry.id}")),
    )


def _error_line(row: Review) -> ReviewLine:
    due = f"Was due {show_full_day(row.due_on)}. Entered in error, by {row.error_by}: {row.error_reason}"
    return ReviewLine(id=str(row.public_id), title=row.purpose, about=due)


def _done_line(entry: ReviewEntry) -> ReviewLine:
    assert entry.done_on is not None  # noqa: S101 - only those done come here
    about = f"Done {show_full_day(entry.done_on)}, was due {show_full_day(entry.due_on)}. {WAYS[entry.how]}."
    return ReviewLine(id=entry.id, title=entry.purpose, about=about)
