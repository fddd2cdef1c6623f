"""The page that signs a plan: what it shows, what must be answered, and which plans it refuses."""

from datetime import timedelta

from tests.factories import NOW, TODAY, change_dose, make_member, make_plan, regimen
from tests.views.plan_acts import SignIn, act, taper, url
from titration.domain.record import IntakeKind
from titration.models import AuditEvent, Clinic, Membership, Patient, Plan
from titration.services.drafts import IntakeDraft
from titration.services.intake import record_intake

STEEP = [(TODAY + timedelta(days=1), regimen(10, 0, 10)), (TODAY + timedelta(days=3), regimen(0))]


def test_signing_starts_the_plan(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    answer = act(as_member(alice), draft, "plan_sign")
    draft.refresh_from_db()
    assert answer["Location"] == url(draft)
    assert (draft.state, draft.signed_by) == ("running", alice.user)


def test_the_sign_page_shows_every_step_that_is_signed(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    shown = as_member(alice).get(url(draft, "plan_sign")).content.decode()
    table = shown.split("The steps that are signed")[1].split("</table>")[0]
    assert table.count("<tr") == len(taper()) + 1


def test_the_sign_page_says_where_taken_and_prescribed_differ(
    as_member: SignIn, alice: Membership, draft: Plan
) -> None:
    client, sentence = as_member(alice), "Nothing is taken since"
    assert sentence not in client.get(url(draft, "plan_sign")).content.decode()
    report = IntakeDraft(kind=IntakeKind.RAN_OUT, starts_on=TODAY)
    record_intake(actor=alice, patient=draft.patient, report=report, now=NOW)
    assert sentence in client.get(url(draft, "plan_sign")).content.decode().replace("\u00a0", " ")


def test_a_steep_plan_is_signed_only_with_a_reason(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan, client = make_plan(alice, patient, STEEP), as_member(alice)
    refused = act(client, plan, "plan_sign")
    assert refused.status_code == 422
    assert "Choose a reason" in refused.content.decode()
    plan.refresh_from_db()
    assert plan.state == "draft"
    act(client, plan, "plan_sign", reason="supervised", comment="in hospital", answered_for="0" * 64)
    plan.refresh_from_db()
    assert plan.state == "draft"
    digest = refused.content.decode().split('name="answered_for" value="')[1].split('"')[0]
    act(client, plan, "plan_sign", reason="supervised", comment="in hospital", answered_for=digest)
    plan.refresh_from_db()
    assert (plan.state, plan.answer_reason, plan.answer_comment) == ("running", "supervised", "in hospital")


def test_the_sign_page_refuses_a_plan_from_another_dose(as_member: SignIn, alice: Membership, draft: Plan) -> None:
    change_dose(alice, draft.patient, regimen(10, 10, 10))
    for answer in (as_member(alice).get(url(draft, "plan_sign")), act(as_member(alice), draft, "plan_sign")):
        assert "Draw it again" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_the_sign_page_names_the_plan_that_it_replaces(as_member: SignIn, alice: Membership, running: Plan) -> None:
    later = make_plan(alice, running.patient, taper(TODAY - timedelta(days=1))[1:], start=regimen(55))
    client = as_member(alice)
    named = f"It replaces plan {running.number}, version 1 (taper, running): none of its steps counts from 19\u00a0Nov"
    shown = client.get(url(later, "plan_sign")).content.decode()
    assert named in shown
    signed = act(client, later, "plan_sign", replaces_seen=seal_in(shown))
    assert named in client.get(signed["Location"]).content.decode()


def seal_in(page: str) -> str:
    return page.split('name="replaces_seen" value="')[1].split('"')[0]


def test_a_plan_that_somebody_signed_meanwhile_is_shown_before_it_is_replaced(
    as_member: SignIn, alice: Membership, clinic: Clinic, draft: Plan
) -> None:
    """Two drafts from the same dose, two clinicians with their sign pages open at once."""
    olga = make_member(clinic, name="Olga Orr")
    hers = make_plan(olga, draft.patient, [(day, regimen(mg)) for mg, (day, _) in zip((50, 45), taper(), strict=False)])
    client, other = as_member(alice), as_member(olga)
    pages = [client.get(url(draft, "plan_sign")).content.decode(), other.get(url(hers, "plan_sign")).content.decode()]
    assert "It replaces" not in "".join(pages)
    assert act(other, hers, "plan_sign", replaces_seen=seal_in(pages[1]))["Location"] == url(hers)
    late = act(client, draft, "plan_sign", replaces_seen=seal_in(pages[0]))
    shown = late.content.decode()
    assert late.status_code == 422
    assert "Another plan was signed or changed since this page was shown." in shown
    assert f"It replaces plan {hers.number}, version 1 (taper, running)" in shown
    hers.refresh_from_db()
    draft.refresh_from_db()
    assert (hers.state, draft.state) == ("running", "draft")
    assert act(client, draft, "plan_sign", replaces_seen=seal_in(shown))["Location"] == url(draft)


def test_an_unknown_reason_is_refused(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, STEEP)
    assert act(as_member(alice), plan, "plan_sign", reason="because").status_code == 422


def test_a_form_with_a_broken_key_signs_nothing(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, taper())
    Plan.objects.filter(pk=plan.pk).update(state_version=0)
    answer = act(as_member(alice), plan, "plan_sign", key="not-a-uuid")
    assert answer.status_code == 422
    assert not AuditEvent.objects.filter(action="plan.signed").exists()


def test_a_plan_that_cannot_be_made_is_not_signed(as_member: SignIn, alice: Membership, patient: Patient) -> None:
    plan = make_plan(alice, patient, [(TODAY, regimen(59.7))])
    answer = act(as_member(alice), plan, "plan_sign")
    assert answer.status_code == 422
    assert "cannot be made" in answer.content.decode()
    plan.refresh_from_db()
    assert plan.state == "draft"
