from bisect import bisect_left
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import migrations

UP_TO_MCG = (0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000, 180_000, 200_000)
VARIANTS = frozenset({"mild", "moderate", "moderate_old", "severe"})
PARTS, MCG_PER_MG = 4, 1000


def _rewritten(apps: Any, rewrite: Callable[[Any, list[str]], str]) -> None:
    flags = apps.get_model("titration", "Flag").objects.filter(code="R1")
    for flag in flags.only("pk", "fingerprint", "shown").iterator():
        parts = flag.fingerprint.split("|")
        if len(parts) >= PARTS and parts[1] in VARIANTS and (changed := rewrite(flag, parts)) != flag.fingerprint:
            flags.filter(pk=flag.pk).update(fingerprint=changed)


def with_band(flag: Any, parts: list[str]) -> str:
    """high|moderate_old|r1_moderate|moderate_old and 45 mg shown -> with |60000."""
    shown = [each["value"] for each in flag.shown.get("evidence", ()) if each["label"] == "Dose"]
    if not shown or len(parts) > PARTS:
        return str(flag.fingerprint)
    place = bisect_left(UP_TO_MCG, Decimal(shown[0]) * MCG_PER_MG)
    return f"{flag.fingerprint}|{UP_TO_MCG[min(place, len(UP_TO_MCG) - 1)]}"


def without_band(_: Any, parts: list[str]) -> str:
    return "|".join(parts[:PARTS])


class Migration(migrations.Migration):
    """A kidney finding is told anew where the dose rises into another band: what was accepted before stays accepted for
    the dose that it showed.
    """

    dependencies = [("titration", "0015_treatment_changes")]
    operations = [
        migrations.RunPython(
            lambda apps, _: _rewritten(apps, with_band), lambda apps, _: _rewritten(apps, without_band)
        )
    ]
