"""A history as a file or as pasted text, and how its columns are to be read."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from titration.forms.fields import KeyedForm
from titration.imports.checks import DOSES_ARE, DosesAre
from titration.imports.columns import COLUMNS
from titration.imports.rows import DATE_ORDERS, DateOrder
from titration.imports.sheets import MOST_BYTES
from titration.services.history_import import Choices

IGNORED = [("", "Not imported")]


class UploadForm(forms.Form):
    """A file or a text, one of the two. content: its bytes."""

    use_required_attribute = False
    file = forms.FileField(
        label="File",
        required=False,
        help_text="CSV (UTF-8) or XLSX, up to 5 MB and 10,000 rows.",
        allow_empty_file=True,
    )
    text = forms.CharField(
        label="Or paste the table",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="With its header row, as copied from a spreadsheet; up to 2 MB.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file, text = cleaned.get("file"), cleaned.get("text", "")
        if bool(file) == bool(text.strip()):
            raise ValidationError("Choose a file or paste a table, one of the two.")
        if file and file.size > MOST_BYTES:
            raise ValidationError("The file is larger than 5 MB. Split it, or leave out columns.")
        return cleaned

    @property
    def content(self) -> bytes:
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file else str(self.cleaned_data["text"]).encode()


class ColumnsForm(KeyedForm):
    """What each column of a header holds, how dates are written, what doses mean."""

    order = forms.ChoiceField(
        label="How dates are written", choices=[(key.value, text) for key, text in DATE_ORDERS.items()]
    )
    doses_are = forms.ChoiceField(
        label="What the doses are", choices=[(key.value, text) for key, text in DOSES_ARE.items()]
    )

    def __init__(self, *args: Any, header: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.header = tuple(header)
        for place, name in enumerate(self.header):
            choices = [*IGNORED, *COLUMNS.items()]
            self.fields[f"column_{place}"] = forms.ChoiceField(label=name, choices=choices, required=False)

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[f"column_{place}"] for place in range(len(self.header))]

    @property
    def choices(self) -> Choices:
        cleaned = self.cleaned_data
        return Choices(
            columns=tuple(cleaned[f"column_{place}"] for place in range(len(self.header))),
            order=DateOrder(cleaned["order"]),
            doses_are=DosesAre(cleaned["doses_are"]),
        )


def guessed(columns: Sequence[str]) -> dict[str, str]:
    """The form as it is first shown. What doses mean is asked; "taken on its date alone" supposes least."""
    first = {"order": DateOrder.ISO.value, "doses_are": DosesAre.TAKEN_ON.value}
    return first | {f"column_{place}": code for place, code in enumerate(columns)}
