"""A clinic's own plan templates, each version a row that is never changed."""

import uuid
from importlib import import_module

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
from django.conf import settings
from django.db import migrations, models

import titration.fields

append_only = import_module("titration.migrations.0002_append_only")
before = import_module("titration.migrations.0003_patient_facts")

TABLE = "titration_plantemplate"


def statements(apps, vendor):
    """Every trigger as it stands from this migration on."""
    return [*before.statements(apps, vendor), *of_templates(vendor)]


def reversals(vendor):
    return [*before.reversals(vendor), *append_only.drops([TABLE], vendor)]


def of_templates(vendor):
    make = {"sqlite": append_only._sqlite, "postgresql": append_only._postgresql}[vendor]
    return make(TABLE, None)


def forbid(_apps, schema_editor):
    for sql in of_templates(schema_editor.connection.vendor):
        schema_editor.execute(sql)


def allow(_apps, schema_editor):
    for sql in append_only.drops([TABLE], schema_editor.connection.vendor):
        schema_editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [("titration", "0007_own_products")]
    operations = [
        migrations.CreateModel(
            name="PlanTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("template_id", models.UUIDField(default=uuid.uuid4)),
                ("version", models.PositiveIntegerField(default=1)),
                ("name", titration.fields.LineField(max_length=80)),
                ("kind", titration.fields.LineField(max_length=12)),
                ("target_mcg", titration.fields.MicrogramsField()),
                ("way", titration.fields.LineField(max_length=20)),
                ("step_mcg", titration.fields.MicrogramsField(blank=True, null=True)),
                ("percent", titration.fields.LineField(blank=True, default="", max_length=6)),
                ("step_days", models.PositiveSmallIntegerField()),
                ("change_at_mcg", titration.fields.MicrogramsField(blank=True, null=True)),
                ("second_way", titration.fields.LineField(blank=True, default="", max_length=20)),
                ("second_step_mcg", titration.fields.MicrogramsField(blank=True, null=True)),
                ("second_percent", titration.fields.LineField(blank=True, default="", max_length=6)),
                ("second_step_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("product_codes", models.JSONField(blank=True, default=list)),
                ("dose_order", titration.fields.LineField(default="evenly", max_length=16)),
                ("note", titration.fields.NoteField(blank=True, default="", max_length=2000)),
                ("source", titration.fields.LineField(max_length=200)),
                ("is_retired", models.BooleanField(default=False)),
                ("recorded_at", models.DateTimeField()),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_templates",
                        to="titration.clinic",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["clinic", "template_id", "-version"], name="template_newest")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("template_id", "version"),
                        name="template_version_once",
                        violation_error_message="Another version of this template was saved. Reload the page and compare.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["titration", "taper"])),
                        name="template_kind_known",
                        violation_error_message="Choose one of the listed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["equal", "proportional", "equal_up"])),
                        name="template_way_known",
                        violation_error_message="Choose one of the listed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("second_way__in", ["", "equal", "proportional", "equal_up"])),
                        name="template_second_way_known",
                        violation_error_message="Choose one of the listed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dose_order__in", ["evenly", "day_first", "evening_first"])),
                        name="template_dose_order_known",
                        violation_error_message="Choose one of the listed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target_mcg__gte", 0),
                            ("target_mcg__lte", 9999900),
                            models.Q(
                                django.db.models.lookups.Exact(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("target_mcg"), "%%", models.Value(100)
                                    ),
                                    0,
                                ),
                                ("target_mcg__isnull", True),
                                _connector="OR",
                            ),
                            ("step_mcg__gte", 0),
                            ("step_mcg__lte", 9999900),
                            models.Q(
                                django.db.models.lookups.Exact(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("step_mcg"), "%%", models.Value(100)
                                    ),
                                    0,
                                ),
                                ("step_mcg__isnull", True),
                                _connector="OR",
                            ),
                            ("change_at_mcg__gte", 0),
                            ("change_at_mcg__lte", 9999900),
                            models.Q(
                                django.db.models.lookups.Exact(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("change_at_mcg"), "%%", models.Value(100)
                                    ),
                                    0,
                                ),
                                ("change_at_mcg__isnull", True),
                                _connector="OR",
                            ),
                            ("second_step_mcg__gte", 0),
                            ("second_step_mcg__lte", 9999900),
                            models.Q(
                                django.db.models.lookups.Exact(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("second_step_mcg"), "%%", models.Value(100)
                                    ),
                                    0,
                                ),
                                ("second_step_mcg__isnull", True),
                                _connector="OR",
                            ),
                        ),
                        name="template_doses_whole",
                        violation_error_message="Each dose is 0 or more, in steps of 0.1\xa0mg.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(django.db.models.lookups.LessThanOrEqual(models.F("target_mcg"), 200000)),
                        name="template_target_within_ceiling",
                        violation_error_message="Stay at or below 200\xa0mg/day: a higher daily total is refused.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(django.db.models.lookups.LessThanOrEqual(models.F("change_at_mcg"), 200000)),
                        name="template_change_within_ceiling",
                        violation_error_message="Stay at or below 200\xa0mg/day: a higher daily total is refused.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("step_days__range", (1, 366)), ("step_days__isnull", True), _connector="OR"
                        ),
                        name="template_step_days_one_or_more",
                        violation_error_message="Write how many days lie between two steps: 1 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_step_days__range", (1, 366)), ("second_step_days__isnull", True), _connector="OR"
                        ),
                        name="template_second_step_days_one_or_more",
                        violation_error_message="Write how many days lie between two steps: 1 or more.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("change_at_mcg__isnull", True), ("second_step_days__isnull", True), ("second_way", "")
                            ),
                            models.Q(
                                ("change_at_mcg__isnull", False),
                                ("second_step_days__isnull", False),
                                models.Q(("second_way", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="template_second_pace_whole",
                        violation_error_message="A second pace needs where it begins, its way and its days.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("change_at_mcg__isnull", True),
                            models.Q(("change_at_mcg__gt", models.F("target_mcg")), ("kind", "taper")),
                            models.Q(("change_at_mcg__lt", models.F("target_mcg")), ("kind", "titration")),
                            _connector="OR",
                        ),
                        name="template_one_direction",
                        violation_error_message="A taper never rises and a titration never falls: change the pace on the way.",
                    ),
                ],
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
