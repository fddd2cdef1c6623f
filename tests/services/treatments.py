"""Where a treatment stands, said through its service, and what the record then says."""

from datetime import date, datetime, timedelta
from typing import Any

from tests.factories import NOW, TODAY
from tests.services.acts import ANSWER
from titration.domain.assess import assess
from titration.domain.case import case_from
from titration.domain.guidance import load_guidance
from titration.domain.history import taken_history
from titration.domain.record import TreatmentState
from titration.models import Flag, Membership, Patient, TreatmentChange
from titration.selectors import patient_record
from titration.services.drafts import TreatmentDraft
from titration.services.treatment import change_treatment

ENDED, MOVED, DIED, AGAIN = (
    TreatmentState.ENDED, TreatmentState.MOVED, TreatmentState.DIED, TreatmentState.UNDER_TREATMENT,
)  # fmt: skip


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


def draft(kind: TreatmentState, on: int | None = 0, **changes: Any) -> TreatmentDraft:
    usual: dict[str, Any] = {ENDED: {"last_mcg": 60_000}, MOVED: {"handed_to": "Dr Pine"}}.get(kind, {})
    return TreatmentDraft(kind=kind, on=None if on is None else day(on), **{"why": "By letter", **usual, **changes})


def change(
    actor: Membership, patient: Patient, kind: TreatmentState, on: int | None = 0, *, now: datetime = NOW, **more: Any
) -> TreatmentChange:
    answer = more.pop("answer", ANSWER if kind is ENDED else None)
    row = change_treatment(actor=actor, patient=patient, draft=draft(kind, on, **more), now=now, answer=answer)
    patient.refresh_from_db()
    return row


def mg(patient: Patient, *offsets: int, of: Any = taken_history) -> list[int | None]:
    history = of(patient_record(patient, NOW))
    return [None if (mcg := history.on(day(at).toordinal())) is None else mcg // 1000 for at in offsets]


def titles(patient: Patient, on: int = 0) -> set[str]:
    found = assess(case_from(patient_record(patient, NOW), day(on)), load_guidance()).findings
    return {f"{finding.code} {finding.severity.label}" for finding in found}


def flags_of(patient: Patient) -> list[tuple[str, str, str]]:
    return list(Flag.objects.filter(patient=patient).order_by("pk").values_list("code", "state", "severity"))
