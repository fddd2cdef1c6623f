"""A submission keeps what it was: its action, patient and digest, and every row it made, of whatever table.

Rows from before have no digest: what they were is not known, so their keys are never answered as saved.
"""

import django.db.models.deletion
from django.db import migrations, models

import titration.fields

NAME = "submissionkey"
BATCH = 2000


def join_results(apps, _schema_editor):
    keys = apps.get_model("titration", "SubmissionKey").objects
    for row in keys.exclude(result_type="").iterator(chunk_size=BATCH):
        keys.filter(pk=row.pk).update(rows=[[row.result_type, each, "answer"] for each in row.result_ids])


def part_results(apps, _schema_editor):
    """As it was before: one table a key, that of the first row."""
    keys = apps.get_model("titration", "SubmissionKey").objects
    for row in keys.exclude(rows=[]).iterator(chunk_size=BATCH):
        table = row.rows[0][0]
        ids = [public_id for each, public_id, _ in row.rows if each == table]
        keys.filter(pk=row.pk).update(result_type=table, result_ids=ids)


class Migration(migrations.Migration):
    dependencies = [("titration", "0013_template_over_days")]
    operations = [
        migrations.AddField(NAME, "action", titration.fields.LineField(blank=True, default="", max_length=60)),
        migrations.AddField(NAME, "digest", titration.fields.LineField(blank=True, default="", max_length=64)),
        migrations.AddField(
            NAME,
            "patient",
            models.ForeignKey(
                "titration.patient",
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
            ),
        ),
        migrations.AddField(NAME, "rows", models.JSONField(blank=True, default=list)),
        migrations.RunPython(join_results, part_results),
        migrations.RemoveField(NAME, "result_type"),
        migrations.RemoveField(NAME, "result_ids"),
    ]
