"""What a clinic set for itself, each change a row that is never changed; and the steps of a week on their way to one paper."""

import uuid
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

append_only = import_module("titration.migrations.0002_append_only")
before = import_module("titration.migrations.0008_plan_templates")

TABLE = "titration_clinicchange"


def statements(apps, vendor):
    """Every trigger as it stands from this migration on."""
    return [*before.statements(apps, vendor), *of_changes(vendor)]


def reversals(vendor):
    return [*before.reversals(vendor), *append_only.drops([TABLE], vendor)]


def of_changes(vendor):
    make = {"sqlite": append_only._sqlite, "postgresql": append_only._postgresql}[vendor]
    return make(TABLE, None)


def forbid(_apps, schema_editor):
    for sql in of_changes(schema_editor.connection.vendor):
        schema_editor.execute(sql)


def allow(_apps, schema_editor):
    for sql in append_only.drops([TABLE], schema_editor.connection.vendor):
        schema_editor.execute(sql)


class Migration(migrations.Migration):
    dependencies = [
        ("titration", "0010_people_and_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClinicChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("changed_at", models.DateTimeField()),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="titration.clinic"
                    ),
                ),
            ],
            options={
                "ordering": ["clinic_id", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("clinic", "number"),
                        name="clinic_change_once",
                        violation_error_message="Somebody changed the settings meanwhile. Reload the page and compare.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WeekPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("first_on", models.DateField()),
                ("last_on", models.DateField()),
                ("total", models.PositiveIntegerField()),
                ("pending", models.JSONField(blank=True, default=list)),
                ("rows", models.JSONField(blank=True, default=list)),
                ("fetched_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="titration.clinic"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_on__lte", models.F("last_on"))),
                        name="week_paper_first_to_last",
                        violation_error_message="A week ends on or after its first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("fetched_at__isnull", True), models.Q(("pending", []), ("rows", [])), _connector="OR"
                        ),
                        name="week_paper_erased_once_fetched",
                        violation_error_message="What was fetched is not kept.",
                    ),
                ],
            },
        ),
        migrations.RunPython(forbid, allow),
    ]
