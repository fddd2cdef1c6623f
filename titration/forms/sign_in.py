"""Signing in and its second factor: allauth's forms with our fields and sentences.

A one-time code counts once: it is claimed in the cache that all workers share, for as long as it would be accepted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from allauth.account.forms import ReauthenticateForm as PasswordAgainForm
from allauth.core.internal.ratelimit import consume
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from titration.accounts.adapters import WRONG_CODE
from titration.accounts.second_factor import factor_refused, present_password_refused
from titration.selectors.people import person_with
from titration.sessions import keep_row

WRITE_PASSWORD = {"required": "Write your password."}
WRITE_CODE = {"required": "Write the code."}
LONGEST_PASSWORD = 128
MOST_RESET_MAILS = {"reset_mail": "5/m/key"}


def email_field(**attrs: Any) -> forms.EmailField:
    return forms.EmailField(
        label="Work email",
        max_length=254,
        error_messages={
            "required": "Write your work email.",
            "invalid": "Write an email address, such as a.name@clinic.example.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "username", **attrs}),
    )


def password_field(label: str, autocomplete: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        error_messages=WRITE_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


class SignInForm(LoginForm):
    """Work email and password. Told in one sentence whatever is wrong."""

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"] = email_field(autofocus=True)
        self.fields["password"] = password_field("Password", "current-password")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """allauth would now give the session an age of its own; ours began at sign-in."""
        answer: HttpResponse = super().login(request, redirect_url=redirect_url)
        keep_row(request, timezone.now())
        return answer


def claim_code(user: AbstractBaseUser, code: str) -> bool:
    """False where this person used this code while it is still accepted, with whatever dashes and spaces in it."""
    accepted_seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
    letters = "".join(filter(str.isalnum, code)).lower()
    digest = sha256(f"{user.pk} {letters}".encode()).hexdigest()
    return bool(cache.add(f"used-code:{digest}", 1, timeout=accepted_seconds))


class OneTimeCode:
    """Mixed into the forms that take a code."""

    fields: dict[str, forms.Field]
    user: AbstractBaseUser
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        self.fields["code"] = forms.CharField(
            label="Code", max_length=20, error_messages=WRITE_CODE, widget=forms.TextInput(attrs=attrs)
        )

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not claim_code(self.user, code):
            self.tell_used()
            raise ValidationError(WRONG_CODE)
        return code

    def tell_used(self) -> None:
        """That a code was used again; a first code, with which an app is set up, fits nothing else yet."""


@contextmanager
def refusal_told(user: AbstractBaseUser, kind: str) -> Iterator[None]:
    """Whatever refuses a factor that was shown is heard once."""
    try:
        yield
    except ValidationError:
        factor_refused.send(sender=type(user), user=user, kind=kind)
        raise


class ShownCode(OneTimeCode):
    """A code used again counts as a wrong one: in the throttle and in the audit."""

    def clean_code(self) -> str:
        with refusal_told(self.user, Authenticator.Type.TOTP):
            return super().clean_code()

    def tell_used(self) -> None:
        check_rate_limit(self.user)


class ShownPasskey:
    """A passkey that does not fit is refused as a wrong code is."""

    user: AbstractBaseUser

    def clean_credential(self) -> Authenticator:
        with refusal_told(self.user, Authenticator.Type.WEBAUTHN):
            shown: Authenticator = super().clean_credential()  # type: ignore[misc]
            return shown


class PasskeyForm(ShownPasskey, AuthenticateWebAuthnForm):
    """The second factor at sign-in, by passkey."""


class PasskeyAgainForm(ShownPasskey, ReauthenticateWebAuthnForm):
    """The same, asked again before the account itself is changed."""


class CodeForm(ShownCode, AuthenticateForm):
    """The second factor at sign-in: a code of the app, or a recovery code."""


class CodeAgainForm(ShownCode, ReauthenticateForm):
    """The same, asked again before the account itself is changed."""


class NewAppForm(OneTimeCode, ActivateTOTPForm):
    """The first code of a new authenticator app proves that it was set up."""


class PasswordAgain(PasswordAgainForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"] = password_field("Password", "current-password")


class NewPassword(ChangePasswordForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["oldpassword"] = password_field("Present password", "current-password")
        name_new_passwords(self.fields)

    def clean_oldpassword(self) -> str:
        try:
            present: str = super().clean_oldpassword()
        except ValidationError:
            present_password_refused.send(sender=type(self), user=self.user)
            raise
        return present


class AskForReset(ResetPasswordForm):
    """Anybody may ask for anybody, so nobody is refused: beyond five mails a minute to one address no more are sent,
    and the links in those five are good.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"] = email_field(autofocus=True)

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        person = person_with(email)
        self.users = [person] if person is not None and person.is_active else []
        return email

    def save(self, request: HttpRequest, **options: Any) -> str:
        email: str = self.cleaned_data["email"]
        if consume(request, app="titration", action="reset_mail", config=MOST_RESET_MAILS, key=email):
            super().save(request, **options)
        return email


class ResetPassword(ResetPasswordKeyForm):
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name_new_passwords(self.fields)


def name_new_passwords(fields: dict[str, forms.Field]) -> None:
    fields["password1"] = password_field(
        "New password", "new-password", help_text="At least 12 characters. A few words in a row are easiest to type."
    )
    fields["password2"] = password_field("New password again", "new-password")
