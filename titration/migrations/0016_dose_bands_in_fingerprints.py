from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import migrations

PARTS_WITH_DOSE = 4
MCG_PER_MG = 1000


def _rewritten(apps: Any, rewrite: Callable[[Any], str]) -> None:
    flags = apps.get_model("titration", "Flag").objects.filter(code="T2")
    for flag in flags.only("pk", "fingerprint", "shown").iterator():
        if (changed := rewrite(flag)) != flag.fingerprint:
            flags.filter(pk=flag.pk).update(fingerprint=changed)


def without_dose(flag: Any) -> str:
    """high|second_opinion|t2_second_opinion|150000 -> without the last."""
    parts = flag.fingerprint.split("|")
    return "|".join(parts[:-1]) if len(parts) == PARTS_WITH_DOSE else flag.fingerprint


def with_dose(flag: Any) -> str:
    """With the dose that the flag shows."""
    shown = [each["value"] for each in flag.shown.get("evidence", ()) if each["label"] == "Dose"]
    if not shown or len(flag.fingerprint.split("|")) == PARTS_WITH_DOSE:
        return flag.fingerprint
    return f"{flag.fingerprint}|{int(Decimal(shown[0]) * MCG_PER_MG)}"


class Migration(migrations.Migration):
    """A dose above the label is told anew where it passes another limit, no longer with each milligram: what was
    accepted before stays accepted.
    """

    dependencies = [("titration", "0014_submissions_keep_their_content")]
    operations = [
        migrations.RunPython(
            lambda apps, _: _rewritten(apps, without_dose), lambda apps, _: _rewritten(apps, with_dose)
        )
    ]
