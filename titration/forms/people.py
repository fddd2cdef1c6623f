"""Inviting a person, changing what they may do, and the invited person's own first form."""

from typing import Any

from django import forms

from titration.forms.fields import MISSING, KeyedForm, WordsField
from titration.forms.sign_in import email_field, name_new_passwords
from titration.models import Role

ROLE_WORDS = (
    (Role.CLINICIAN.value, "Clinician: prescribes and signs"),
    (Role.NURSE.value, "Nurse: records everything, neither prescribes nor signs"),
    (Role.PHARMACIST.value, "Pharmacist: records, drafts plans, exports"),
    (Role.READ_ONLY.value, "Read-only: sees, records nothing"),
)
ADMIN_HELP = "People, settings and audit of this clinic. Gives no clinical rights by itself."


class MemberForm(KeyedForm):
    role = forms.ChoiceField(label="Role", choices=ROLE_WORDS, error_messages=MISSING)
    is_clinic_admin = forms.BooleanField(label="Administrator", required=False, help_text=ADMIN_HELP)


class InviteForm(MemberForm):
    field_order = ["email", "role", "is_clinic_admin"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"] = email_field(autocomplete="off")
        self.order_fields(self.field_order)


class JoinForm(forms.Form):
    """Name and password of a person who is new here."""

    use_required_attribute = False
    full_name = WordsField(
        label="Full name",
        max_length=120,
        help_text="As it should stand beside what you record.",
        error_messages={"required": "Write your full name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name_new_passwords(self.fields)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("password1") and cleaned.get("password2") and cleaned["password1"] != cleaned["password2"]:
            self.add_error("password2", "The two passwords differ. Write the same one twice.")
        return cleaned
