from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("titration", "0008_plan_templates")]

    operations = [
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["clinic", "actor", "-id"], name="audit_by_person"),
        ),
        migrations.AddIndex(
            model_name="auditevent",
            index=models.Index(fields=["clinic", "action", "-id"], name="audit_by_action"),
        ),
    ]
