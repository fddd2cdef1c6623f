"""What the tests of sign-in share: people with passwords, authenticator apps, and a browser's steps at the door."""

import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from titration.accounts.seeds import open_seed
from titration.models import Membership, User

PASSWORD = "pale-green-orchard-17"
PERIOD_SECONDS = 30


def with_password(member: Membership) -> Membership:
    User.objects.filter(pk=member.user_id).update(password=make_password(PASSWORD))
    return member


def add_app(member: Membership) -> Membership:
    TOTP.activate(member.user, generate_totp_secret())
    return member


def with_app(member: Membership) -> Membership:
    """Password and authenticator app."""
    return add_app(with_password(member))


def code_of(member: Membership, periods_ahead: int = 0) -> str:
    secret = open_seed(Authenticator.objects.get(user=member.user, type="totp").data["secret"])
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD_SECONDS + periods_ahead))


def give_password(client: Client, email: str, password: str = PASSWORD, **extra: str) -> Any:
    return client.post(reverse("sign_in"), {"login": email, "password": password, **extra})


def give_code(client: Client, code: str) -> Any:
    return client.post(reverse("mfa_authenticate"), {"code": code})


def is_in(client: Client) -> bool:
    return client.get(reverse("worklist")).status_code == 200
