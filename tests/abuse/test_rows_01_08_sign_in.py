"""Rows 1 to 8, 16 and 18 of the list of faults and abuse: the door.

Whoever guesses, re-uses, waits or comes back after leaving finds it closed, and nobody else is hindered by it.
"""

import base64
import re
import secrets
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.db.models import F
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from tests.abuse.doors import code_of, give_code, give_password, is_in, with_app, with_password
from tests.factories import make_patient
from titration.environment import ConfigurationError, read_environment
from titration.forms.sign_in import claim_code
from titration.mail import wait_for_mail
from titration.models import AuditEvent, Membership, ResponseScore, Session
from titration.services.people import change_member, disable_member

WRONG = "not the password"
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/guidance/"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Starts at the present second; moved by hand."""
    now = [timezone.now()]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])

    def move(by: timedelta) -> None:
        now[0] += by

    return move


@pytest.fixture
def inside(alice: Membership, clock: object) -> Client:
    client = Client()
    give_password(client, with_password(alice).user.email)
    assert is_in(client)
    return client


def lock(email: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        give_password(client, email, WRONG)
    return client


def test_row_01_many_wrong_passwords_throttle_that_person_from_that_address(
    alice: Membership, bob: Membership, clock: Callable[[timedelta], None]
) -> None:
    client = lock(with_password(alice).user.email, "192.0.2.7")
    locked = give_password(client, alice.user.email)
    assert (locked.status_code, locked["Retry-After"]) == (429, "900")
    assert "Wait 15" in locked.content.decode()
    assert give_password(Client(REMOTE_ADDR="192.0.2.7"), with_password(bob).user.email).status_code == 302
    assert give_password(Client(REMOTE_ADDR="198.51.100.9"), alice.user.email).status_code == 302
    assert AuditEvent.objects.filter(action="sign_in_failed", actor=alice.user).count() >= settings.AXES_FAILURE_LIMIT


def test_row_01_it_cools_off_even_while_somebody_goes_on_trying(alice: Membership) -> None:
    client = lock(with_password(alice).user.email, "192.0.2.7")
    for minutes, wrong in ((10, 429), (6, 200)):
        AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=minutes))
        assert give_password(client, alice.user.email, WRONG).status_code == wrong
    assert give_password(client, alice.user.email).status_code == 302


def test_row_01_wrong_codes_are_throttled_too(alice: Membership) -> None:
    client = Client()
    give_password(client, with_app(alice).user.email)
    answers = [give_code(client, "000000").content.decode() for _ in range(6)]
    assert "Wait five minutes" in answers[-1]
    assert "Wait five minutes" in give_code(client, code_of(alice)).content.decode()


def test_row_01_a_forged_forwarded_address_opens_no_second_account_of_attempts(alice: Membership) -> None:
    email = with_password(alice).user.email
    for number in range(settings.AXES_FAILURE_LIMIT):
        Client(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}").post(
            reverse("sign_in"), {"login": email, "password": WRONG}
        )
    assert give_password(Client(REMOTE_ADDR="192.0.2.7"), email).status_code == 429


def test_row_02_unknown_and_known_are_answered_alike(alice: Membership) -> None:
    wrong = give_password(Client(), with_password(alice).user.email, WRONG)
    unknown = give_password(Client(), "nobody@clinic.example", WRONG)
    assert wrong.status_code == unknown.status_code == 200
    assert _plain(wrong, alice.user.email) == _plain(unknown, "nobody@clinic.example")


def test_row_02_a_locked_unknown_address_is_answered_like_a_known_one(alice: Membership) -> None:
    known = give_password(lock(with_password(alice).user.email, "192.0.2.7"), alice.user.email)
    unknown = give_password(lock("nobody@clinic.example", "192.0.2.7"), "nobody@clinic.example")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


@override_settings(PASSWORD_HASHERS=["titration.hashers.TunedArgon2PasswordHasher"])
def test_row_02_unknown_and_known_take_about_the_same_time(alice: Membership) -> None:
    email = with_password(alice).user.email
    times = {
        address: [_seconds(address, number) for number in range(5)] for address in (email, "nobody@clinic.example")
    }
    known, unknown = (statistics.median(each) for each in times.values())
    assert 0.4 < known / unknown < 2.5


def _seconds(email: str, number: int) -> float:
    client, started = Client(REMOTE_ADDR=f"192.0.2.{number}"), time.perf_counter()
    give_password(client, email, WRONG)
    return time.perf_counter() - started


def _plain(answer: object, email: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode()).replace(email, "")  # type: ignore[attr-defined]


def test_row_02_a_forgotten_password_is_answered_alike_and_mailed_to_the_known_address_alone(alice: Membership) -> None:
    answers = [
        Client().post(reverse("account_reset_password"), {"email": email}, follow=True)
        for email in (alice.user.email, "nobody@clinic.example")
    ]
    wait_for_mail()
    assert answers[0].content == answers[1].content
    assert [message.to for message in mail.outbox] == [[alice.user.email]]


