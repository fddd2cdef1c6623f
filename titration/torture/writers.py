"""What the people of a run do until they are told to stop: doses, reports, and a plan from draft to end."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from titration.models import Patient
from titration.torture.sending import Sent, send
from titration.torture.world import Person, World

DAYS_AHEAD = 80
EVENINGS = ("18", "18.5", "19", "19.5", "20", "20.5", "21")
PLAN_ACTS = (("plan_sign", "draft"), ("plan_hold", "running"), ("plan_stop", "held"))
_dice = random.Random()  # noqa: S311 - what is written when must only differ from run to run

type Act = Callable[["Writer"], None]


class Writer(threading.Thread):
    """One person at one browser. `sent` is what was sent, in order, with what was answered."""

    def __init__(self, port: int, person: Person, world: World, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.person, self.world, self.stop_event = port, person, world, stop
        self.sent: list[Sent] = []

    def run(self) -> None:
        while not self.stop_event.is_set():
            _dice.choice(ACTS)(self)

    def submit(self, kind: str, path: str, fields: dict[str, Any], token: str | None = None) -> Sent:
        key = str(uuid4())
        sent = Sent(kind, token or key)
        self.sent.append(sent)
        return send(self.port, self.person, sent, path, {"key": key, **fields})

    def shared_patient(self) -> Patient:
        return _dice.choice(self.world.shared)


def _log(writer: Writer, name: str, fields: dict[str, Any]) -> None:
    writer.submit(name, reverse(name, args=[writer.shared_patient().public_id]), fields)


def _dose(writer: Writer) -> None:
    starts_on = timezone.localdate() + timedelta(days=_dice.randrange(DAYS_AHEAD))
    doses = {"morning": "20", "midday": "20", "evening": _dice.choice(EVENINGS), "bedtime": "0"}
    _log(writer, "log_dose", {**doses, "starts_on": starts_on.isoformat(), "reason": "other"})


def _score(writer: Writer) -> None:
    _log(writer, "log_response", {"spasticity": str(_dice.randrange(11)), "at": _a_while_ago()})


def _sedation(writer: Writer) -> None:
    fields = {"grade": "0", "at": _a_while_ago(), "source": "patient", "falls": "no", "driving_affected": "no"}
    _log(writer, "log_sedation", fields)


def _a_while_ago() -> str:
    return (timezone.now() - timedelta(minutes=_dice.randrange(90, 5000))).strftime("%Y-%m-%dT%H:%M")


def _plan(writer: Writer) -> None:
    """Drafted, signed, held, stopped: each act names the state that the one before it has led to."""
    patient = writer.person.own_patient
    drafted = writer.submit("plan_new", reverse("plan_new", args=[patient.public_id]), _taper())
    if not drafted.is_acknowledged:
        return
    plan_id = drafted.location.rstrip("/").rsplit("/", 1)[-1]
    for version, (act, seen_state) in enumerate(PLAN_ACTS):
        path = reverse(act, args=[patient.public_id, plan_id])
        seen = {"state_version": str(version), "seen_state": seen_state}
        fields = {**seen, "why": "as asked", "held_on": timezone.localdate().isoformat(), "act": "confirm"}
        if not writer.submit(act, path, fields, token=f"{plan_id} {act}").is_acknowledged:
            return


def _taper() -> dict[str, Any]:
    first = timezone.localdate() + timedelta(days=1 + _dice.randrange(20))
    return {
        "kind": "taper",
        "first_step_on": first.isoformat(),
        "target": "0",
        "way": "equal",
        "drawn_way": "equal",
        "step": "5",
        "step_days": "14",
        "products": ["tablet-10-halves"],
        "rows": "0",
    }


ACTS: tuple[Act, ...] = (_dose, _dose, _score, _score, _sedation, _plan)
