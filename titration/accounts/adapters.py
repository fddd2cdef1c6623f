"""What allauth asks of a project: mail, redirects, words, and the lock on second-factor seeds.

Accounts are made by invitation alone. Errors are sentences of our own; notes of success come from our templates.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from titration.accounts.lockout import peer
from titration.accounts.second_factor import has_second_factor, was_shown
from titration.accounts.seeds import lock_seed, open_seed
from titration.mail import send_soon
from titration.sessions import is_fresh

NO_MATCH = "The email and the password do not match. Check both and try again."
WRONG_CODE = "This code does not fit, or it was used already. Wait for the next one and try again."
TOO_OFTEN = "Too many wrong codes. Wait five minutes, then try again."
BACKEND = "titration.membership.MembershipBackend"
# What is worth a note on the next page; allauth's other notes (signed in, signed out) say what the page shows anyway.
NOTES = {
    "account/messages/password_changed.txt": "Your password is changed. Other devices are signed out.",
    "mfa/messages/totp_activated.txt": "Codes from your authenticator app are on.",
    "mfa/messages/totp_deactivated.txt": "Codes from your authenticator app are off.",
    "mfa/messages/webauthn_added.txt": "The passkey is added.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": NO_MATCH,
        "too_many_login_attempts": TOO_OFTEN,
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "This is not your password. Try again.",
        "enter_current_password": "This is not your present password. Try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return peer(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes. allauth counts them by person alone: anybody could lock anybody out."""

    def is_reauthentication_required(self, *, app: str, **options: Any) -> bool:
        """Whoever has just signed in, with the second factor where there is one, is not asked again."""
        if is_fresh(self.request) and (was_shown(self.request) or not has_second_factor(self.request.user.pk or 0)):
            return False
        return bool(super().is_reauthentication_required(app=app, **options))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """A passkey names no backend: it is always ours, which knows memberships."""
        user.backend = BACKEND
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return HttpResponseRedirect(reverse("sign_in"))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_args: Any, **options: Any
    ) -> None:
        words = options.get("message") or NOTES.get(message_template or "")
        if words:
            messages.add_message(request, level, words)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        send_soon(self.render_mail(template_prefix, email, {"request": self.request, **context}))

    def format_email_subject(self, subject: str) -> str:
        return subject


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE, "rate_limited": TOO_OFTEN}

    def encrypt(self, text: str) -> str:
        return lock_seed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_seed(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Baclofen titration"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:  # noqa: A002 - allauth's name
        return "My passkey"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": self.get_totp_issuer()}
