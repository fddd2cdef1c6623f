"""A second factor before any page with a patient: set up by everyone, shown once in each session.

It fails closed: every page asks for it, but those that set it up. A session that was signed in by password alone,
before the person had a second factor, has to show it too; one that took away its last has to set up another.
"""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_used
from django.conf import settings
from django.dispatch import Signal, receiver
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

SHOWN = "second_factor_shown_by"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SHOWING = frozenset({"sign_out", "account_logout", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"})
SETTING_UP = SHOWING | {
    "mfa_index", "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn",
}  # fmt: skip
# Open to everybody, and an act of whoever is signed in.
ACTS_OF_A_PERSON = frozenset({"join"})

# Sent by our forms for every refusal, whatever its reason: a wrong code, one used before, one too many, a passkey that
# does not fit. allauth's own signal tells of wrong codes alone.
factor_refused = Signal()
present_password_refused = Signal()

GetResponse = Callable[[HttpRequest], HttpResponseBase]


@receiver(authenticator_used)
@receiver(authenticator_added)
def remember_shown(*, request: HttpRequest, user: Any, **_: Any) -> None:
    """The session keeps it, through the change of its key at sign-in."""
    request.session[SHOWN] = user.pk


@receiver(authenticator_removed)
def forget_shown(*, request: HttpRequest, user: Any, **_: Any) -> None:
    """Without a second factor none is shown, whatever was shown before."""
    if not has_second_factor(user.pk):
        request.session.pop(SHOWN, None)


def was_shown(request: HttpRequest) -> bool:
    """In this session, by the person whose it is."""
    return bool(request.session.get(SHOWN) == request.user.pk)


def has_second_factor(user_id: int) -> bool:
    return bool(Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).exists())


class SecondFactorMiddleware:
    """Stands after the one that demands a sign-in."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponseBase | None:
        if not settings.SECOND_FACTOR_REQUIRED or _is_open(request, view):
            return None
        if not request.user.is_authenticated or was_shown(request):
            return None
        return self._ask(request)

    def _ask(self, request: HttpRequest) -> HttpResponseBase | None:
        is_set_up = has_second_factor(request.user.pk or 0)
        if _route(request) in (SHOWING if is_set_up else SETTING_UP):
            return None
        return _sent_to(request, reverse("mfa_reauthenticate" if is_set_up else "mfa_index"))


def _is_open(request: HttpRequest, view: Any) -> bool:
    return not getattr(view, "login_required", True) and _route(request) not in ACTS_OF_A_PERSON


def _route(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _sent_to(request: HttpRequest, address: str) -> HttpResponseBase:
    return HttpResponseClientRedirect(address) if getattr(request, "htmx", False) else HttpResponseRedirect(address)
