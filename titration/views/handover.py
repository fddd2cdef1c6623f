"""The hand-over since last seen: one page for the screen and one sheet of paper.

The day that it looks back to is posted, because no value of a patient belongs in an address; nothing is written.
"""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse

from titration.domain.days import show_full_day
from titration.domain.handover import handover, last_seen, latest_choice
from titration.domain.plan_transitions import LIVE_STATES
from titration.forms.handover import SinceForm
from titration.selectors import get_patient, patient_record
from titration.views.answers import show
from titration.views.banner import banner_context, patient_url
from titration.views.desk import FORM, ClinicRequest, clinic_page
from titration.views.plan_lines import plan_lines


@clinic_page(*FORM)
def hand_over(request: ClinicRequest, patient_id: UUID) -> HttpResponse:
    patient = get_patient(request.membership, patient_id)
    record, today = patient_record(patient, request.now), request.today
    since, seen_words = last_seen(record, today)
    form = SinceForm(
        request.POST if request.method == "POST" else None, initial={"since": since}, latest=latest_choice(today)
    )
    if form.is_bound and form.is_valid():
        since = form.cleaned_data["since"]
        seen_words = f"as chosen, {show_full_day(since)}"
    context = {
        **banner_context(request, patient, record),
        "form": form,
        "found": handover(record, since=since, seen_words=seen_words, today=today),
        "printed_by": request.membership.user.full_name,
        "now": request.now,
        "clinic": request.membership.clinic,
        "plans": [line for line in plan_lines(record, today) if line.plan.state in LIVE_STATES],
        "taken_url": f"{patient_url(patient)}?log=taken",
        "patient_url": reverse("patient", args=[patient.public_id]),
    }
    return show(request, "patient/handover.html", context, status=422 if form.errors else 200)
