"""The clinic's settings: for its administrator alone, each change kept, with a look at the sheet before saving."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from titration.domain.regimen import TimeOfDay
from titration.exports.document import DocumentClinic
from titration.exports.sample import printed_now, sample_document
from titration.exports.sheet import sheet_values
from titration.forms.clinic import ClinicForm, time_zones, typed_from
from titration.models import ClinicChange
from titration.permissions import Action, check_can
from titration.selectors.clinic_changes import clinic_changes
from titration.services.clinic_settings import ClinicSettings, change_clinic, settings_of
from titration.views.answers import UNREADABLE, attempt, saved
from titration.views.desk import FORM, WRITES, ClinicRequest, clinic_page

HINT = "A sample with your clinic's words. Nothing was saved. Go back to change or save them."


@clinic_page(*FORM)
def clinic_settings(request: ClinicRequest) -> HttpResponse:
    """GET: what is set. POST: one change."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    if request.method != "POST":
        return _page(request, ClinicForm(initial=_initial(request)))
    form = ClinicForm(request.POST)
    tried = attempt(
        form,
        lambda: change_clinic(
            actor=request.membership,
            settings=form.settings(),
            version=form.cleaned_data["version"],
            now=request.now,
            key=form.cleaned_data["key"],
        ),
    )
    if tried.row is not None:
        return saved(request, reverse("clinic_settings"), "Settings saved. Sheets printed from now on carry them.")
    return _page(request, form, status=tried.status)


@clinic_page(*WRITES)
def clinic_preview(request: ClinicRequest) -> HttpResponse:
    """The sheet of nobody with what is typed; nothing is saved."""
    check_can(request.membership, Action.MANAGE_CLINIC)
    form = ClinicForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=UNREADABLE)
    clinic = _document_clinic(request.membership.clinic.name, form.settings())
    printed = printed_now(request.membership.user.full_name, request.now)
    sheet = sheet_values(sample_document(clinic, printed=printed))
    return render(request, "paper/sheet.html", {"sheet": sheet, "hint": HINT})


def _document_clinic(name: str, settings: ClinicSettings) -> DocumentClinic:
    """In the zone that is still set: the one that is typed may be none."""
    return DocumentClinic(
        name=name,
        telephone=settings.telephone,
        hours=settings.hours,
        out_of_hours=settings.out_of_hours,
        emergency_wording=settings.emergency_wording,
        clock_times={time: settings.clock_times[time.value] for time in TimeOfDay},
        time_zone="UTC",
    )


def _initial(request: ClinicRequest) -> dict[str, Any]:
    changes = clinic_changes(request.membership.clinic)
    return typed_from(settings_of(request.membership.clinic), changes[0].number if changes else 0)


def _page(request: ClinicRequest, form: ClinicForm, status: int = 200) -> HttpResponse:
    clinic = request.membership.clinic
    context = {
        "form": form,
        "now": settings_of(clinic),
        "changes": [_Row(change) for change in clinic_changes(clinic)],
        "time_zones": time_zones(),
        "is_conflict": status == 409,
        "latest": _initial(request)["version"],
    }
    return render(request, "settings/clinic.html", context, status=status)


@dataclass(frozen=True, slots=True)
class _Row:
    """One change as the page tells it."""

    change: ClinicChange

    @property
    def at(self) -> datetime:
        return self.change.changed_at

    @property
    def by(self) -> str:
        return str(self.change.changed_by)

    @property
    def lines(self) -> Iterator[tuple[str, str, str]]:
        """What was changed: its name, what stood before, what stands since."""
        for name, after in self.change.after.items():
            before = self.change.before[name]
            if isinstance(after, dict):
                yield from ((f"{time.capitalize()}", before.get(time, ""), after[time]) for time in after)
            else:
                yield name.replace("_", " ").capitalize(), before, after
