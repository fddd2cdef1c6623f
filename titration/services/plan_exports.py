"""A plan leaves the house: read and written into the audit in one transaction that no change of it can come between.

Every write locks the patient first, and so does this reading: what is printed is one state of the plan, and the hash on
it is that state's. The file itself is made afterwards, without the lock.
"""

from collections.abc import Callable
from datetime import datetime

from titration.models import Membership, Patient, Plan
from titration.permissions import check_can_export_plan
from titration.services.audit import record_event
from titration.services.writing import journey, locked


@journey("plan.exported")
def export_plan[Read](
    *,
    actor: Membership,
    patient: Patient,
    format_name: str,
    now: datetime,
    read: Callable[[Patient], tuple[Plan, Read]],
) -> Read:
    """What `read` answers about the plan that it read; it is called once, with the patient as locked."""
    check_can_export_plan(actor)
    patient = locked(patient, actor)
    plan, told = read(patient)
    record_event(
        clinic=patient.clinic,
        actor=actor,
        action="plan.exported",
        subject=plan,
        patient=patient,
        detail={"format": format_name, "version": plan.version, "state": plan.state, "hash": plan.content_hash[:12]},
        now=now,
    )
    return told
