"""A clinic's own products stand beside the catalogue; a retired one is still read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("titration", "0006_history_imports")]
    operations = [
        migrations.AddField("clinic", "own_products", models.JSONField(blank=True, default=dict)),
    ]
