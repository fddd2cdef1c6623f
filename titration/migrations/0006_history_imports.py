"""Histories out of files: a draft of cells, then the ids of the entries it became."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import titration.fields


class Migration(migrations.Migration):
    dependencies = [
        ("titration", "0005_retired_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoryImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    titration.fields.LineField(
                        choices=[("draft", "not imported yet"), ("imported", "imported"), ("undone", "taken back")],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("header", models.JSONField(default=list)),
                ("cells", models.JSONField(blank=True, default=list)),
                ("row_count", models.PositiveIntegerField()),
                ("entry_ids", models.JSONField(blank=True, default=dict)),
                ("uploaded_at", models.DateTimeField()),
                ("imported_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undo_reason", titration.fields.NoteField(blank=True, default="", max_length=500)),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history_imports",
                        to="titration.patient",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["draft", "imported", "undone"])),
                        name="import_state_known",
                        violation_error_message="Choose one of the listed words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("imported_at__isnull", True), ("imported_by__isnull", True)),
                            models.Q(("imported_at__isnull", False), ("imported_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_imported_at_pair",
                        violation_error_message="Who and when are recorded together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(("undone_at__isnull", False), ("undone_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="import_undone_at_pair",
                        violation_error_message="Who and when are recorded together or not at all.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "draft"), ("imported_at__isnull", False), _connector="OR"),
                        name="import_done_by_someone",
                        violation_error_message="Say who imported this history and when.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "undone"), _negated=True),
                            models.Q(("undone_at__isnull", False), models.Q(("undo_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="import_undone_with_reason",
                        violation_error_message="Say why this import is taken back.",
                    ),
                ],
            },
        ),
    ]
