"""A plan as a file or a page to take home or to keep: the whole plan always, its own right, its own audit event."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from titration.exports import FORMATS, SHEET_PAGE, Format, PlanDocument
from titration.exports.sheet import sheet_values
from titration.models import Patient, Plan
from titration.permissions import check_can_export_plan
from titration.selectors import get_patient
from titration.services.plan_exports import export_plan
from titration.views.banner import banner_context
from titration.views.desk import READS, ClinicRequest, clinic_page
from titration.views.paper import PaperChoice, PaperForm, paper_choice
from titration.views.plan_document import plan_document
from titration.views.plan_page import plan_title, scene_for, scene_of

_PAPERS = ("sheet.pdf", "calendar.ics")
"""What is made in the language of choice; a sheet also in large print."""


@clinic_page(*READS)
def plan_export(request: ClinicRequest, patient_id: UUID, plan_id: UUID, variant: str, suffix: str) -> HttpResponse:
    """The file. Nobody's name is in its name; a draft says that it is one."""
    document, chosen = _document(request, patient_id, plan_id, FORMATS.get(f"{variant}.{suffix}"))
    headers = {"Content-Disposition": chosen.disposition(document), "Cache-Control": "no-store"}
    return HttpResponse(chosen.write(document), content_type=chosen.content_type, headers=headers)


@clinic_page(*READS)
def plan_sheet(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """The patient's sheet as a page that the browser prints."""
    document, _ = _document(request, patient_id, plan_id, SHEET_PAGE)
    return render(request, "paper/sheet.html", {"sheet": sheet_values(document)})


def _document(
    request: ClinicRequest, patient_id: UUID, plan_id: UUID, chosen: Format | None
) -> tuple[PlanDocument, Format]:
    patient, choice = get_patient(request.membership, patient_id), paper_choice(request.GET)
    if chosen is None:
        raise Http404
    document = export_plan(
        actor=request.membership,
        patient=patient,
        format_name=chosen.name,
        now=request.now,
        read=partial(_read, request, plan_id=plan_id, chosen=chosen, choice=choice),
    )
    return document, chosen


def _read(
    request: ClinicRequest, patient: Patient, *, plan_id: UUID, chosen: Format, choice: PaperChoice
) -> tuple[Plan, PlanDocument]:
    scene = scene_for(request, patient, plan_id)
    return scene.plan, plan_document(request, scene, chosen, choice)


@clinic_page(*READS)
def plan_take_home(request: ClinicRequest, patient_id: UUID, plan_id: UUID) -> HttpResponse:
    """In which language and size; nothing is exported before a button is pressed."""
    scene = scene_of(request, patient_id, plan_id)
    check_can_export_plan(request.membership)
    ids = [patient_id, plan_id]
    links = [(each.label, reverse("plan_export", args=[*ids, *name.split(".")])) for name, each in FORMATS.items()]
    context = {
        **banner_context(request, scene.patient, scene.record),
        "title": plan_title(scene.plan),
        "plan": scene.plan,
        "form": PaperForm(initial={"language": "en", "size": "normal"}, label_suffix=""),
        "sheet_url": reverse("plan_sheet", args=ids),
        "pdf_url": reverse("plan_export", args=[*ids, "sheet", "pdf"]),
        "calendar_url": reverse("plan_export", args=[*ids, "calendar", "ics"]),
        "others": [link for link, name in zip(links, FORMATS, strict=True) if name not in _PAPERS],
        "unmade": scene.unmade,
    }
    return render(request, "paper/take_home.html", context)
