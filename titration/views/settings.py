"""What an administrator sets for the clinic: the reasons with which a flag may be accepted."""

from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse

from titration.forms.reasons import ReasonForm
from titration.permissions import Action, check_can
from titration.services.reasons import add_reason, rename_reason, retire_reason
from titration.views.answers import attempt, saved, show
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page


@clinic_page(*FORM)
def reasons(request: ClinicRequest) -> HttpResponse:
    """GET: the list. POST: one more reason."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    if request.method != "POST":
        return _page(request, ReasonForm(label_suffix=""))
    form = ReasonForm(request.POST, label_suffix="")
    tried = attempt(form, lambda: add_reason(actor=request.membership, now=request.now, **form.cleaned_data))
    if tried.row is not None:
        return saved(request, reverse("reasons"), "Reason added.")
    return _page(request, form, status=tried.status)


@clinic_page(*WRITES)
def reason_rename(request: ClinicRequest, code: str) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    form = ReasonForm(request.POST, label_suffix="")
    tried = attempt(
        form, lambda: rename_reason(actor=request.membership, code=code, now=request.now, **form.cleaned_data)
    )
    if tried.row is not None:
        return saved(request, reverse("reasons"), "Reason renamed. Earlier answers keep their words.")
    return _page(request, form, status=tried.status)


@clinic_page(*WRITES)
def reason_retire(request: ClinicRequest, code: str) -> HttpResponse:
    check_can(request.membership, Action.MANAGE_CLINIC)
    retire_reason(actor=request.membership, code=code, now=request.now)
    return saved(request, reverse("reasons"), "Reason retired. Earlier answers still show it.")


def _page(request: ClinicRequest, form: ReasonForm, status: int = 200) -> HttpResponse:
    clinic = request.membership.clinic
    context = {
        "form": form,
        "active": [(code, words, uuid4()) for code, words in clinic.active_reasons.items()],
        "retired": [words for code, words in clinic.retired_reasons.items() if code not in clinic.active_reasons],
    }
    return show(request, "settings/reasons.html", context, status=status)
