"""Rows 5 to 8, 16 and 18 of the list of faults and abuse: sessions that end, and where a sign-in leads.

Whoever leaves, idles or is disabled is out at the next request; what they typed is kept for nobody else.
"""

import base64
import re
import secrets
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.abuse.doors import code_of, give_code, give_password, is_in, with_app, with_password
from tests.factories import make_patient
from titration.environment import ConfigurationError, read_environment
from titration.models import Membership, ResponseScore, Session
from titration.services.people import change_member, disable_member

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/guidance/"}


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_row_05_a_disabled_persons_session_dies_at_the_next_request(
    alice: Membership, ada: Membership, inside: Client, headers: dict[str, str]
) -> None:
    disable_member(actor=ada, member=alice, now=timezone.now())
    answer = inside.get(reverse("worklist"), headers=headers)
    assert answer.headers.get("HX-Redirect" if headers else "Location", "").startswith(reverse("sign_in"))
    assert Session.objects.filter(user=alice.user).count() == 0


@pytest.mark.parametrize(("minutes", "still_in"), [(19, True), (21, False)])
def test_row_06_an_idle_session_ends(
    inside: Client, moving_clock: Callable[[timedelta], None], minutes: int, still_in: bool
) -> None:
    moving_clock(timedelta(minutes=minutes))
    assert is_in(inside) is still_in


@pytest.mark.parametrize(("hours", "still_in"), [(11.9, True), (12.1, False)])
def test_row_06_a_busy_session_ends_too(
    inside: Client, moving_clock: Callable[[timedelta], None], hours: float, still_in: bool
) -> None:
    for _ in range(int(hours * 4)):
        moving_clock(timedelta(minutes=15))
        is_in(inside)
    moving_clock(timedelta(hours=hours) - timedelta(minutes=15 * int(hours * 4)))
    assert is_in(inside) is still_in


def test_row_06_what_htmx_fetches_by_itself_is_no_activity(
    inside: Client, moving_clock: Callable[[timedelta], None]
) -> None:
    for _ in range(7):
        moving_clock(timedelta(minutes=3))
        answer = inside.get(reverse("worklist"), headers=HTMX)
    assert answer["HX-Redirect"] == f"{reverse('sign_in')}?next=%2Fguidance%2F"
    assert answer.content == b""


def test_row_06_a_form_posted_by_htmx_after_the_end_keeps_its_page(
    inside: Client, alice: Membership, moving_clock: Callable[[timedelta], None]
) -> None:
    """401 is swapped nowhere: the page stands with what was typed, and says to sign in in a new tab."""
    moving_clock(timedelta(minutes=21))
    patient = make_patient(alice)
    answer = inside.post(reverse("log_response", args=[patient.public_id]), {"spasticity": "4"}, headers=HTMX)
    assert answer.status_code == 401
    assert b"<" not in answer.content
    assert ResponseScore.objects.count() == 0


@pytest.fixture
def kept(inside: Client, alice: Membership, moving_clock: Callable[[timedelta], None]) -> tuple[str, str]:
    """Where a plain form went that was sent in an ended session: the address after signing in, and the form's own."""
    address = reverse("log_response", args=[make_patient(alice).public_id])
    fields = {"key": str(uuid4()), "spasticity": "4", "at": timezone.now().strftime("%Y-%m-%d %H:%M"), "note": "CANARY"}
    moving_clock(timedelta(minutes=25))
    answer = inside.post(address, fields)
    return answer.url.partition("next=")[2].replace("%2F", "/"), address


def test_row_06_a_plain_form_is_offered_again_to_its_person(
    inside: Client, alice: Membership, kept: tuple[str, str]
) -> None:
    page = give_password(inside, alice.user.email, next=kept[0])
    assert page.url == kept[0]
    form = inside.get(kept[0]).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    assert (fields["note"], f'action="{kept[1]}"' in form) == ("CANARY", True)
    assert inside.post(kept[1], fields).status_code == 302
    assert ResponseScore.objects.get().note == "CANARY"


