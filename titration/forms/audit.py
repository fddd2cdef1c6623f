"""What an administrator asks of the audit. It is sent as a form and goes on as an address of ids, codes and days: the
patient's identifier never stands in an address, which browsers and proxies keep.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from titration.forms.audit_words import ACTIONS
from titration.forms.fields import IsoDateField, WordsField
from titration.models import Membership, Patient
from titration.selectors.audit import AuditFilter, members, patient_by_id, patient_by_identifier

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_EVERYBODY, _EVERYTHING = [("", "Everybody")], [("", "Everything")]


class AuditForm(forms.Form):
    use_required_attribute = False
    person = forms.ChoiceField(required=False, label="Person")
    action = forms.ChoiceField(required=False, label="What", choices=[*_EVERYTHING, *ACTIONS.items()])
    patient = WordsField(
        required=False,
        label="Patient's identifier",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    first_on = IsoDateField(required=False, label="From")
    last_on = IsoDateField(required=False, label="Until")

    def __init__(self, *args: Any, membership: Membership, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})
        self._membership = membership
        people = [(str(each.public_id), str(each.user)) for each in members(membership)]
        self.fields["person"].choices = [*_EVERYBODY, *people]  # type: ignore[attr-defined]

    def clean_patient(self) -> Patient | None:
        typed = self.cleaned_data["patient"]
        patient = patient_by_identifier(self._membership, typed) if typed else None
        if typed and patient is None:
            raise ValidationError("No patient of this clinic has this identifier.")
        return patient

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_on"), cleaned.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "Check the days: the end is before the beginning.")
        return cleaned

    @property
    def query(self) -> str:
        """The filter as an address carries it."""
        patient: Patient | None = self.cleaned_data["patient"]
        asked = {**self.cleaned_data, "patient": patient.public_id if patient else ""}
        return urlencode({name: str(value) for name, value in asked.items() if value})


def asked_audit(query: Mapping[str, str], membership: Membership) -> AuditFilter:
    """The filter out of an address, by allow lists: what is not known is not asked."""
    person = next((each for each in members(membership) if str(each.public_id) == query.get("person")), None)
    action = query.get("action", "")
    patient_id = _uuid(query.get("patient", ""))
    return AuditFilter(
        person=person,
        action=action if action in ACTIONS else "",
        patient=patient_by_id(membership, patient_id) if patient_id else None,
        first_on=_day(query.get("first_on", "")),
        last_on=_day(query.get("last_on", "")),
    )


def asked_after(query: Mapping[str, str]) -> str:
    digest = query.get("after", "")
    return digest if _DIGEST.fullmatch(digest) else ""


def query_of(wanted: AuditFilter) -> dict[str, str]:
    """The same filter as an address again."""
    asked = {
        "person": wanted.person.public_id if wanted.person else "",
        "action": wanted.action,
        "patient": wanted.patient.public_id if wanted.patient else "",
        "first_on": wanted.first_on or "",
        "last_on": wanted.last_on or "",
    }
    return {name: str(value) for name, value in asked.items() if value}


def shown_filter(wanted: AuditFilter) -> dict[str, Any]:
    """As the form shows it: the patient by its identifier."""
    return {**query_of(wanted), "patient": wanted.patient.identifier if wanted.patient else ""}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return IsoDateField(required=False).clean(text)  # type: ignore[no-any-return]
    except ValidationError:
        return None
