"""A record that cannot be assessed keeps nobody else from their visit, and is told without a value of it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import NOW, make_patient
from tests.services.acts import critical_flag
from titration.models import Flag, Membership, Patient
from titration.services.reassessment import NotAssessed, patients_due, reassess_due

TOMORROW = NOW + timedelta(days=1)
CANARY = "Canary"


@pytest.fixture
def broken(alice: Membership) -> Patient:
    """First in line; the value of a flag of it is one that no code of ours writes."""
    patient = make_patient(alice)
    critical_flag(alice, patient)
    Flag.objects.filter(patient=patient).update(shown=[CANARY])
    return patient


@pytest.fixture
def whole(alice: Membership, broken: Patient) -> Patient:
    patient = make_patient(alice)
    critical_flag(alice, patient)
    return patient


def test_the_next_patient_is_assessed_and_the_broken_record_stays_due(broken: Patient, whole: Patient) -> None:
    with pytest.raises(NotAssessed, match=r"^1 patient not assessed: \w+Error at titration\.[\w.]+:\d+$"):
        list(reassess_due(TOMORROW))
    assert patients_due(TOMORROW) == [broken.pk]


def test_the_command_tells_the_fault_without_a_value_and_fails_at_its_end(
    broken: Patient, whole: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: TOMORROW)
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError, match="Not every patient due could be assessed"):
        call_command("reassess", stdout=out, stderr=err)
    assert out.getvalue().startswith("Assessed 1 of 2 patients due")
    assert err.getvalue().startswith("1 patient not assessed: ")
    assert CANARY not in err.getvalue()
    assert patients_due(TOMORROW) == [broken.pk]
