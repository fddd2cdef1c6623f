"""A plan as a file to take home or to keep: the whole plan always, its own right, its own audit event."""

from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpResponse

from titration.exports import FORMATS, Format
from titration.permissions import check_can_export_plan
from titration.services.audit import record_event
from titration.views.desk import READS, ClinicRequest, clinic_page
from titration.views.plan_document import plan_document
from titration.views.plan_page import PlanScene, scene_of


@clinic_page(*READS)
def plan_export(request: ClinicRequest, patient_id: UUID, plan_id: UUID, variant: str, suffix: str) -> HttpResponse:
    """The file. Nobody's name is in its name; a draft says that it is one."""
    chosen = FORMATS.get(f"{variant}.{suffix}")
    scene = scene_of(request, patient_id, plan_id)
    if chosen is None:
        raise Http404
    check_can_export_plan(request.membership)
    document = plan_document(request, scene, has_chart=chosen.has_chart)
    body = chosen.write(document)
    _record(request, scene, chosen)
    headers = {"Content-Disposition": chosen.disposition(document), "Cache-Control": "no-store"}
    return HttpResponse(body, content_type=chosen.content_type, headers=headers)


@transaction.atomic
def _record(request: ClinicRequest, scene: PlanScene, chosen: Format) -> None:
    record_event(
        clinic=request.membership.clinic,
        actor=request.membership,
        action="plan.exported",
        subject=scene.plan,
        patient=scene.patient,
        detail={"format": chosen.name, "version": scene.plan.version, "state": scene.plan.state},
        now=request.now,
    )
