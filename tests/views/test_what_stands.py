"""What stands today is said beside whatever a plan would raise: drawn, compared, looked at, signed, changed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOW, TODAY, make_plan, regimen
from tests.services.acts import running_plan
from titration.models import Membership, Patient
from titration.services.drafts import SedationDraft
from titration.services.reports import record_sedation

SignIn = Callable[[Membership], Client]
RISES = [(TODAY + timedelta(days=1), regimen(25, 20, 20)), (TODAY + timedelta(days=8), regimen(25, 25, 20))]


def pages(alice: Membership, patient: Patient) -> dict[str, str]:
    """The address of each page on which a plan is decided."""
    draft = make_plan(alice, patient, RISES, kind="titration")
    of_draft = [patient.public_id, draft.public_id]
    return {
        "planner": f"{reverse('plan_new', args=[patient.public_id])}?kind=titration",
        "draft": reverse("plan", args=of_draft),
        "signing": reverse("plan_sign", args=of_draft),
        "comparing": f"{reverse('plan_compare', args=[patient.public_id])}?this={draft.public_id}",
    }


def standing_in(shown: str) -> str:
    return (
        shown.split('aria-label="Stands already today"')[1].split("</section>")[0] if "Stands already" in shown else ""
    )


@pytest.mark.parametrize("page", ["planner", "draft", "signing", "comparing"])
@pytest.mark.parametrize(("grade", "severity"), [(3, "high"), (4, "critical"), (2, ""), (1, "")])
def test_sedation_that_stands_is_said(
    page: str, grade: int, severity: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    report = SedationDraft(at=NOW - timedelta(hours=2), grade=grade)
    record_sedation(actor=alice, patient=patient, report=report, now=NOW)
    told = standing_in(as_member(alice).get(pages(alice, patient)[page]).content.decode())
    assert (f"sev-{severity}" in told) if severity else told == ""
    assert ("Reported on 13" in told.replace("\u00a0", " ")) is bool(severity)


@pytest.mark.parametrize("act", ["plan_hold", "plan_resume", "plan_slow_down", "plan_step_back", "plan_stop"])
def test_sedation_that_stands_is_said_beside_each_act(
    act: str, as_member: SignIn, alice: Membership, patient: Patient
) -> None:
    plan = running_plan(alice, patient)
    client = as_member(alice)
    record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=3), now=NOW)
    if act == "plan_resume":
        hold = reverse("plan_hold", args=[patient.public_id, plan.public_id])
        form = client.get(hold).context["form"]
        answer = {"key": form.initial["key"], "state_version": plan.state_version, "seen_state": "running"}
        client.post(hold, {**answer, "held_on": "2026-11-14", "why": "asked", "act": "confirm"})
    shown = client.get(reverse(act, args=[patient.public_id, plan.public_id])).content.decode()
    assert "sev-high" in standing_in(shown)


def test_a_plan_drawn_anew_says_it_too(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    record_sedation(actor=alice, patient=patient, report=SedationDraft(at=NOW, grade=3), now=NOW)
    client = as_member(alice)
    texts = client.get(reverse("plan_new", args=[patient.public_id])).context["form"].data
    headers = {"HX-Request": "true", "HX-Target": "plan-drawn"}
    answer = client.post(reverse("plan_draw", args=[patient.public_id]), texts, headers=headers)
    assert "sev-high" in standing_in(answer.content.decode())
