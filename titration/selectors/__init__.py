"""Reads.

Everything starts from a membership and shows its clinic alone; another clinic's object does not exist (404).
"""

from titration.selectors.objects import (
    clinicians,
    get_entry,
    get_fact,
    get_flag,
    get_patient,
    get_plan,
    get_review,
    get_step,
    superseded_dose,
    visible_patients,
)
from titration.selectors.record import patient_record
from titration.selectors.search import find_patients, understood_birth_date
from titration.selectors.worklist import WorklistFilter, WorklistRow, WorklistView, worklist

__all__ = [
    "WorklistFilter",
    "WorklistRow",
    "WorklistView",
    "clinicians",
    "find_patients",
    "get_entry",
    "get_fact",
    "get_flag",
    "get_patient",
    "get_plan",
    "get_review",
    "get_step",
    "patient_record",
    "superseded_dose",
    "understood_birth_date",
    "visible_patients",
    "worklist",
]