def test_row_06_nobody_else_is_offered_it(inside: Client, bob: Membership, kept: tuple[str, str]) -> None:
    give_password(inside, with_password(bob).user.email)
    assert inside.get(kept[0]).status_code == 404


def test_row_05_who_was_disabled_meanwhile_is_not_offered_it(
    inside: Client, alice: Membership, ada: Membership, kept: tuple[str, str]
) -> None:
    disable_member(actor=ada, member=alice, now=timezone.now())
    give_password(inside, alice.user.email)
    assert inside.get(kept[0]).status_code == 404


def test_row_06_what_is_kept_lies_encrypted(kept: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM titration_sharedvalue")
        stored = " ".join(row[0] for row in cursor.fetchall())
    assert "CANARY" not in stored
    assert b"CANARY" not in b"".join(base64.b64decode(part + "==") for part in stored.split())


def test_row_07_a_new_session_begins_at_sign_in_and_at_the_second_factor(alice: Membership) -> None:
    client = Client()
    client.get(reverse("account_reset_password"))
    keys = {give_password(client, with_app(alice).user.email) and client.session.session_key}
    give_code(client, code_of(alice))
    assert client.session.session_key not in keys


def test_row_07_a_cookie_kept_after_signing_out_is_refused(inside: Client) -> None:
    kept = inside.cookies["sessionid"].value
    inside.post(reverse("sign_out"))
    inside.cookies["sessionid"] = kept
    assert not is_in(inside)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"TITRATION_SECRET_KEY": "short"},
        {"TITRATION_SECRET_KEY": "a" * 60},
        {"TITRATION_DEMO": "1", "TITRATION_ALLOWED_HOSTS": "clinic.example"},
    ],
    ids=["no key", "short key", "weak key", "demo beside production"],
)
def test_row_08_production_refuses_to_start(variables: dict[str, str], tmp_path: object) -> None:
    with pytest.raises(ConfigurationError):
        read_environment(variables, var=tmp_path)  # type: ignore[arg-type]


def test_row_08_production_cannot_do_without_the_second_factor(tmp_path: object) -> None:
    sound = {"TITRATION_SECRET_KEY": secrets.token_urlsafe(60), "TITRATION_ALLOWED_HOSTS": "clinic.example"}
    assert read_environment({**sound, "TITRATION_SECOND_FACTOR": "0"}, var=tmp_path).second_factor is True  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:///evil.example"],
)
def test_row_16_sign_in_leads_to_a_page_of_ours(alice: Membership, target: str) -> None:
    plain = give_password(Client(), with_password(alice).user.email, next=target)
    assert plain.url == "/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_row_16_the_second_factor_too(alice: Membership, target: str) -> None:
    client = Client()
    give_password(client, with_app(alice).user.email, next=target)
    assert give_code(client, code_of(alice)).url == "/"


def test_row_18_a_changed_role_holds_in_the_running_session(alice: Membership, ada: Membership, inside: Client) -> None:
    dose = reverse("log_dose", args=[make_patient(alice).public_id])
    assert inside.post(dose, {}).status_code == 422
    change_member(actor=ada, member=alice, role="read_only", is_clinic_admin=False, now=timezone.now())
    assert inside.post(dose, {}).status_code == 403


def test_row_18_a_lost_admin_bit_closes_the_people_page(
    alice: Membership, ada: Membership, moving_clock: object
) -> None:
    client = Client()
    give_password(client, with_password(ada).user.email)
    assert client.get(reverse("people")).status_code == 200
    Membership.objects.filter(pk=alice.pk).update(is_clinic_admin=True)
    change_member(actor=alice_again(alice), member=ada, role="read_only", is_clinic_admin=False, now=timezone.now())
    assert client.get(reverse("people")).status_code == 403


def alice_again(alice: Membership) -> Membership:
    return Membership.objects.select_related("clinic", "user").get(pk=alice.pk)
