"""Reasons that a clinic no longer offers stay readable where they were given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("titration", "0004_flag_events_keep_what_was_shown")]
    operations = [
        migrations.AddField("clinic", "retired_reasons", models.JSONField(blank=True, default=dict)),
    ]
