"""A clinic's template may go over a number of days, without a size and pace of its steps.

SQLite makes the table anew, so that the append-only triggers are taken off before and put on again afterwards.
"""

from importlib import import_module

from django.db import migrations, models
from django.db.models import Q

templates = import_module("titration.migrations.0008_plan_templates")

NAME = "plantemplate"
PACES = ["equal", "proportional", "equal_up"]


def refuse_to_lose(apps, _schema_editor):
    lost = apps.get_model("titration", "PlanTemplate").objects.filter(days__isnull=False).count()
    if lost:
        raise RuntimeError(f"Templates over a number of days would be lost, {lost} of them. Nothing was changed.")


def nothing(_apps, _schema_editor):
    pass


def _check(name, condition, words):
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=words)


class Migration(migrations.Migration):
    dependencies = [("titration", "0012_reviews_in_error")]
    operations = [
        migrations.RunPython(templates.allow, templates.forbid),
        migrations.RemoveConstraint(NAME, "template_way_known"),
        migrations.AddField(NAME, "days", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AlterField(NAME, "step_days", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddConstraint(
            NAME, _check("template_way_known", Q(way__in=[*PACES, "over_days"]), "Choose one of the listed words.")
        ),
        migrations.AddConstraint(
            NAME,
            _check(
                "template_days_one_or_more",
                Q(days__range=(1, 366)) | Q(days__isnull=True),
                "Write over how many days the taper goes: 1 or more.",
            ),
        ),
        migrations.AddConstraint(
            NAME,
            _check(
                "template_length_or_pace",
                Q(way="over_days", kind="taper", days__isnull=False)
                & Q(step_days__isnull=True, step_mcg__isnull=True, percent="", change_at_mcg__isnull=True)
                | (~Q(way="over_days") & Q(days__isnull=True, step_days__isnull=False)),
                "Write either over how many days the taper goes, or the days between steps.",
            ),
        ),
        migrations.RunPython(nothing, refuse_to_lose),
        migrations.RunPython(templates.forbid, templates.allow),
    ]
