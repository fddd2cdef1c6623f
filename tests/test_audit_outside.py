"""What happens at the door and belongs to no clinic is not lost sight of: whoever runs the server can read it."""

import json
from datetime import timedelta
from io import StringIO

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.abuse.doors import give_password, with_password
from titration.models import Membership
from titration.services.access import record_sign


def told(days: int = 7) -> list[dict[str, object]]:
    out = StringIO()
    call_command("audit_outside", days=days, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_tells_of_unknown_addresses_and_of_people_without_a_clinic(alice: Membership, bob: Membership) -> None:
    Membership.objects.filter(pk=bob.pk).update(disabled_at=timezone.now())
    give_password(Client(), "nobody@clinic.example", "what was typed")
    give_password(Client(), with_password(bob).user.email)
    give_password(Client(), with_password(alice).user.email, "wrong")
    assert [(each["action"], each["person"]) for each in told()] == [
        ("sign_in_failed", ""), ("signed_in", bob.user.email),
    ]  # fmt: skip
    assert "typed" not in json.dumps(told())


def test_goes_back_as_far_as_asked(alice: Membership) -> None:
    record_sign(action="sign_in_failed", user=None, actor=None, now=timezone.now() - timedelta(days=8))
    assert (len(told(7)), len(told(9))) == (0, 1)
