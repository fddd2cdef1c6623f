"""Each event of a flag that changed what was shown keeps the words, values and thresholds of its moment.

The column has no default, so that SQLite adds it to the table as it is and the append-only triggers stay.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("titration", "0003_patient_facts")]
    operations = [
        migrations.AddField("flagevent", "shown", models.JSONField(blank=True, null=True)),
    ]
