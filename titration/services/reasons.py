"""A clinic's own reasons for accepting a flag: added, renamed, retired by its administrator.

What was said with a reason stays readable as it was said: a renamed reason is a new one, and the old one is retired
with its words. The first change starts from the guidance's list.
"""

from collections.abc import Callable
from datetime import datetime

from titration.domain.errors import DomainError
from titration.models import Clinic, Membership
from titration.permissions import Action, check_can
from titration.services.audit import record_event
from titration.services.drafts import Key
from titration.services.writing import journey

LONGEST_WORDS = 80
MOST_REASONS = 40
_COMMENTED = "other"


@journey("reason.added")
def add_reason(*, actor: Membership, words: str, now: datetime, key: Key | None = None) -> Clinic:
    def change(clinic: Clinic, active: dict[str, str]) -> str:
        if len(active) >= MOST_REASONS:
            raise DomainError(f"Retire a reason first: a list of more than {MOST_REASONS} is not read.")
        code = _new_code(clinic)
        active[code] = _checked(words, active)
        return code

    return _changed(actor, "reason.added", change, now)


@journey("reason.renamed")
def rename_reason(*, actor: Membership, code: str, words: str, now: datetime, key: Key | None = None) -> Clinic:
    """The reason keeps its place in the list and gets a new code."""

    def change(clinic: Clinic, active: dict[str, str]) -> str:
        _check_active(code, active)
        new_code, new_words = _new_code(clinic), _checked(words, active)
        clinic.retired_reasons[code] = active[code]
        renamed = {new_code if each == code else each: new_words if each == code else active[each] for each in active}
        active.clear()
        active.update(renamed)
        return new_code

    return _changed(actor, "reason.renamed", change, now)


@journey("reason.retired")
def retire_reason(*, actor: Membership, code: str, now: datetime) -> Clinic:
    def change(clinic: Clinic, active: dict[str, str]) -> str:
        _check_active(code, active)
        if len(active) == 1:
            raise DomainError("Add another reason first: without any, no flag could be accepted.")
        clinic.retired_reasons[code] = active.pop(code)
        return code

    return _changed(actor, "reason.retired", change, now)


def _changed(actor: Membership, action: str, change: Callable[[Clinic, dict[str, str]], str], now: datetime) -> Clinic:
    check_can(actor, Action.MANAGE_CLINIC)
    clinic = Clinic.objects.select_for_update().get(pk=actor.clinic_id)
    active = clinic.active_reasons
    code = change(clinic, active)
    clinic.override_reasons = active
    clinic.save(update_fields=["override_reasons", "retired_reasons"])
    record_event(clinic=clinic, actor=actor, action=action, subject=clinic, detail={"reason": code}, now=now)
    return clinic


def _check_active(code: str, active: dict[str, str]) -> None:
    if code not in active:
        raise DomainError("This reason is no longer in the list. Reload the page.")
    if code == _COMMENTED:
        raise DomainError("“Other” stays in the list: it asks for a comment, so that no answer must be forced.")


def _checked(words: str, active: dict[str, str]) -> str:
    plain = " ".join(words.split())
    if not plain:
        raise DomainError("Write the reason in a few words.")
    if len(plain) > LONGEST_WORDS or not plain.isprintable():
        raise DomainError(f"Write the reason in at most {LONGEST_WORDS} characters, in one line.")
    if plain.casefold() in {other.casefold() for other in active.values()}:
        raise DomainError("This reason is in the list already.")
    return plain


def _new_code(clinic: Clinic) -> str:
    """A code that never stood for other words."""
    number = 1
    while f"own_{number}" in clinic.known_reasons:
        number += 1
    return f"own_{number}"
