"""`manage.py seed_demo`: what the demo clinic shows, that it was made through the services, and where it refuses."""

from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from tests.stories import ASHDOWN, OTHERS, STORIES, record_of
from titration.demo.acts import Story
from titration.demo.people import DEMO_CLINIC
from titration.demo.sign_in import DEMO_EMAIL, DEMO_PASSWORD
from titration.domain.assess import assess
from titration.domain.case import case_from
from titration.domain.findings import Assessment
from titration.domain.guidance import load_guidance
from titration.domain.record import PatientRecord
from titration.models import AuditEvent, Clinic, Flag, FlagEvent, Membership, Patient, Plan, ResponseScore, Review, User
from titration.selectors import patient_record
from titration.services.audit import broken_links

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def printed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """What the command printed; its rows stay for the tests of this module and are rolled back after them."""
    out = StringIO()
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DEMO=True):  # type: ignore[attr-defined]
        call_command("seed_demo", stdout=out)
        yield out.getvalue()
        transaction.set_rollback(True)


def patient_of(story: Story) -> Patient:
    return Patient.objects.select_related("clinic").get(identifier=story.person.identifier)


def record_in_the_database(story: Story) -> PatientRecord:
    return patient_record(patient_of(story), timezone.now())


def today() -> date:
    return timezone.now().astimezone(Clinic.objects.get(name=DEMO_CLINIC).zone).date()


def said(record: PatientRecord) -> Assessment:
    return assess(case_from(record, today()), load_guidance())


def standing(story: Story) -> dict[str, tuple[str, str]]:
    flags = Flag.objects.filter(patient=patient_of(story)).exclude(state__in=["resolved", "corrected"])
    return {flag.code: (flag.severity, flag.state) for flag in flags}


def test_refuses_outside_demo_mode() -> None:
    with pytest.raises(CommandError, match="never runs as production"):
        call_command("seed_demo")


def test_tells_who_signs_in_and_names_each_patient(printed: str) -> None:
    assert DEMO_EMAIL in printed
    assert DEMO_PASSWORD in printed
    assert all(story.person.family_name in printed for story in (*STORIES, *OTHERS))


def test_a_second_run_changes_nothing(printed: str) -> None:
    before = AuditEvent.objects.count()
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert "nothing was changed" in out.getvalue()
    assert AuditEvent.objects.count() == before


def test_is_quiet_when_asked(printed: str) -> None:
    out = StringIO()
    call_command("seed_demo", stdout=out, verbosity=0)
    assert out.getvalue() == ""


def test_everybody_has_a_role_and_the_demo_password(printed: str) -> None:
    members = Membership.objects.filter(clinic__name=DEMO_CLINIC)
    assert {member.role for member in members} == {"clinician", "nurse", "pharmacist", "read_only"}
    assert all(
        user.check_password(DEMO_PASSWORD) and user.email.endswith("@demo.invalid") for user in User.objects.all()
    )


def test_the_second_clinic_has_a_patient_of_its_own(printed: str) -> None:
    assert Clinic.objects.exclude(name=DEMO_CLINIC).get().patients.count() == 1
    assert Patient.objects.filter(clinic__name=DEMO_CLINIC).count() == len(STORIES) + len(OTHERS)


@pytest.mark.parametrize("story", [pytest.param(story, id=story.slug) for story in STORIES])
def test_the_database_says_what_the_story_says(printed: str, story: Story) -> None:
    in_database, as_data = said(record_in_the_database(story)), said(record_of(story, today()))
    assert [(f.code, f.severity, f.fingerprint) for f in in_database.findings] == [
        (f.code, f.severity, f.fingerprint) for f in as_data.findings
    ]


@pytest.mark.parametrize(
    ("family_name", "flags"),
    [
        (
            "Ashdown",
            {
                **dict.fromkeys(("W1", "W4"), ("critical", "open")),
                **dict.fromkeys(("W7", "W8"), ("high", "open")),
            },
        ),
        ("Duarte", {"T2": ("high", "accepted")}),
        ("Whitcombe", {"S1": ("critical", "open")}),
        ("Osei", dict.fromkeys(("W2", "R1", "R2"), ("high", "open"))),
        ("Kovalenko", {"S1": ("high", "open")}),
        ("Iqbal", {"W8": ("high", "open")}),
        ("Adeyemi", {"T1": ("caution", "open")}),
        ("Marlowe", {}),
        ("Novak", {}),
    ],
)
def test_the_worklist_has_every_severity_to_show(
    printed: str, family_name: str, flags: dict[str, tuple[str, str]]
) -> None:
    story = next(story for story in (*STORIES, *OTHERS) if story.person.family_name == family_name)
    assert standing(story) == flags


def test_plans_are_in_every_state_of_their_life(printed: str) -> None:
    assert {plan.state for plan in Plan.objects.all()} == {"draft", "running", "completed", "stopped"}


def test_reviews_are_overdue_due_and_ahead(printed: str) -> None:
    due = [review.due_on for review in Review.objects.filter(done_on=None)]
    assert min(due) < today() < max(due)
    assert today() in due


def test_a_wrong_score_of_ashdown_stays_visible_as_entered_in_error(printed: str) -> None:
    (wrong,) = ResponseScore.objects.filter(patient=patient_of(ASHDOWN), status="entered_in_error")
    assert (wrong.value, bool(wrong.status_reason)) == ("7", True)


def test_ashdowns_flags_of_the_past_were_raised_and_resolved_in_their_time(printed: str) -> None:
    sedation = Flag.objects.get(patient=patient_of(ASHDOWN), code="S1")
    assert (sedation.state, (sedation.resolved_at - sedation.opened_at).days) == ("resolved", 6)  # type: ignore[operator]


def test_a_contact_is_logged_on_the_flag_that_waits(printed: str) -> None:
    assert FlagEvent.objects.filter(kind="contact", flag__patient=patient_of(ASHDOWN), flag__code="W1").exists()


def test_the_audit_tells_it_in_the_order_of_time_and_holds(printed: str) -> None:
    assert list(broken_links()) == []
    (demo_clinic,) = Clinic.objects.filter(name=DEMO_CLINIC)
    at = list(AuditEvent.objects.filter(clinic=demo_clinic, actor__isnull=False).values_list("at", flat=True))
    assert at == sorted(at)
    assert not AuditEvent.objects.filter(action="refused").exists()


@pytest.fixture
def okafor(printed: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=DEMO_EMAIL), backend="titration.membership.MembershipBackend")
    return client


def test_the_worklist_shows_every_severity(okafor: Client) -> None:
    page = okafor.get(reverse("worklist"))
    assert page.status_code == 200
    assert all(
        word in page.content.decode() for word in ("Critical", "High", "Caution", "Info", "overdue", "Due today")
    )


def test_the_page_of_every_patient_and_plan_answers(okafor: Client) -> None:
    plans = Plan.objects.values_list("patient__public_id", "public_id")
    patients = Patient.objects.filter(clinic__name=DEMO_CLINIC).values_list("public_id", flat=True)
    addresses = [reverse("patient", args=[public_id]) for public_id in patients]
    addresses += [reverse("plan", args=ids) for ids in plans]
    assert [address for address in addresses if okafor.get(address).status_code != 200] == []
