"""The banner as every page of a patient shows it: the pure banner, its address, and the highest flag that is open."""

from typing import Any

from django.urls import reverse

from titration.domain.assess import assess
from titration.domain.banner import banner_of
from titration.domain.beside_a_step import beside_a_step
from titration.domain.case import case_at
from titration.domain.findings import Assessment
from titration.domain.guidance import load_guidance
from titration.domain.record import PatientRecord
from titration.domain.standing import ShownFlag, Standing, standing
from titration.models import Patient
from titration.views.clinic_request import ClinicRequest


def assessment_of(request: ClinicRequest, record: PatientRecord) -> Assessment:
    """What the rules say now, on the clinic's clock."""
    return assess(case_at(record, request.today, now=request.now), load_guidance())


def standing_of(request: ClinicRequest, record: PatientRecord) -> Standing:
    return standing(assessment_of(request, record), record.flags, load_guidance())


def banner_context(
    request: ClinicRequest, patient: Patient, record: PatientRecord, stands: Standing | None = None
) -> dict[str, Any]:
    """For `patient/banner.html`; and what stands today, for the pages on which a dose is decided."""
    stands = stands or standing_of(request, record)
    return {
        "banner": banner_of(record, today=request.today, guidance=load_guidance()),
        "banner_href": patient_url(patient),
        "banner_flag": _flag(stands),
        **_beside(request, patient, record, stands),
        "stands_today": stands.weighed,
    }


def _beside(request: ClinicRequest, patient: Patient, record: PatientRecord, stands: Standing) -> dict[str, Any]:
    """What stands beside every coming step that the page names, for `components/beside.html`."""
    url = flag_url(patient, stands.highest) if stands.highest else ""
    return {"beside": beside_a_step(record, stands.highest, request.today), "beside_url": url}


def flag_url(patient: Patient, shown: ShownFlag) -> str:
    """The flag on file; a finding without one leads to its rule."""
    if shown.flag is None:
        return reverse("rule", args=[shown.code])
    return reverse("flag", args=[patient.public_id, shown.flag.id])


def _flag(stands: Standing) -> dict[str, Any] | None:
    """The highest that is open; else the highest that was accepted, said to be so."""
    if stands.highest:
        return {"label": "Highest flag", "severity": stands.highest.severity, "text": stands.highest.words.title}
    if stands.outranking:
        accepted = stands.outranking[0]
        return {
            "label": "Accepted flag",
            "severity": accepted.severity,
            "text": accepted.words.title,
            "is_accepted": True,
        }
    return None


def patient_url(patient: Patient) -> str:
    return reverse("patient", args=[patient.public_id])
