"""A failing audit rolls back the acts that concern no single patient too; and no service is without such a test.

Acts on patients stand in tests/services/acts.py; those of a clinic in the table of their own test file.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError

from tests.factories import NOW, TODAY, make_member, make_patient
from tests.services.acts import RAN_OUT
from tests.services.test_every_service import refuse_audit, snapshot  # noqa: F401 - a fixture
from titration.models import Invitation, Membership, Patient, WeekPaper
from titration.services.clinic_settings import change_clinic, settings_of
from titration.services.clinics import add_member, open_clinic
from titration.services.intake import record_intake
from titration.services.people import (
    accept_invitation,
    change_member,
    disable_member,
    enable_member,
    end_own_session,
    invite,
    remove_second_factor,
    revoke_invitation,
)
from titration.services.reasons import add_reason, rename_reason, retire_reason
from titration.services.reassessment import reassess_patient
from titration.services.week_papers import ask_for_week, hand_out

SERVICES = Path(__file__).parent.parent.parent / "titration" / "services"

type Ready = Callable[[Membership], Callable[[], Any]]


def _clinic(_: Membership) -> Callable[[], Any]:
    return lambda: open_clinic(name="New", time_zone="Europe/London", label_set="UK", telephone="", now=NOW)


def _member(actor: Membership) -> Callable[[], Any]:
    return lambda: add_member(
        clinic=actor.clinic, email="new@clinic.example", full_name="New Person", role="nurse", is_clinic_admin=False,
        password="pale-green-orchard-17", now=NOW,
    )  # fmt: skip


def _reassessed(actor: Membership) -> Callable[[], Any]:
    """Somebody whose flags change by time alone."""
    actor.role = "clinician"
    patient = make_patient(actor)
    record_intake(actor=actor, patient=patient, report=RAN_OUT, now=NOW)
    Patient.objects.filter(pk=patient.pk).update(next_assessment_on=TODAY)
    patient.flags.update(fingerprint="other")
    return lambda: reassess_patient(patient.pk, NOW)


def _clinic_changed(actor: Membership) -> Callable[[], Any]:
    wanted = replace(settings_of(actor.clinic), hours="Monday to Friday")
    return lambda: change_clinic(actor=actor, settings=wanted, version=0, now=NOW)


def _ask_for_week(actor: Membership) -> WeekPaper:
    actor.role = "pharmacist"
    return ask_for_week(actor=actor, today=TODAY, now=NOW)


def _hand_out(actor: Membership) -> Callable[[], Any]:
    paper = _ask_for_week(actor)
    return lambda: hand_out(actor=actor, paper_id=paper.public_id, now=NOW)


def _invited(actor: Membership) -> Invitation:
    return invite(actor=actor, email="new@clinic.example", role="nurse", is_clinic_admin=False, now=NOW)


def _revoke(actor: Membership) -> Callable[[], Any]:
    invitation = _invited(actor)
    return lambda: revoke_invitation(actor=actor, invitation=invitation, now=NOW)


def _accept(actor: Membership) -> Callable[[], Any]:
    invitation, password = _invited(actor), "pale-green-orchard-17"
    return lambda: accept_invitation(invitation=invitation, full_name="New Person", password=password, now=NOW)


def _change(actor: Membership) -> Callable[[], Any]:
    member = make_member(actor.clinic)
    return lambda: change_member(actor=actor, member=member, role="nurse", is_clinic_admin=False, now=NOW)


def _disable(actor: Membership) -> Callable[[], Any]:
    member = make_member(actor.clinic)
    return lambda: disable_member(actor=actor, member=member, now=NOW)


def _enable(actor: Membership) -> Callable[[], Any]:
    member = disable_member(actor=actor, member=make_member(actor.clinic), now=NOW)
    return lambda: enable_member(actor=actor, member=member, now=NOW)


def _without_factor(actor: Membership) -> Callable[[], Any]:
    member = make_member(actor.clinic)
    Authenticator.objects.create(user=member.user, type=Authenticator.Type.TOTP, data={})
    return lambda: remove_second_factor(actor=actor, member=member, now=NOW)


ACTS: dict[str, Ready] = {
    "reason.added": lambda actor: lambda: add_reason(actor=actor, words="On our ward", now=NOW),
    "reason.renamed": lambda actor: lambda: rename_reason(actor=actor, code="supervised", words="Seen", now=NOW),
    "reason.retired": lambda actor: lambda: retire_reason(actor=actor, code="supervised", now=NOW),
    "open_clinic": _clinic,
    "add_member": _member,
    "reassess_patient": _reassessed,
    "clinic.changed": _clinic_changed,
    "week.asked": lambda actor: lambda: _ask_for_week(actor),
    "week.exported": _hand_out,
    "invitation.sent": lambda actor: lambda: _invited(actor),
    "invitation.revoked": _revoke,
    "accept_invitation": _accept,
    "member.changed": _change,
    "member.disabled": _disable,
    "member.enabled": _enable,
    "second_factor.removed": _without_factor,
    "end_own_session": lambda actor: lambda: end_own_session(user=actor.user, this_key="", which="others", now=NOW),
}


@pytest.mark.parametrize("action", ACTS)
def test_a_failing_audit_rolls_everything_back(
    action: str,
    ada: Membership,
    refuse_audit: Callable[[], None],  # noqa: F811
) -> None:
    act = ACTS[action](ada)
    before = snapshot()
    refuse_audit()
    with pytest.raises(DatabaseError):
        act()
    assert snapshot() == before


def transactions() -> Iterator[tuple[str, str]]:
    """(action or function, file) of every service that opens a transaction, as its decorators say."""
    for file in sorted(SERVICES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                opened = [_opens(each, node.name) for each in node.decorator_list]
                yield from ((name, file.name) for name in opened if name)


def _opens(decorator: ast.expr, function: str) -> str:
    """The action of a journey, the function's name for any other transaction, empty for a decorator that opens none."""
    words = ast.unparse(decorator)
    if isinstance(decorator, ast.Call) and words.startswith("journey("):
        return str(ast.literal_eval(decorator.args[0]))
    return function if words in ("transaction.atomic", "transaction.atomic()", "audited()") else ""


def proved() -> set[str]:
    """Every string of the test files that let the audit fail: their tables name the acts they let fail."""
    files = [file for file in Path(__file__).parent.glob("*.py") if "refuse_audit" in file.read_text(encoding="utf-8")]
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in [*files, Path(__file__).parent / "acts.py"]]
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {each for each in constants if isinstance(each, str)}


def test_no_service_is_without_its_rollback_test() -> None:
    """A new service: one line in tests/services/acts.py, in ACTS here, or in a table of its own file that is tried with
    `refuse_audit`.
    """
    known = proved()
    assert [f"{name} in {file}" for name, file in transactions() if name not in known] == []
