"""Who may do what: one table of actions and roles, and for each action the sentence a refused person reads.

`check_can` raises PermissionRefused with that sentence; `can` answers yes or no, so that a button can explain itself
with the same words. The admin bit opens settings, people and the audit, and no clinical act.
"""

from enum import StrEnum

from titration.domain.errors import DomainError
from titration.domain.findings import Severity
from titration.domain.plan_transitions import RULES, Act
from titration.models.people import Membership, Role


class PermissionRefused(DomainError):
    """This role may not do that; the sentence says who may."""


class Action(StrEnum):
    PRESCRIBE = "prescribe"
    SIGN_PLAN = "sign_plan"
    DRAFT_PLAN = "draft_plan"
    CONFIRM_STEP = "confirm_step"
    EXPORT_PLAN = "export_plan"
    LOG = "log"
    REGISTER_PATIENT = "register_patient"
    CHANGE_PATIENT = "change_patient"
    END_TREATMENT = "end_treatment"
    PLAN_REVIEW = "plan_review"
    LOG_CONTACT = "log_contact"
    ACCEPT_FLAG = "accept_flag"
    ACCEPT_CRITICAL_FLAG = "accept_critical_flag"
    MANAGE_CLINIC = "manage_clinic"
    READ_AUDIT = "read_audit"


_CLINICIAN = frozenset({Role.CLINICIAN.value})
_LOGGING = frozenset({Role.CLINICIAN.value, Role.NURSE.value, Role.PHARMACIST.value})
_DRAFTING = frozenset({Role.CLINICIAN.value, Role.PHARMACIST.value})

ROLES: dict[Action, frozenset[str]] = {
    Action.PRESCRIBE: _CLINICIAN,
    Action.SIGN_PLAN: _CLINICIAN,
    Action.DRAFT_PLAN: _DRAFTING,
    Action.CONFIRM_STEP: _LOGGING,
    Action.EXPORT_PLAN: _LOGGING,
    Action.LOG: _LOGGING,
    Action.REGISTER_PATIENT: _LOGGING,
    Action.CHANGE_PATIENT: _LOGGING,
    Action.END_TREATMENT: _CLINICIAN,
    Action.PLAN_REVIEW: _LOGGING,
    Action.LOG_CONTACT: _LOGGING,
    Action.ACCEPT_FLAG: _LOGGING,
    Action.ACCEPT_CRITICAL_FLAG: _CLINICIAN,
}
_ADMIN_ACTIONS = frozenset({Action.MANAGE_CLINIC, Action.READ_AUDIT})

SENTENCES: dict[Action, str] = {
    Action.PRESCRIBE: "Only a clinician prescribes. Ask a clinician of this clinic to save the dose.",
    Action.SIGN_PLAN: "Only a clinician signs, holds or changes a plan. Ask a clinician of this clinic.",
    Action.DRAFT_PLAN: "Only a clinician or a pharmacist drafts a plan.",
    Action.CONFIRM_STEP: "A read-only member confirms no step. Ask a clinician, nurse or pharmacist.",
    Action.EXPORT_PLAN: "A read-only member exports nothing. Ask a clinician, nurse or pharmacist.",
    Action.LOG: "A read-only member records nothing. Ask a clinician, nurse or pharmacist.",
    Action.REGISTER_PATIENT: "A read-only member registers no patient. Ask a clinician, nurse or pharmacist.",
    Action.CHANGE_PATIENT: "A read-only member changes no patient. Ask a clinician, nurse or pharmacist.",
    Action.END_TREATMENT: "Only a clinician ends a treatment with a dose prescribed, or hands it over with a plan "
    "under way. Ask a clinician of this clinic.",
    Action.PLAN_REVIEW: "A read-only member plans no review. Ask a clinician, nurse or pharmacist.",
    Action.LOG_CONTACT: "A read-only member logs no contact. Ask a clinician, nurse or pharmacist.",
    Action.ACCEPT_FLAG: "A read-only member accepts no flag. Ask a clinician, nurse or pharmacist.",
    Action.ACCEPT_CRITICAL_FLAG: "Only a clinician accepts a critical flag. Ask a clinician of this clinic.",
    Action.MANAGE_CLINIC: "Only an administrator of this clinic changes its settings and people.",
    Action.READ_AUDIT: "Only an administrator of this clinic reads the audit.",
}


def can(membership: Membership, action: Action) -> bool:
    if membership.disabled_at is not None:
        return False
    if action in _ADMIN_ACTIONS:
        return membership.is_clinic_admin
    return membership.role in ROLES[action]


def check_can(membership: Membership, action: Action) -> None:
    if not can(membership, action):
        raise PermissionRefused(SENTENCES[action])


def accepting(severity: Severity) -> Action:
    """A nurse or a pharmacist accepts up to high, a clinician any."""
    return Action.ACCEPT_CRITICAL_FLAG if severity >= Severity.CRITICAL else Action.ACCEPT_FLAG


def acting(act: Act) -> Action:
    """The right that an act on a plan needs. Raises ValueError for one that only follows from another act."""
    return Action(RULES[act].right)


def may(membership: Membership, act: Act) -> bool:
    return can(membership, acting(act))


def check_may(membership: Membership, act: Act) -> None:
    check_can(membership, acting(act))


def check_can_prescribe(membership: Membership) -> None:
    check_can(membership, Action.PRESCRIBE)


def check_can_log(membership: Membership) -> None:
    check_can(membership, Action.LOG)


def check_can_draft_plan(membership: Membership) -> None:
    check_can(membership, Action.DRAFT_PLAN)


def check_can_export_plan(membership: Membership) -> None:
    check_can(membership, Action.EXPORT_PLAN)


def check_can_accept_flag(membership: Membership, severity: Severity) -> None:
    check_can(membership, accepting(severity))
