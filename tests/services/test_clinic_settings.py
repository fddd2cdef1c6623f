"""The clinic's settings: kept change by change, guarded by version, for its administrator alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, TODAY
from titration.domain.errors import DomainError
from titration.models import AuditEvent, Clinic, ClinicChange, Membership, Patient
from titration.permissions import PermissionRefused
from titration.services.clinic_settings import ClinicSettings, change_clinic, settings_of
from titration.services.errors import Conflict

TIMES = {"morning": "07:30", "midday": "12:00", "evening": "18:00", "bedtime": "22:00"}


def settings(clinic: Clinic, **changes: object) -> ClinicSettings:
    usual = {"telephone": "01632 960 417", "emergency_wording": "Ring 999", "clock_times": TIMES}
    return replace(settings_of(clinic), **(usual | changes))  # type: ignore[arg-type]


def test_what_is_set_stands_and_what_stood_is_kept(ada: Membership) -> None:
    before = settings_of(ada.clinic)
    change_clinic(actor=ada, settings=settings(ada.clinic, hours="Mon to Fri"), version=0, now=NOW)
    clinic = Clinic.objects.get(pk=ada.clinic_id)
    assert (clinic.telephone, clinic.hours, clinic.clock_times["morning"]) == ("01632 960 417", "Mon to Fri", "07:30")
    change = ClinicChange.objects.get(clinic=clinic)
    assert (change.number, change.changed_by, change.changed_at) == (1, ada.user, NOW)
    assert change.before["hours"] == before.hours
    assert change.after["hours"] == "Mon to Fri"
    assert "label_set" not in change.after


def test_the_audit_names_what_was_changed_and_not_to_what(ada: Membership) -> None:
    change_clinic(actor=ada, settings=settings(ada.clinic), version=0, now=NOW)
    event = AuditEvent.objects.get(action="clinic.changed")
    assert "telephone" in event.detail["changed"]
    assert "960" not in str(event.detail)


def test_a_change_from_an_older_page_is_refused(ada: Membership) -> None:
    change_clinic(actor=ada, settings=settings(ada.clinic), version=0, now=NOW)
    with pytest.raises(Conflict):
        change_clinic(actor=ada, settings=settings(ada.clinic, hours="never"), version=0, now=NOW)
    assert Clinic.objects.get(pk=ada.clinic_id).hours != "never"


def test_others_than_the_administrator_are_refused_and_noted(alice: Membership) -> None:
    with pytest.raises(PermissionRefused):
        change_clinic(actor=alice, settings=settings(alice.clinic), version=0, now=NOW)
    assert AuditEvent.objects.latest("pk").detail["attempt"] == "clinic.changed"
    assert not ClinicChange.objects.exists()


@pytest.mark.parametrize(
    ("changes", "about"),
    [
        ({"telephone": "ring us"}, "telephone"),
        ({"telephone": "12"}, "telephone"),
        ({"telephone": "０１６３２ 960"}, "telephone"),
        ({"emergency_wording": "  "}, "emergency_wording"),
        ({"clock_times": {**TIMES, "midday": "25:00"}}, "midday"),
        ({"clock_times": {**TIMES, "midday": "7.30"}}, "midday"),
        ({"clock_times": {**TIMES, "evening": "11:00"}}, "evening"),
        ({"clock_times": {**TIMES, "bedtime": "18:00"}}, "bedtime"),
        ({"time_zone": "Atlantis/Deep"}, "time_zone"),
        ({"label_set": "XX"}, "label_set"),
    ],
)
def test_a_value_that_is_none_is_refused_with_its_entry(
    ada: Membership, changes: dict[str, object], about: str
) -> None:
    with pytest.raises(DomainError) as refused:
        change_clinic(actor=ada, settings=settings(ada.clinic, **changes), version=0, now=NOW)
    assert refused.value.about == about
    assert not ClinicChange.objects.exists()


def test_nothing_changed_is_no_change(ada: Membership) -> None:
    change_clinic(actor=ada, settings=settings(ada.clinic), version=0, now=NOW)
    ada.clinic.refresh_from_db()
    with pytest.raises(DomainError, match="Nothing differs"):
        change_clinic(actor=ada, settings=settings(ada.clinic), version=1, now=NOW)


def test_another_label_set_has_every_patient_assessed_again(ada: Membership, patient: Patient) -> None:
    Patient.objects.update(next_assessment_on=TODAY + timedelta(days=30))
    change_clinic(actor=ada, settings=settings(ada.clinic, hours="x"), version=0, now=NOW)
    patient.refresh_from_db()
    assert patient.next_assessment_on == TODAY + timedelta(days=30)
    other = "UK" if ada.clinic.label_set != "UK" else "AU"
    ada.clinic.refresh_from_db()
    change_clinic(actor=ada, settings=settings(ada.clinic, hours="x", label_set=other), version=1, now=NOW)
    patient.refresh_from_db()
    assert patient.next_assessment_on == TODAY


@pytest.mark.parametrize("sql", ["UPDATE titration_clinicchange SET number = 9", "DELETE FROM titration_clinicchange"])
def test_a_change_is_never_changed(ada: Membership, sql: str) -> None:
    change_clinic(actor=ada, settings=settings(ada.clinic), version=0, now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_failing_audit_rolls_the_change_back(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr("titration.services.clinic_settings.record_event", full)
    with pytest.raises(DatabaseError):
        change_clinic(actor=ada, settings=settings(ada.clinic), version=0, now=NOW)
    assert not ClinicChange.objects.exists()
    assert Clinic.objects.get(pk=ada.clinic_id).clock_times["morning"] != "07:30"
