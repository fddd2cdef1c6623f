"""Row 40: a patient with 10,000 dose changes. Page, chart, list and papers stay bounded; the queries do not grow."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.abuse.plans import makeable_taper
from tests.factories import NOW, TODAY, make_patient, make_plan
from titration.models import Membership, Patient, RegimenChange

SignIn = Callable[[Membership], Client]
MANY = 10_000
PAGE_BYTES, PAPER_BYTES = 1_000_000, 2_000_000


@pytest.fixture
def long_known(alice: Membership) -> Patient:
    """One change a day for 27 years, between 60 and 55 mg/day."""
    patient = make_patient(alice)
    rows = [
        RegimenChange(
            patient=patient, starts_on=TODAY - timedelta(days=61 + day), morning_mcg=20_000, midday_mcg=20_000,
            evening_mcg=20_000 if day % 2 else 15_000, bedtime_mcg=0, reason="other", recorded_by=alice.user,
            recorded_at=NOW, backdate_reason="Taken over from paper",
        )
        for day in range(MANY)
    ]  # fmt: skip
    RegimenChange.objects.bulk_create(rows, batch_size=1000)
    return patient


def asked(client: Client, address: str) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return answer, len(queries)


def test_row_40_page_chart_and_list_stay_bounded(as_member: SignIn, alice: Membership, long_known: Patient) -> None:
    client, short = as_member(alice), make_patient(alice)
    for query in ("", "?range=all", "?page=2", "?kind=dose"):
        long_page, long_queries = asked(client, reverse("patient", args=[long_known.public_id]) + query)
        _, short_queries = asked(client, reverse("patient", args=[short.public_id]) + query)
        assert (query, len(long_page.content) < PAGE_BYTES) == (query, True), len(long_page.content)
        assert (query, long_queries) == (query, short_queries)


def test_row_40_papers_stay_bounded(as_member: SignIn, alice: Membership, long_known: Patient) -> None:
    client, plan = as_member(alice), make_plan(alice, long_known, makeable_taper())
    for name in ("sheet.pdf", "record.pdf", "steps.csv", "calendar.ics", "plan.json"):
        address = reverse("plan_export", args=[long_known.public_id, plan.public_id, *name.split(".")])
        paper, _ = asked(client, address)
        assert (name, len(paper.content) < PAPER_BYTES) == (name, True), len(paper.content)
