"""Rows 1 to 4 of the list of faults and abuse: the door.

Whoever guesses or uses a code again finds it closed, and nobody else is hindered by it.
"""

import re
import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from axes.models import AccessAttempt
from django.conf import settings
from django.core import mail
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.db.models import F
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.module_loading import import_string

from tests.abuse.doors import code_of, give_code, give_password, is_in, with_app, with_password
from titration.forms.sign_in import claim_code
from titration.mail import wait_for_mail
from titration.models import AuditEvent, Membership

WRONG = "not the password"


def lock(email: str, address: str) -> Client:
    client = Client(REMOTE_ADDR=address)
    for _ in range(settings.AXES_FAILURE_LIMIT):
        give_password(client, email, WRONG)
    return client


def test_row_01_many_wrong_passwords_throttle_that_person_from_that_address(
    alice: Membership, bob: Membership, moving_clock: Callable[[timedelta], None]
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
