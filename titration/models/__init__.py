"""The rows. Each module holds one family of nouns; constraints guard every invariant the database can see."""

from titration.models.audit import AuditEvent, SubmissionKey
from titration.models.clinic_changes import ClinicChange
from titration.models.flags import Flag, FlagEvent, FlagState
from titration.models.imports import HistoryImport, ImportState
from titration.models.invitations import Invitation
from titration.models.people import Clinic, LabelSet, Membership, Role, User
from titration.models.plan_templates import PlanTemplate
from titration.models.plans import Plan, PlanEvent, PlanStep, Review
from titration.models.reports import IntakeReport, ResponseScore, SedationReport, SymptomReport
from titration.models.sessions import Session, SharedValue
from titration.models.treatment import (
    Entry,
    Patient,
    PatientFact,
    RegimenChange,
    Sex,
    TreatmentChange,
    TreatmentStatus,
    search_key,
)
from titration.models.week_papers import WeekPaper

__all__ = [
    "AuditEvent",
    "Clinic",
    "ClinicChange",
    "Entry",
    "Flag",
    "FlagEvent",
    "FlagState",
    "HistoryImport",
    "ImportState",
    "IntakeReport",
    "Invitation",
    "LabelSet",
    "Membership",
    "Patient",
    "PatientFact",
    "Plan",
    "PlanEvent",
    "PlanStep",
    "PlanTemplate",
    "RegimenChange",
    "ResponseScore",
    "Review",
    "Role",
    "SedationReport",
    "Session",
    "Sex",
    "SharedValue",
    "SubmissionKey",
    "SymptomReport",
    "TreatmentChange",
    "TreatmentStatus",
    "User",
    "WeekPaper",
    "search_key",
]
