"""What an administrator sets for the clinic: whom patients ring and when, its clock times, time zone and label set.

Every change is kept with what stood before, who and when; one that was made from an older page is refused. A label set
or a time zone changes what the rules say, so every patient is assessed again in the next round.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from django.core.exceptions import ValidationError

from titration.domain.errors import DomainError
from titration.domain.regimen import TimeOfDay
from titration.models import Clinic, ClinicChange, LabelSet, Membership, Patient
from titration.models.people import validate_time_zone
from titration.permissions import Action, check_can
from titration.services.audit import record_event
from titration.services.drafts import Key
from titration.services.errors import Conflict
from titration.services.writing import check_columns, journey, store, today_in

MEANINGFUL = ("label_set", "time_zone")
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_TELEPHONE = re.compile(r"[0-9+() /-]+", re.ASCII)
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ClinicSettings:
    """clock_times: "08:00" by the time of day's name, in the order of the day."""

    telephone: str
    hours: str
    out_of_hours: str
    emergency_wording: str
    clock_times: Mapping[str, str]
    time_zone: str
    label_set: str


def settings_of(clinic: Clinic) -> ClinicSettings:
    return ClinicSettings(**{each.name: getattr(clinic, each.name) for each in fields(ClinicSettings)})


@journey("clinic.changed")
def change_clinic(
    *, actor: Membership, settings: ClinicSettings, version: int, now: datetime, key: Key | None = None
) -> ClinicChange:
    """version: the number of the change that the page was made from, 0 before the first."""
    check_can(actor, Action.MANAGE_CLINIC)
    clinic = Clinic.objects.select_for_update().get(pk=actor.clinic_id)
    _check_latest(clinic, version)
    before, after = asdict(settings_of(clinic)), asdict(settings)
    changed = [name for name in after if after[name] != before[name]]
    _check(settings, changed)
    for name in changed:
        setattr(clinic, name, after[name])
    check_columns(clinic)
    clinic.save(update_fields=changed)
    change = store(
        ClinicChange(
            clinic=clinic,
            number=version + 1,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
            changed_by=actor.user,
            changed_at=now,
        )
    )
    _assess_again(clinic, changed, now)
    detail = {"changed": changed, "number": change.number}
    record_event(clinic=clinic, actor=actor, action="clinic.changed", subject=clinic, detail=detail, now=now)
    return change


def _check_latest(clinic: Clinic, version: int) -> None:
    changes = ClinicChange.objects.filter(clinic=clinic)
    latest = changes.order_by("-number").values_list("number", flat=True).first() or 0
    if latest != version:
        raise Conflict("Somebody changed the settings meanwhile, and nothing was saved. Compare, then save again.")


def _check(settings: ClinicSettings, changed: list[str]) -> None:
    if not changed:
        raise DomainError("Nothing differs from what is set already.")
    if not _TELEPHONE.fullmatch(settings.telephone) or sum(map(str.isdigit, settings.telephone)) < _FEWEST_DIGITS:
        raise DomainError("Write a telephone number in digits, for example 01632 960 417.", about="telephone")
    if not settings.emergency_wording.strip():
        raise DomainError("Write whom to call in an emergency, for example Ring 999.", about="emergency_wording")
    _check_clocks(settings.clock_times)
    _check_place(settings)


def _check_clocks(clock_times: Mapping[str, str]) -> None:
    clocks = [clock_times.get(time.value, "") for time in TimeOfDay]
    for time, clock in zip(TimeOfDay, clocks, strict=True):
        if not _CLOCK.fullmatch(clock):
            raise DomainError("Write the time as hour:minute, for example 08:00.", about=time.value)
    for time, earlier, later in zip(list(TimeOfDay)[1:], clocks, clocks[1:], strict=False):
        if later <= earlier:
            raise DomainError("Choose a later time than the one before it in the day.", about=time.value)


def _check_place(settings: ClinicSettings) -> None:
    try:
        validate_time_zone(settings.time_zone)
    except ValidationError as error:
        raise DomainError(str(error.messages[0]), about="time_zone") from error
    if settings.label_set not in LabelSet.values:
        raise DomainError("Choose the label set from the list.", about="label_set")


def _assess_again(clinic: Clinic, changed: list[str], now: datetime) -> None:
    if any(name in MEANINGFUL for name in changed):
        Patient.objects.filter(clinic=clinic).update(next_assessment_on=today_in(clinic, now))
