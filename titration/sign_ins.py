"""Who came in, went out, or was refused at the door: one audit row each, whichever way of signing in was used.

Heard from Django's own signals, inside the request: a sign-in that cannot be recorded fails.
"""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.utils import timezone

from titration.membership import active_membership
from titration.models import User
from titration.services.access import record_sign


@receiver(user_logged_in)
def tell_sign_in(*, user: User, **_: Any) -> None:
    _tell("signed_in", user)


@receiver(user_logged_out)
def tell_sign_out(*, user: User | None, **_: Any) -> None:
    if user is not None:
        _tell("signed_out", user)


@receiver(user_login_failed)
def tell_failed_sign_in(*, credentials: dict[str, Any], **_: Any) -> None:
    """The person is named where the address is one of ours; what was typed is not kept."""
    typed = str(credentials.get("username") or credentials.get("email") or "")
    _tell("sign_in_failed", User.objects.filter(email=typed.lower()).first())


def _tell(action: str, user: User | None) -> None:
    member = active_membership(user.pk) if user else None
    record_sign(action=action, user=user, actor=member, now=timezone.now())
