"""The chain: unbroken under parallel writers, and a tampered copy is named by its first bad row."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections

from tests.append_only import triggers_lifted
from tests.factories import NOW, TODAY, change_dose, make_clinic, make_member, make_patient, regimen
from tests.services.acts import SEDATION, critical_flag
from titration.domain.errors import DomainError
from titration.models import AuditEvent, Membership, Patient, RegimenChange, SedationReport, SubmissionKey
from titration.services.access import Asked, record_read
from titration.services.audit import FIRST_LINK, audited, broken_links, heard_events, record_event
from titration.services.reports import record_sedation


def test_the_first_row_has_a_first_link(patient: Patient) -> None:
    assert AuditEvent.objects.earliest("pk").previous_digest == FIRST_LINK


def test_verify_audit_says_how_many(patient: Patient) -> None:
    said = StringIO()
    call_command("verify_audit", stdout=said)
    assert said.getvalue().strip() == f"The audit's chain holds: {AuditEvent.objects.count()} rows."


@pytest.mark.parametrize("change", ["detail = '{\"daily_mcg\": 1}'", "action = 'x'", "actor_id = NULL"])
def test_verify_audit_names_the_first_bad_row(change: str, alice: Membership, patient: Patient) -> None:
    critical_flag(alice, patient)
    bad = AuditEvent.objects.order_by("pk")[1]
    with triggers_lifted(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE titration_auditevent SET {change} WHERE id = %s", [bad.pk])
    with pytest.raises(CommandError, match=f"row {bad.pk},"):
        call_command("verify_audit")


def test_verify_audit_misses_no_removed_row(alice: Membership, patient: Patient) -> None:
    critical_flag(alice, patient)
    first, second, third = AuditEvent.objects.order_by("pk")[:3]
    with triggers_lifted():
        second.delete()
    assert next(broken_links()) == third
    assert first.own_digest() == first.digest


def test_no_name_and_no_free_text_enters_the_audit(alice: Membership) -> None:
    patient = make_patient(alice, family_name="Canaryname")
    change_dose(alice, patient, regimen(20, 20, 15), note="canarynote", backdate_reason="canaryreason")
    critical_flag(alice, patient)
    with pytest.raises(DomainError):
        change_dose(alice, patient, regimen(200, 200), note="canarynote")
    rows = str(list(AuditEvent.objects.values_list("action", "object_id", "detail")))
    assert "anary" not in rows


def test_a_refused_attempt_leaves_its_row(alice: Membership, patient: Patient) -> None:
    with pytest.raises(DomainError):
        change_dose(alice, patient, regimen(200, 200))
    event = AuditEvent.objects.latest("pk")
    assert (event.action, event.detail) == ("refused", {"attempt": "dose.changed", "refusal": "AboveCeiling"})
    assert event.patient_public_id == patient.public_id


def at_once(write: Callable[[int], Any], times: int) -> list[Any]:
    """Truly parallel on PostgreSQL; SQLite has one writer, so there it is one after the other."""
    if connection.vendor == "sqlite":
        return [write(number) for number in range(times)]

    def in_thread(number: int) -> Any:
        try:
            return write(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(in_thread, range(times)))


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_writes_keep_one_chain() -> None:
    actor = make_member(make_clinic())
    patients = [make_patient(actor) for _ in range(5)]
    before = AuditEvent.objects.count()
    at_once(lambda number: record_sedation(actor=actor, patient=patients[number % 5], report=SEDATION, now=NOW), 50)
    assert SedationReport.objects.count() == 50
    assert AuditEvent.objects.filter(action="sedation.recorded").count() == 50
    assert AuditEvent.objects.count() >= before + 50
    assert list(broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_fifty_parallel_reads_keep_one_chain() -> None:
    actor = make_member(make_clinic())
    patients = [make_patient(actor) for _ in range(5)]

    def read(number: int) -> None:
        asked = Asked(page="patient", action="patient.read", patient_id=patients[number % 5].public_id)
        record_read(actor=actor, user=actor.user, asked=asked, now=NOW)

    at_once(read, 50)
    assert AuditEvent.objects.filter(action="patient.read").count() == 50
    assert list(broken_links()) == []


def test_rows_join_the_chain_as_the_last_act(alice: Membership) -> None:
    """So that the chain's lock is held for their insert alone; one inside another leaves its rows to the outer one."""
    before = AuditEvent.objects.count()
    with heard_events() as heard:
        with audited():
            record_event(clinic=alice.clinic, actor=alice, action="first", now=NOW)
            with audited():
                record_event(clinic=alice.clinic, actor=alice, action="second", now=NOW)
            assert (AuditEvent.objects.count(), heard) == (before, [])
        assert [row.action for row in heard] == ["first", "second"]
    assert [row.action for row in AuditEvent.objects.order_by("pk")[before:]] == ["first", "second"]
    assert list(broken_links()) == []


def test_what_is_rolled_back_takes_its_rows_with_it(alice: Membership) -> None:
    before = AuditEvent.objects.count()
    with audited():
        record_event(clinic=alice.clinic, actor=alice, action="stays", now=NOW)
        with pytest.raises(DomainError), audited():
            _refused_after_its_row(alice)
    assert [row.action for row in AuditEvent.objects.order_by("pk")[before:]] == ["stays"]


def _refused_after_its_row(actor: Membership) -> None:
    record_event(clinic=actor.clinic, actor=actor, action="goes", now=NOW)
    raise DomainError("No.")


@audited()
def _left_to_its_commit(actor: Membership) -> None:
    """Only the commit finds that there is no such person."""
    record_event(clinic=actor.clinic, actor=actor, action="goes", now=NOW)
    SubmissionKey.objects.create(key=uuid4(), clinic=actor.clinic, actor_id=10**9, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_what_fails_at_its_commit_is_not_heard() -> None:
    actor = make_member(make_clinic())
    with heard_events() as heard, pytest.raises(IntegrityError):
        _left_to_its_commit(actor)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_four_times_at_once_is_one_row() -> None:
    actor = make_member(make_clinic())
    patient, key = make_patient(actor), uuid4()
    rows = at_once(lambda _: change_dose(actor, patient, regimen(20, 20, 15), key=key), 4)
    assert len({row.pk for row in rows}) == 1
    assert RegimenChange.objects.filter(patient=patient, starts_on=TODAY).count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_changes_of_one_date_are_rows_that_supersede_each_other() -> None:
    actor = make_member(make_clinic())
    patient = make_patient(actor)
    at_once(lambda number: change_dose(actor, patient, regimen(20, 20, 15 + number / 10)), 8)
    rows = RegimenChange.objects.filter(patient=patient, starts_on=TODAY)
    assert (rows.count(), rows.filter(status="current").count()) == (8, 1)
