"""In production: strangers post a member's address wherever a form takes one; the member asks for a new password, signs
in, sets up a second factor and works.
"""

import io
import re
import time
from contextlib import redirect_stdout
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from tests.abuse.scratch_site import HTTPS, Site
from titration.mail import wait_for_mail
from titration.models import User

OLD, NEW = "pale-green-orchard-17", "another-quiet-harbour-9"
FLOOD = 12


def scenario(site: Site) -> dict[str, Any]:
    """arguments: the rows of addresses that the database holds already, from before: none, unverified or primary."""
    member = site.world.people[0].membership.user
    User.objects.filter(pk=member.pk).update(password=make_password(OLD))
    _rows_from_before(member, site.arguments[0])
    known = EmailAddress.objects.count()
    terminal, here = io.StringIO(), _browser("203.0.113.5")
    with redirect_stdout(terminal):
        strangers = _strangers_post(member.email)
        asked = _post(here, "account_reset_password", email=member.email)
        wait_for_mail()
    mails = terminal.getvalue()
    reset = _reset(here, mails)
    signed_in = _post(here, "sign_in", login=member.email, password=NEW)
    enrolled = _enrol(here)
    return {
        "demanded": settings.SECOND_FACTOR_REQUIRED and settings.PRODUCTION,
        "strangers": sorted(set(strangers)),
        "new address rows": EmailAddress.objects.count() - known,
        "mails": mails.count("To: "),
        "asked": asked,
        "reset": reset,
        "signed in": signed_in,
        "enrolled": enrolled,
        "worklist": here.get(reverse("worklist"), headers=HTTPS).status_code,
        "patient": here.get(site.url("patient"), headers=HTTPS).status_code,
    }


def _rows_from_before(member: User, which: str) -> None:
    if which != "none":
        EmailAddress.objects.create(user=member, email=member.email, verified=False, primary=which == "primary")


def _browser(address: str) -> Client:
    return Client(raise_request_exception=False, headers={**HTTPS, "x-forwarded-for": address})


def _post(client: Client, name: str, **fields: str) -> tuple[int, str]:
    answer = client.post(reverse(name), fields)
    return answer.status_code, answer.headers.get("Location", "")


def _strangers_post(email: str) -> list[int]:
    asked = [_post(_browser(f"192.0.2.{number}"), "account_reset_password", email=email) for number in range(FLOOD)]
    wrong = [_post(_browser("192.0.2.99"), "sign_in", login=email, password="x") for _ in range(FLOOD)]
    return [status for status, _ in (*asked, *wrong)]


def _reset(client: Client, mails: str) -> int:
    """By the newest link that came by mail."""
    link = re.findall(r"https://127.0.0.1(/password/new/\S+)", mails)[-1]
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}).status_code


def _enrol(client: Client) -> str:
    page = client.get(reverse("mfa_activate_totp"))
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page.content.decode())
    if secret is None:
        return f"{page.status_code} {page.headers.get('Location', '')}"
    code = format_hotp_value(hotp_value(secret[1], int(time.time()) // 30))
    return _post(client, "mfa_activate_totp", code=code)[1]
