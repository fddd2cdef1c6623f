"""What is prescribed in an imported history is held against what is taken and where a treatment stood."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import NOW, TODAY
from tests.services.acts import uploaded_history
from tests.services.treatments import AGAIN, ENDED, change, day, mg
from titration.domain.errors import DomainError
from titration.domain.record import IntakeKind
from titration.imports.checks import DosesAre
from titration.imports.rows import DateOrder
from titration.models import Membership, Patient
from titration.services.drafts import IntakeDraft
from titration.services.history_import import Choices, import_history
from titration.services.intake import record_intake

CHOICES = Choices(columns=("date", "morning"), order=DateOrder.ISO, doses_are=DosesAre.PRESCRIBED)


def prescribes(actor: Membership, patient: Patient, on: int, dose: int) -> None:
    draft = uploaded_history(actor, patient, f"date,morning\n{day(on)},{dose}\n".encode())
    import_history(actor=actor, draft=draft, choices=CHOICES, now=NOW + timedelta(minutes=5))


@pytest.mark.parametrize("goes_on", [False, True], ids=["of today", "that goes on"])
@pytest.mark.parametrize("on", [0, -1])
def test_a_report_hides_no_stop_that_is_imported(alice: Membership, patient: Patient, on: int, goes_on: bool) -> None:
    last: dict[str, Any] = {"goes_on": True} if goes_on else {"ends_on": TODAY}
    report = IntakeDraft(kind=IntakeKind.DAILY_TOTAL, starts_on=day(-2), daily_mcg=55_000, **last)
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    with pytest.raises(DomainError, match=r"a critical finding today.*record it by hand"):
        prescribes(alice, patient, on, 0)


def test_a_report_beside_an_old_dose_keeps_nothing_out(alice: Membership, patient: Patient) -> None:
    report = IntakeDraft(kind=IntakeKind.DAILY_TOTAL, starts_on=day(-2), daily_mcg=150_000, goes_on=True)
    record_intake(actor=alice, patient=patient, report=report, now=NOW)
    prescribes(alice, patient, -400, 30)
    assert mg(patient, -400, 0) == [30, 150]


def test_no_dose_of_a_day_without_treatment_is_imported(alice: Membership, patient: Patient) -> None:
    change(alice, patient, ENDED, -10)
    change(alice, patient, AGAIN, -2, now=NOW + timedelta(minutes=1))
    with pytest.raises(DomainError, match="had ended, or was somebody else's, on this date"):
        prescribes(alice, patient, -5, 30)
