"""Acknowledged, stored and audited, counted one kind at a time and compared by name, not by number alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from titration.models import AuditEvent, Plan, PlanEvent, RegimenChange, ResponseScore, SedationReport, SubmissionKey
from titration.services.audit import broken_links
from titration.torture.sending import Sent
from titration.torture.world import World

# Each keyed form: the rows it writes, and the audit row that goes with each.
FORMS: dict[str, tuple[type[models.Model], str]] = {
    "log_dose": (RegimenChange, "dose.changed"),
    "log_response": (ResponseScore, "scores.recorded"),
    "log_sedation": (SedationReport, "sedation.recorded"),
    "plan_new": (Plan, "plan.drafted"),
}
PLAN_EVENTS = {"plan_sign": "signed", "plan_hold": "held", "plan_stop": "stopped"}
HEAD = ("what", "sent", "refused", "acknowledged", "stored", "audited", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The tokens of each column; they must be the same in the last three. unanswered: never answered until the end."""

    kind: str
    sent: int
    refused: int
    unanswered: int
    acknowledged: Counter[str]
    stored: Counter[str]
    audited: Counter[str]

    @property
    def is_whole(self) -> bool:
        return not self.unanswered and self.acknowledged == self.stored == self.audited

    @property
    def cells(self) -> tuple[str, ...]:
        counts = (self.sent, self.refused, *(each.total() for each in (self.acknowledged, self.stored, self.audited)))
        verdict = "equal" if self.acknowledged else "not tried"
        return (self.kind, *map(str, counts), verdict if self.is_whole else "NOT EQUAL")


def compare(world: World, sent: Iterable[Sent]) -> list[Line]:
    by_kind: dict[str, list[Sent]] = {kind: [] for kind in (*FORMS, *PLAN_EVENTS)}
    for each in sent:
        by_kind[each.kind].append(each)
    return [_line(kind, of_kind, *_kept(kind, world)) for kind, of_kind in by_kind.items()]


def chain_breaks() -> int:
    return sum(1 for _ in broken_links())


def _kept(kind: str, world: World) -> tuple[Counter[str], Counter[str]]:
    return _form_kept(*FORMS[kind]) if kind in FORMS else _events_kept(kind, PLAN_EVENTS[kind], world)


def _line(kind: str, sent: list[Sent], stored: Counter[str], audited: Counter[str]) -> Line:
    answered = [each for each in sent if each.status]
    done = [each for each in answered if each.is_acknowledged]
    return Line(
        kind=kind,
        sent=len(sent),
        refused=len(answered) - len(done),
        unanswered=len(sent) - len(answered),
        acknowledged=Counter(each.token for each in done),
        stored=stored,
        audited=audited,
    )


def _form_kept(model: type[models.Model], action: str) -> tuple[Counter[str], Counter[str]]:
    """By key. A row that no key leads to, or an audit row without its entry, is counted under its own id."""
    keys = dict(_keys_by_row(action))
    rows = model._default_manager.exclude(**_GIVEN.get(model, {})).values_list("public_id", flat=True)
    told = AuditEvent.objects.filter(action=action).values_list("object_id", flat=True)
    return _by_key(map(str, rows), keys), _by_key(told, keys)


# What was there before the run: the regimen with which a patient is registered.
_GIVEN: dict[type[models.Model], dict[str, bool]] = {RegimenChange: {"as_told": True}}


def _keys_by_row(action: str) -> Iterator[tuple[str, str]]:
    for claim in SubmissionKey.objects.filter(action=action):
        for _, row_id, _ in claim.rows:
            yield row_id, str(claim.key)


def _by_key(ids: Iterable[str], keys: dict[str, str]) -> Counter[str]:
    return Counter(keys.get(each, f"no key: {each}") for each in ids)


def _events_kept(act: str, kind: str, world: World) -> tuple[Counter[str], Counter[str]]:
    own = [person.own_patient.pk for person in world.people]
    events = PlanEvent.objects.filter(kind=kind, plan__patient__in=own).values_list("plan__public_id", flat=True)
    told = AuditEvent.objects.filter(action=f"plan.{kind}").values_list("object_id", flat=True)
    return Counter(f"{plan} {act}" for plan in events), Counter(f"{plan} {act}" for plan in told)
