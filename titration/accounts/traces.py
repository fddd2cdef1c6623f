"""Every use and change of a second factor and every change of a password leaves an audit row; so does a right password
whose second factor is still to be shown, since whoever gave it may go no further.

sign_ins.py tells the rest. A changed password ends the person's other sessions.
"""

from typing import Any

from allauth.account.signals import authentication_step_completed, password_changed, password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from titration.accounts.second_factor import factor_refused, has_second_factor, present_password_refused
from titration.membership import active_membership
from titration.models import User
from titration.services.audit import record_event
from titration.services.people import end_sessions


def trace(action: str, user: User | None, **detail: Any) -> None:
    membership = active_membership(user.pk) if user is not None else None
    clinic = membership.clinic if membership else None
    record_event(clinic=clinic, actor=user, action=action, subject=user, detail=detail, now=timezone.now())


@receiver(authentication_step_completed)
def factor_asked(*, user: User, method: str, reauthenticated: bool = False, **_: Any) -> None:
    if method == "password" and not reauthenticated and has_second_factor(user.pk):
        trace("second_factor.asked", user)


@receiver(factor_refused)
def refused(*, user: User, kind: str, **_: Any) -> None:
    trace("second_factor.refused", user, kind=kind)


@receiver(authenticator_used)
def code_accepted(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    trace("second_factor.shown", user, kind=authenticator.type)


@receiver(authenticator_added)
def factor_added(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    trace("second_factor.added", user, kind=authenticator.type)


@receiver(authenticator_reset)
def codes_renewed(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    trace("second_factor.renewed", user, kind=authenticator.type)


@receiver(authenticator_removed)
def factor_removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Other sessions showed a factor that is gone: they end when it was the last."""
    if not has_second_factor(user.pk):
        end_sessions(user, besides=request.session.session_key)
    trace("second_factor.removed", user, kind=authenticator.type)


@receiver(present_password_refused)
def password_refused(*, user: User, **_: Any) -> None:
    trace("password.refused", user)


@receiver(password_reset)
def reset_by_mail(*, user: User, **_: Any) -> None:
    end_sessions(user)
    trace("password.reset", user)


@receiver(password_changed)
def changed(*, request: HttpRequest, user: User, **_: Any) -> None:
    end_sessions(user, besides=request.session.session_key)
    trace("password.changed", user)
