"""A clinic's own reasons: added, renamed, retired, audited, and readable for ever where they were given."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from tests.factories import NOW, TODAY
from tests.services.acts import raised_flag
from tests.services.test_every_service import refuse_audit  # noqa: F401 - a fixture
from titration.domain.errors import DomainError
from titration.domain.vocabulary import OVERRIDE_REASONS
from titration.models import AuditEvent, Clinic, Membership, Patient
from titration.permissions import PermissionRefused
from titration.selectors import patient_record
from titration.services.acceptance import accept_flag
from titration.services.reasons import MOST_REASONS, add_reason, rename_reason, retire_reason

ACTS: dict[str, Callable[[Membership], Any]] = {
    "reason.added": lambda actor: add_reason(actor=actor, words="Seen on our ward", now=NOW),
    "reason.renamed": lambda actor: rename_reason(actor=actor, code="supervised", words="On our ward", now=NOW),
    "reason.retired": lambda actor: retire_reason(actor=actor, code="supervised", now=NOW),
}
each_act = pytest.mark.parametrize("action", ACTS)


def test_starts_from_the_guidances_list_and_adds_to_it(ada: Membership) -> None:
    clinic = add_reason(actor=ada, words="  Seen on   our ward ", now=NOW)
    assert clinic.active_reasons == {**OVERRIDE_REASONS, "own_1": "Seen on our ward"}


def test_renaming_keeps_the_place_and_the_old_words(ada: Membership) -> None:
    clinic = rename_reason(actor=ada, code="supervised", words="On our ward", now=NOW)
    assert list(clinic.active_reasons)[1] == "own_1"
    assert clinic.known_reasons["supervised"] == OVERRIDE_REASONS["supervised"]
    clinic = rename_reason(actor=ada, code="own_1", words="On ward 7", now=NOW)
    assert (clinic.known_reasons["own_1"], clinic.active_reasons["own_2"]) == ("On our ward", "On ward 7")


def test_a_retired_reason_is_refused_and_still_read(ada: Membership, alice: Membership, patient: Patient) -> None:
    flag = raised_flag(alice, patient)
    add_reason(actor=ada, words="Seen on our ward", now=NOW)
    patient.refresh_from_db()
    answer = {"actor": alice, "comment": "", "expires_on": TODAY + timedelta(days=1), "now": NOW}
    flag = accept_flag(flag=flag, reason="own_1", state_version=flag.state_version, **answer)
    retire_reason(actor=ada, code="own_1", now=NOW)
    patient = Patient.objects.select_related("clinic").get(pk=patient.pk)
    with pytest.raises(DomainError, match="from the list"):
        accept_flag(flag=flag, reason="own_1", state_version=flag.state_version, **answer)
    assert patient_record(patient, NOW).flags[0].accepted_reason == "Seen on our ward"


@each_act
def test_is_audited_by_its_code(action: str, ada: Membership) -> None:
    ACTS[action](ada)
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.actor, event.object_type) == (action, ada.user, "clinic")
    assert set(event.detail) == {"reason"}


@each_act
def test_a_failing_audit_rolls_back(action: str, ada: Membership, refuse_audit: Any) -> None:  # noqa: F811
    refuse_audit()
    with pytest.raises(DatabaseError):
        ACTS[action](ada)
    clinic = Clinic.objects.get(pk=ada.clinic_id)
    assert (clinic.override_reasons, clinic.retired_reasons) == ({}, {})


@each_act
def test_only_an_administrator_changes_them(action: str, alice: Membership) -> None:
    with pytest.raises(PermissionRefused, match="Only an administrator"):
        ACTS[action](alice)
    assert AuditEvent.objects.latest("pk").detail["attempt"] == action


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("  ", "in a few words"),
        ("a" * 81, "at most 80"),
        ("on\x07ward", "in one line"),
        ("SUPERVISED closely, for example in hospital", "already"),
    ],
)
def test_refuses_words(words: str, sentence: str, ada: Membership) -> None:
    with pytest.raises(DomainError, match=sentence):
        add_reason(actor=ada, words=words, now=NOW)


@pytest.mark.parametrize(("code", "sentence"), [("own_9", "no longer in the list"), ("other", "stays in the list")])
def test_refuses_to_retire(code: str, sentence: str, ada: Membership) -> None:
    with pytest.raises(DomainError, match=sentence):
        retire_reason(actor=ada, code=code, now=NOW)


def test_the_last_reason_stays(ada: Membership) -> None:
    Clinic.objects.filter(pk=ada.clinic_id).update(override_reasons={"own_1": "Ward"})
    with pytest.raises(DomainError, match="Add another reason first"):
        retire_reason(actor=ada, code="own_1", now=NOW)


def test_a_list_ends(ada: Membership) -> None:
    Clinic.objects.filter(pk=ada.clinic_id).update(
        override_reasons={f"own_{number}": f"Ward {number}" for number in range(MOST_REASONS)}
    )
    with pytest.raises(DomainError, match="Retire a reason first"):
        add_reason(actor=ada, words="One more", now=NOW)
