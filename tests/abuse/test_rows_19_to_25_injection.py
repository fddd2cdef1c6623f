"""Rows 19 to 25: text that would like to be something else, in pages, chart data, addresses and files."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.abuse.plans import makeable_taper
from tests.exports.pdf_text import needs_poppler, rows_of
from tests.exports.samples import HOSTILE, ashdown
from tests.factories import NOW, change_dose, make_patient, make_plan, regimen
from tests.services.acts import critical_flag
from titration.exports import FORMATS
from titration.exports.spreadsheet import guard
from titration.models import Membership, Patient
from titration.services.acceptance import log_contact

SignIn = Callable[[Membership], Client]
MARKUP = "<script>alert(1)</script>"
ATTRIBUTE = '"><svg onload=alert(1)>'
TEMPLATE = "{{7*7}}{% load static %}"


@pytest.fixture
def hostile(alice: Membership) -> Patient:
    """Every text of theirs is hostile: name, identifier, notes, contact."""
    patient = make_patient(alice, family_name=MARKUP, given_name=ATTRIBUTE, identifier=TEMPLATE)
    change_dose(alice, patient, regimen(20, 20, 15), note=f"{MARKUP}{ATTRIBUTE}{TEMPLATE}")
    log_contact(actor=alice, flag=critical_flag(alice, patient), text=f"{MARKUP}{ATTRIBUTE}{TEMPLATE}", now=NOW)
    make_plan(alice, patient, makeable_taper())
    return patient


def pages_of(client: Client, patient: Patient) -> dict[str, str]:
    ids = [patient.public_id]
    plan, flag = patient.plans.get(), patient.flags.get(code="W1")
    wanted = {
        "worklist": reverse("worklist"),
        "patient": reverse("patient", args=ids),
        "details": reverse("patient_details", args=ids),
        "plan": reverse("plan", args=[*ids, plan.public_id]),
        "flag": reverse("flag", args=[*ids, flag.public_id]),
        "log": reverse("log_dose", args=ids),
        "audit": reverse("audit"),
    }
    return {name: client.get(address).content.decode() for name, address in wanted.items()}


def test_row_19_markup_and_templates_are_inert_everywhere(
    as_member: SignIn, alice: Membership, hostile: Patient
) -> None:
    alice.is_clinic_admin = True
    alice.save()
    client = as_member(alice)
    shown = pages_of(client, hostile)
    shown["refused"] = client.post(
        reverse("log_dose", args=[hostile.public_id]), {"note": f"{MARKUP}{ATTRIBUTE}", "morning": ATTRIBUTE}
    ).content.decode()
    shown["found"] = client.post(reverse("find_patients"), {"q": ATTRIBUTE}).content.decode()
    for name, page in shown.items():
        assert "<script>alert" not in page, name
        assert "<svg onload" not in page, name
        assert ">49" not in page or "{{7*7}}" in page, name
    assert "{{7*7}}{% load static %}" in shown["patient"]
    title = re.search(r"<title>(.*?)</title>", shown["patient"], re.DOTALL)
    assert title is not None
    assert "<script" not in title[1]


def test_row_20_chart_data_cannot_end_its_script(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    change_dose(alice, patient, regimen(20, 20, 15), note="</script><script>alert(1)</script><!--")
    page = as_member(alice).get(reverse("patient", args=[patient.public_id])).content.decode()
    data = re.search(r'<script id="chart-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert json.loads(data[1])
    assert not {"<", ">", "\u2028", "\u2029"} & set(data[1])
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "value", ["' OR 1=1--", "name; DROP TABLE x", "-1", "99999999999", "${7*7}", "id", "../x", "é"]
)
def test_row_21_filters_and_pages_come_from_a_list(
    value: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    """What is not in the list counts as not asked."""
    alice.is_clinic_admin = True
    alice.save()
    client, page = as_member(alice), reverse("patient", args=[patient.public_id])
    questions = {
        reverse("worklist"): ("show", "page", "sort", "order"),
        page: ("kind", "range", "log", "page", "sort"),
        reverse("audit"): ("person", "action", "patient", "first_on", "last_on", "after"),
        reverse("statistics"): ("period", "days"),
    }
    for address, names in questions.items():
        for name in names:
            answer = client.get(address, {name: value})
            assert (address, name, answer.status_code) == (address, name, 200)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "＝", "＋", "－", "＠", "\u00a0="])
def test_row_22_cells_that_would_be_formulas_are_text(start: str) -> None:
    assert guard(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert guard("SP-0417") == "SP-0417"


def test_row_22_numbers_of_a_plan_stay_numbers(as_member: SignIn, alice: Membership) -> None:
    patient = make_patient(alice, identifier="=1+1")
    plan = make_plan(alice, patient, makeable_taper())
    address = reverse("plan_export", args=[patient.public_id, plan.public_id, "steps", "csv"])
    rows = list(csv.DictReader(io.StringIO(as_member(alice).get(address).content.decode("utf-8-sig"))))
    assert {row["patient_identifier"] for row in rows} == {"'=1+1"}
    assert (rows[0]["daily_mg"], rows[0]["change_mg"]) == ("55", "-5")


def test_row_23_a_calendar_line_cannot_end_its_event() -> None:
    plan = ashdown(clinic=hostile_clinic(), language_code="en")
    written = FORMATS["calendar.ics"].write(plan)
    lines = written.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert lines.count(b"BEGIN:VEVENT") == lines.count(b"END:VEVENT")
    assert lines.count(b"BEGIN:VEVENT") == FORMATS["calendar.ics"].write(ashdown()).count(b"\r\nBEGIN:VEVENT")
    assert b"\n" not in written.replace(b"\r\n", b"")


@needs_poppler
def test_row_24_a_pdf_prints_markup_as_typed_and_fetches_nothing() -> None:
    """Sockets are closed in this test: a fetch would fail it."""
    printed = rows_of(FORMATS["sheet.pdf"].write(ashdown(clinic=hostile_clinic())))
    for typed in ('#read("/etc/passwd")', "https://example.invalid/x", "<b>"):
        assert typed in printed
    assert "root:" not in printed


def hostile_clinic() -> Any:
    from dataclasses import replace

    return replace(ashdown().clinic, name=HOSTILE, hours=HOSTILE)


def test_row_25_a_file_is_named_by_our_own_words(as_member: SignIn, alice: Membership) -> None:
    patient = make_patient(alice, family_name='../../etc/x\\"; filename=evil', identifier="a/b\\c")
    plan = make_plan(alice, patient, makeable_taper())
    for name in FORMATS:
        variant, suffix = name.split(".")
        address = reverse("plan_export", args=[patient.public_id, plan.public_id, variant, suffix])
        answer = as_member(alice).get(address)
        assert answer.status_code == 200, name
        assert re.fullmatch(r'attachment; filename="[a-z0-9-]+\.[a-z]+"', answer.headers["Content-Disposition"])
