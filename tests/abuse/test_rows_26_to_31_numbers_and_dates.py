"""Rows 26 to 31: what a dose and a date may look like, through the whole way from the form to the file."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, change_dose, make_patient, make_plan, regimen
from titration.domain.units import format_mg, parse_mg
from titration.models import Membership, Patient, RegimenChange

SignIn = Callable[[Membership], Client]
NO_DOSES = (
    "NaN", "nan", "Infinity", "-Infinity", "1e400", "1e2", "1_0", "1,5", "1.500", "1.50", "5mg", "5 mg", "１０",
    "٣", "-5", "−5", "-0", "+5", ".5", "5.", "0x10", "1 0", "½", "10\u00a0", "", "five", "1.2.3", "99999",
)  # fmt: skip
NO_DATES = (
    "02/03/2026", "2.3.2026", "2026-3-2", "20260302", "2 March 2026", "2026-02-30", "2026-13-01", "tomorrow",
    "0001-01-01", "9999-12-31", "2026-W10-1", "２０２６-03-02",
)  # fmt: skip


def sent(client: Client, patient: Patient, **typed: Any) -> Any:
    usual = {"starts_on": TODAY, "morning": 20, "midday": 20, "evening": 15, "bedtime": 0, "reason": "other"}
    return client.post(reverse("log_dose", args=[patient.public_id]), {"key": uuid4(), **usual, **typed})


def told() -> int:
    return RegimenChange.objects.filter(as_told=False).count()


def test_row_26_what_is_no_dose_is_refused_with_a_sentence(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    client = as_member(alice)
    for typed in NO_DOSES:
        answer = sent(client, patient, morning=typed)
        assert (typed, answer.status_code) == (typed, 422)
        assert re.search(
            r"Write (the dose|a point|a zero)|cannot be saved|at most 12 characters", answer.content.decode()
        )
    assert told() == 0


def test_row_27_ten_tenths_are_one_and_a_tenth_stays_a_tenth(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    """Entered, stored, shown, in the chart and in the files: the same 60.3."""
    assert 10 * parse_mg("0.1") == parse_mg("1") == parse_mg("1.0")
    client = as_member(alice)
    assert sent(client, patient, morning="20.1", midday="20.1", evening="20.1").status_code == 302
    assert RegimenChange.objects.get(as_told=False).regimen.daily_mcg == 60_300
    page = client.get(reverse("patient", args=[patient.public_id])).content.decode()
    assert re.search(r"60\.3\D{0,30}mg", page)
    chart = re.search(r'<script id="chart-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert chart is not None
    assert re.search(r"\b60\.3\b|\b60300\b", chart[1])
    assert not re.search(r"60\.29|60\.30+1|\d\.\d{4,}", page)
    other = make_patient(alice, takes=regimen(20.1, 20.1, 20.1))
    steps = [(TODAY + timedelta(days=7), regimen(20, 20.1, 20.1))]
    plan = make_plan(alice, other, steps, start=regimen(20.1, 20.1, 20.1))
    for name, wanted in (("steps.csv", b"60.2"), ("plan.json", b"60.2")):
        variant, suffix = name.split(".")
        answer = client.get(reverse("plan_export", args=[other.public_id, plan.public_id, variant, suffix]))
        if answer.status_code == 200:
            assert wanted in answer.content
        else:
            assert b"cannot be" in answer.content, "no product makes it: said in words, never rounded"


@pytest.mark.parametrize(
    ("doses", "status"),
    [
        (("0", "0", "0", "0"), 422),
        (("20", "20", "19.9", "0"), 302),
        (("50", "50", "50", "50"), 422),
        (("50", "50", "50", "50.1"), 422),
        (("200.1", "0", "0", "0"), 422),
    ],
    ids=["0 is asked about", "one tenth less", "200 is asked about", "200.1", "200.1 at once"],
)
def test_row_28_the_ends_of_the_scale(
    doses: tuple[str, ...], status: int, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    typed = dict(zip(("morning", "midday", "evening", "bedtime"), doses, strict=True))
    answer = sent(as_member(alice), patient, **typed)
    total = sum(map(parse_mg, doses))
    assert answer.status_code == status
    assert ("cannot be saved" in answer.content.decode()) is (total > 200_000)
    assert ("This must be answered" in answer.content.decode()) is (status == 422 and total <= 200_000)
    assert told() == (status == 302)


def test_row_28_the_ends_themselves_can_be_saved(alice: Membership, patient: Patient) -> None:
    for doses in ((0, 0, 0, 0), (0.1, 0, 0, 0), (50, 50, 50, 50)):
        row = change_dose(alice, patient, regimen(*doses))
        assert format_mg(row.regimen.daily_mcg) == f"{sum(doses):g}"


def test_row_29_a_change_from_nothing_divides_by_nothing(as_member: SignIn, alice: Membership) -> None:
    patient = make_patient(alice, takes=regimen(0), exposure_months=0)
    client = as_member(alice)
    preview = reverse("preview_dose", args=[patient.public_id])
    for morning in ("0", "0.1", "5", "200"):
        typed = {"morning": morning, "midday": 0, "evening": 0, "bedtime": 0, "starts_on": TODAY, "reason": "other"}
        assert client.post(preview, typed).status_code == 200
    change_dose(alice, patient, regimen(5))
    page = client.get(reverse("patient", args=[patient.public_id])).content.decode()
    assert not re.search(r"\b(NaN|Infinity|inf|nan)\b", page)


def test_row_30_a_date_is_iso_or_refused(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    client = as_member(alice)
    for typed in NO_DATES:
        answer = sent(client, patient, starts_on=typed)
        assert (typed, answer.status_code) == (typed, 422)
        assert re.search(r"Write the date as|no such day|Check the year", answer.content.decode()), typed
    assert told() == 0


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("log_dose", "starts_on", "1900-01-01"),
        ("log_dose", "starts_on", "2199-12-31"),
        ("log_dose", "starts_on", (TODAY - timedelta(days=3)).isoformat()),
        ("log_intake", "starts_on", (TODAY + timedelta(days=1)).isoformat()),
        ("log_sedation", "at", (NOW + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")),
        ("log_effects", "onset_on", (TODAY + timedelta(days=1)).isoformat()),
        ("log_response", "at", "9999-01-01 10:00"),
        ("log_response", "at", "0001-01-01 10:00"),
        ("kidney", "on", (TODAY + timedelta(days=1)).isoformat()),
    ],
)
def test_row_31_days_that_cannot_be_are_refused(
    name: str, field: str, value: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    """The future, before birth, years that no patient sees; a past change asks for its reason."""
    usual = {
        "key": uuid4(), "morning": 20, "midday": 20, "evening": 15, "bedtime": 0, "reason": "other", "kind": "ran_out",
        "grade": 1, "codes": "drowsiness", "severity": "mild", "spasticity": 4, "egfr": 60,
    }  # fmt: skip
    answer = as_member(alice).post(reverse(name, args=[patient.public_id]), {**usual, field: value})
    assert answer.status_code == 422
    assert told() == 0


def test_row_31_a_backdated_change_is_saved_with_its_reason(
    as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    day = TODAY - timedelta(days=3)
    assert sent(as_member(alice), patient, starts_on=day, backdate_reason="Told on the telephone").status_code == 302
    assert RegimenChange.objects.get(as_told=False).backdate_reason == "Told on the telephone"
