"""The table of actions and roles, read aloud."""

import pytest

from titration.domain.findings import Severity
from titration.models import Membership, Role
from titration.permissions import ROLES, SENTENCES, Action, PermissionRefused, accepting, can, check_can

EXPECTED = {
    Role.CLINICIAN: {action for action in Action if action not in {Action.MANAGE_CLINIC, Action.READ_AUDIT}},
    Role.NURSE: {
        Action.CONFIRM_STEP, Action.EXPORT_PLAN, Action.LOG, Action.REGISTER_PATIENT, Action.CHANGE_PATIENT,
        Action.PLAN_REVIEW, Action.LOG_CONTACT, Action.ACCEPT_FLAG,
    },
    Role.PHARMACIST: {
        Action.CONFIRM_STEP, Action.EXPORT_PLAN, Action.LOG, Action.REGISTER_PATIENT, Action.CHANGE_PATIENT,
        Action.PLAN_REVIEW, Action.LOG_CONTACT, Action.ACCEPT_FLAG, Action.DRAFT_PLAN,
    },
    Role.READ_ONLY: set(),
}  # fmt: skip


@pytest.mark.parametrize("role", Role)
def test_a_role_may(role: Role) -> None:
    assert {action for action in Action if can(Membership(role=role), action)} == EXPECTED[role]


def test_the_admin_bit_opens_no_clinical_act() -> None:
    admin = Membership(role=Role.READ_ONLY, is_clinic_admin=True)
    assert {action for action in Action if can(admin, action)} == {Action.MANAGE_CLINIC, Action.READ_AUDIT}


@pytest.mark.parametrize("action", Action)
def test_a_disabled_member_may_nothing_and_reads_why(action: Action) -> None:
    from tests.factories import NOW

    with pytest.raises(PermissionRefused) as refused:
        check_can(Membership(role=Role.CLINICIAN, is_clinic_admin=True, disabled_at=NOW), action)
    assert refused.value.sentence == SENTENCES[action]


def test_every_action_has_its_roles_and_its_sentence() -> None:
    assert set(ROLES) | {Action.MANAGE_CLINIC, Action.READ_AUDIT} == set(Action) == set(SENTENCES)
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


@pytest.mark.parametrize(
    ("role", "highest"), [("clinician", Severity.CRITICAL), ("nurse", Severity.HIGH), ("pharmacist", Severity.HIGH)]
)
def test_accepts_flags_up_to(role: str, highest: Severity) -> None:
    accepted = [severity for severity in Severity if can(Membership(role=role), accepting(severity))]
    assert max(accepted) is highest
