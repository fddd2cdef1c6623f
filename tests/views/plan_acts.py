"""A plan that is acted on from its pages: the taper, its addresses, an act sent as its form sends it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.test import Client
from django.urls import reverse

from tests.factories import TODAY, regimen
from titration.domain.regimen import Regimen
from titration.models import Membership, Plan

type SignIn = Callable[[Membership], Client]
NAMESPACE = UUID("11111111-1111-4111-8111-111111111111")


def taper(first: date = TODAY + timedelta(days=1)) -> list[tuple[date, Regimen]]:
    """60 to 0 by 5 mg a week, makeable from the first two products: nothing to answer."""
    return [(first + timedelta(days=7 * at), regimen(mg)) for at, mg in enumerate(range(55, -1, -5))]


def url(plan: Plan, name: str = "plan", *more: Any) -> str:
    return reverse(name, args=[plan.patient.public_id, plan.public_id, *more])


def act(client: Client, plan: Plan, name: str, **typed: Any) -> Any:
    """As from one page of one person: the same key for the same act, however often it is sent."""
    seen = {"state_version": plan.state_version, "seen_state": plan.state, "act": "confirm"}
    return client.post(url(plan, name), {**key_of(client, plan, name), **seen, **typed})


def key_of(client: Client, plan: Plan, name: str) -> dict[str, str]:
    return {"key": str(uuid5(NAMESPACE, f"{id(client)} {plan.pk} {name}"))}


def shown_digest(client: Client, plan: Plan, name: str, **typed: Any) -> str:
    page = act(client, plan, name, **{"act": "show", **typed}).content.decode()
    return page.split('name="shown" value="')[1].split('"')[0]
