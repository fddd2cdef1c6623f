"""A plan as a file to take home or to keep: the whole plan always, its own right, its own audit event."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpResponse

from titration.exports import FORMATS, Format, PlanDocument
from titration.models import Plan
from titration.selectors import get_patient
from titration.services.plan_exports import export_plan
from titration.views.desk import READS, ClinicRequest, clinic_page
from titration.views.plan_document import plan_document
from titration.views.plan_page import scene_of


@clinic_page(*READS)
def plan_export(request: ClinicRequest, patient_id: UUID, plan_id: UUID, variant: str, suffix: str) -> HttpResponse:
    """The file. Nobody's name is in its name; a draft says that it is one."""
    chosen = FORMATS.get(f"{variant}.{suffix}")
    patient = get_patient(request.membership, patient_id)
    if chosen is None:
        raise Http404
    document = export_plan(
        actor=request.membership,
        patient=patient,
        format_name=chosen.name,
        now=request.now,
        read=partial(_read, request, patient_id, plan_id, chosen),
    )
    headers = {"Content-Disposition": chosen.disposition(document), "Cache-Control": "no-store"}
    return HttpResponse(chosen.write(document), content_type=chosen.content_type, headers=headers)


def _read(request: ClinicRequest, patient_id: UUID, plan_id: UUID, chosen: Format) -> tuple[Plan, PlanDocument]:
    scene = scene_of(request, patient_id, plan_id)
    return scene.plan, plan_document(request, scene, chosen)
