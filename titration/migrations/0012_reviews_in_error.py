import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import titration.fields


class Migration(migrations.Migration):
    """A review planned by mistake is taken back with who, when and why."""

    dependencies = [("titration", "0011_clinic_changes_and_week_papers")]
    operations = [
        migrations.AddField(
            "review", "error_reason", titration.fields.NoteField(blank=True, default="", max_length=500)
        ),
        migrations.AddField(
            "review",
            "error_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("review", "error_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddConstraint(
            "review",
            models.CheckConstraint(
                condition=Q(error_by__isnull=True, error_at__isnull=True)
                | Q(error_by__isnull=False, error_at__isnull=False),
                name="review_error_at_pair",
                violation_error_message="Who and when are recorded together or not at all.",
            ),
        ),
        migrations.AddConstraint(
            "review",
            models.CheckConstraint(
                condition=Q(error_at__isnull=True) | (Q(done_on__isnull=True) & ~Q(error_reason="")),
                name="review_error_explained",
                violation_error_message="Say why the review was entered in error; one that was done is not.",
            ),
        ),
    ]
