"""Two clinicians who draw one draft again: the second is told and keeps what was typed; the first loses nothing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.factories import NOW, make_member, make_plan, slow_taper
from tests.services.acts import ANSWER
from tests.views.test_planner import inputs, url
from titration.models import Clinic, Membership, Patient, Plan
from titration.services.plans import sign_plan, stop_plan

SignIn = Callable[[Membership], Client]
MEANWHILE = "meanwhile, and nothing of yours is saved yet."


@pytest.fixture
def draft(alice: Membership, patient: Patient) -> Plan:
    return make_plan(alice, patient, slow_taper())


def again(client: Client, draft: Plan, **typed: Any) -> Any:
    usual = {"replaces": str(draft.public_id), "key": str(uuid4()), "way": "equal", "step": "5", "step_days": "14"}
    return client.post(url(draft.patient), inputs(**{**usual, **typed}))


def test_the_second_is_told_and_saves_a_draft_of_its_own(
    as_member: SignIn, alice: Membership, clinic: Clinic, draft: Plan
) -> None:
    olga = make_member(clinic, name="Olga Orr")
    assert again(as_member(olga), draft).status_code == 302
    late = again(as_member(alice), draft, step_days="21")
    page = late.content.decode()
    assert late.status_code == 409
    assert f"This draft was drawn again or discarded {MEANWHILE}" in page
    assert 'name="step_days" value="21"' in page
    assert 'name="replaces" value="' not in page
    assert again(as_member(alice), draft, step_days="21", replaces="").status_code == 302
    versions = Plan.objects.order_by("pk").values_list("number", "version", "state", "drafted_by__email")
    assert list(versions) == [
        (1, 1, "stopped", alice.user.email), (1, 2, "draft", olga.user.email), (2, 1, "draft", alice.user.email),
    ]  # fmt: skip


@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "discarded"])
def test_a_draft_that_is_none_any_more_is_not_drawn_again(
    as_member: SignIn, alice: Membership, draft: Plan, is_signed: bool
) -> None:
    if is_signed:
        sign_plan(actor=alice, plan=draft, answer=ANSWER, state_version=0, now=NOW)
    else:
        stop_plan(actor=alice, plan=draft, reason="another way", state_version=0, now=NOW)
    answer = again(as_member(alice), draft)
    assert answer.status_code == 409
    became = "is running" if is_signed else "was drawn again or discarded"
    assert f"This draft {became} {MEANWHILE}" in answer.content.decode()
    assert Plan.objects.count() == 1


def test_a_double_click_is_no_conflict(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    client, key = as_member(alice), str(uuid4())
    first, second = again(client, draft, key=key), again(client, draft, key=key)
    assert first["Location"] == second["Location"]
    assert Plan.objects.count() == 2