def test_row_03_a_code_counts_once(alice: Membership) -> None:
    first, second = Client(), Client()
    code = code_of(with_app(alice))
    for client in (first, second):
        give_password(client, alice.user.email)
        give_code(client, code)
    assert (is_in(first), is_in(second)) == (True, False)


def test_row_03_what_was_used_is_kept_where_every_worker_looks(alice: Membership) -> None:
    client = Client()
    give_password(client, with_app(alice).user.email)
    give_code(client, code_of(alice))
    assert issubclass(import_string(settings.CACHES["default"]["BACKEND"]), DatabaseCache)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM titration_sharedvalue WHERE cache_key LIKE %s", ["%used-code%"])
        assert cursor.fetchone()[0] == 1


def test_row_03_a_code_of_the_period_before_is_accepted_but_not_again_in_its_whole_window(alice: Membership) -> None:
    """Accepted for 90 seconds, so remembered for 90."""
    code = code_of(with_app(alice), periods_ahead=-1)
    client = Client()
    give_password(client, alice.user.email)
    give_code(client, code)
    assert is_in(client)
    assert claim_code(alice.user, code) is False


def test_row_03_a_recovery_code_counts_once(alice: Membership) -> None:
    code = RecoveryCodes.activate(with_app(alice).user).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        give_password(client, alice.user.email)
        give_code(client, code)
    assert (is_in(first), is_in(second)) == (True, False)


def test_row_04_a_reset_password_still_asks_for_the_second_factor(alice: Membership) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": with_app(alice).user.email})
    wait_for_mail()
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    form = client.get(link.removeprefix("http://testserver"), follow=True)
    new = "another-quiet-harbour-9"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not is_in(client)
    give_password(client, alice.user.email, new)
    assert not is_in(client)
    give_code(client, code_of(alice))
    assert is_in(client)


def test_row_04_a_reset_link_counts_once_and_ends_every_session(alice: Membership, inside: Client) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": alice.user.email})
    wait_for_mail()
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))
    address = link.removeprefix("http://testserver")
    form = client.get(address, follow=True)
    client.post(
        form.request["PATH_INFO"], {"password1": "another-quiet-harbour-9", "password2": "another-quiet-harbour-9"}
    )
    assert not is_in(inside)
    assert "no longer good" in Client().get(address, follow=True).content.decode()


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
    inside: Client, clock: Callable[[timedelta], None], minutes: int, still_in: bool
) -> None:
    clock(timedelta(minutes=minutes))
    assert is_in(inside) is still_in


@pytest.mark.parametrize(("hours", "still_in"), [(11.9, True), (12.1, False)])
def test_row_06_a_busy_session_ends_too(
    inside: Client, clock: Callable[[timedelta], None], hours: float, still_in: bool
) -> None:
    for _ in range(int(hours * 4)):
        clock(timedelta(minutes=15))
        is_in(inside)
    clock(timedelta(hours=hours) - timedelta(minutes=15 * int(hours * 4)))
    assert is_in(inside) is still_in


def test_row_06_what_htmx_fetches_by_itself_is_no_activity(inside: Client, clock: Callable[[timedelta], None]) -> None:
    for _ in range(7):
        clock(timedelta(minutes=3))
        answer = inside.get(reverse("worklist"), headers=HTMX)
    assert answer["HX-Redirect"] == f"{reverse('sign_in')}?next=%2Fguidance%2F"
    assert answer.content == b""


def test_row_06_a_form_posted_by_htmx_after_the_end_keeps_its_page(
    inside: Client, alice: Membership, clock: Callable[[timedelta], None]
) -> None:
    """401 is swapped nowhere: the page stands with what was typed, and says to sign in in a new tab."""
    clock(timedelta(minutes=21))
    patient = make_patient(alice)
    answer = inside.post(reverse("log_response", args=[patient.public_id]), {"spasticity": "4"}, headers=HTMX)
    assert answer.status_code == 401
    assert b"<" not in answer.content
    assert ResponseScore.objects.count() == 0


@pytest.fixture
def kept(inside: Client, alice: Membership, clock: Callable[[timedelta], None]) -> tuple[str, str]:
    """Where a plain form went that was sent in an ended session: the address after signing in, and the form's own."""
    address = reverse("log_response", args=[make_patient(alice).public_id])
    fields = {"key": str(uuid4()), "spasticity": "4", "at": timezone.now().strftime("%Y-%m-%d %H:%M"), "note": "CANARY"}
    clock(timedelta(minutes=25))
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


def test_row_18_a_lost_admin_bit_closes_the_people_page(alice: Membership, ada: Membership, clock: object) -> None:
    client = Client()
    give_password(client, with_password(ada).user.email)
    assert client.get(reverse("people")).status_code == 200
    Membership.objects.filter(pk=alice.pk).update(is_clinic_admin=True)
    change_member(actor=alice_again(alice), member=ada, role="read_only", is_clinic_admin=False, now=timezone.now())
    assert client.get(reverse("people")).status_code == 403


def alice_again(alice: Membership) -> Membership:
    return Membership.objects.select_related("clinic", "user").get(pk=alice.pk)
