"""Where a treatment stands becomes entries of its own; whose treatment had ended before keeps the word alone.

Going back is refused while there are entries, or flags that ended by a death: the earlier tables have no place for them.
"""

import uuid
from datetime import date
from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.lookups import Exact

import titration.fields

append_only = import_module("titration.migrations.0002_append_only")
before = import_module("titration.migrations.0011_clinic_changes_and_week_papers")

NAME = "treatmentchange"
TABLE = f"titration_{NAME}"
KINDS = ["under_treatment", "ended", "moved", "died"]
STATES = {
    "open": "open",
    "accepted": "accepted",
    "resolved": "resolved",
    "corrected": "resolved by correction",
    "past_unanswered": "past, unanswered",
}
DIED = {"died": "ended, the patient died"}


def statements(apps, vendor):
    """Every trigger as it stands from this migration on."""
    return [*before.statements(apps, vendor), *of_changes(apps, vendor)]


def reversals(vendor):
    return [*before.reversals(vendor), *append_only.drops([TABLE], vendor)]


def of_changes(apps, vendor):
    return append_only.of_entries(apps, vendor, {NAME: append_only.STATUS_COLUMNS})


def forbid(apps, schema_editor):
    for sql in of_changes(apps, schema_editor.connection.vendor):
        schema_editor.execute(sql)


def allow(_apps, schema_editor):
    for sql in append_only.drops([TABLE], schema_editor.connection.vendor):
        schema_editor.execute(sql)


def nothing(_apps, _schema_editor):
    pass


def refuse_to_lose(apps, _schema_editor):
    lost = apps.get_model("titration", "TreatmentChange").objects.count()
    ended = apps.get_model("titration", "Flag").objects.filter(state="died").count()
    if lost or ended:
        raise RuntimeError(f"Ends of treatments would be lost: {lost} entries, {ended} flags. Nothing was changed.")


def _check(name, condition, words):
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=words)


def _person(**options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **options
    )


def _states(known):
    return _check("flag_state_known", Q(state__in=[*known]), "Choose one of the listed words.")


def _state_field(known):
    return titration.fields.LineField(choices=[*known.items()], default="open", max_length=16)


FIELDS = [
    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
    ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
    ("note", titration.fields.NoteField(blank=True, default="", max_length=2000)),
    ("recorded_at", models.DateTimeField()),
    ("status", titration.fields.LineField(default="current", max_length=16)),
    ("status_reason", titration.fields.NoteField(blank=True, default="", max_length=500)),
    ("status_at", models.DateTimeField(blank=True, null=True)),
    ("kind", titration.fields.LineField(max_length=16)),
    ("starts_on", models.DateField()),
    ("last_mcg", titration.fields.MicrogramsField(blank=True, null=True)),
    ("handed_to", titration.fields.LineField(blank=True, default="", max_length=200)),
    ("answer_reason", titration.fields.LineField(blank=True, default="", max_length=40)),
    ("answer_comment", titration.fields.NoteField(blank=True, default="", max_length=2000)),
    (
        "patient",
        models.ForeignKey(
            on_delete=django.db.models.deletion.PROTECT, related_name="%(class)ss", to="titration.patient"
        ),
    ),
    ("recorded_by", _person()),
    ("status_by", _person(blank=True, null=True)),
    (
        "superseded_by",
        models.ForeignKey(
            blank=True,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="supersedes",
            to=f"titration.{NAME}",
        ),
    ),
]
_WHOLE = Q(last_mcg__gte=0) & Q(last_mcg__lte=9_999_900)
CONSTRAINTS = [
    _check(
        f"{NAME}_status_known",
        Q(status__in=["current", "superseded", "entered_in_error"]),
        "Choose one of the listed words.",
    ),
    _check(
        f"{NAME}_status_at_pair",
        Q(status_by__isnull=True, status_at__isnull=True) | Q(status_by__isnull=False, status_at__isnull=False),
        "Who and when are recorded together or not at all.",
    ),
    _check(
        f"{NAME}_status_explained",
        Q(status="current", status_at__isnull=True)
        | (~Q(status="current") & Q(status_at__isnull=False) & ~Q(status_reason="")),
        "Say why this entry no longer counts.",
    ),
    _check(f"{NAME}_kind_known", Q(kind__in=KINDS), "Choose one of the listed words."),
    _check(
        f"{NAME}_starts_on_sensible",
        Q(starts_on__isnull=True) | Q(starts_on__range=(date(1900, 1, 1), date(2199, 12, 31))),
        "Check the date: no patient is treated in that year.",
    ),
    _check(
        f"{NAME}_doses_whole",
        _WHOLE & (Q(Exact(F("last_mcg") % 100, 0)) | Q(last_mcg__isnull=True)),
        "Each dose is 0 or more, in steps of 0.1\u00a0mg.",
    ),
    _check(
        f"{NAME}_last_dose_of_an_end",
        Q(last_mcg__isnull=True) | Q(kind="ended", last_mcg__gt=0),
        "Write how much was taken on the last day with a dose: more than 0.",
    ),
    _check(
        f"{NAME}_handed_to_somebody",
        Q(kind="moved") & ~Q(handed_to="") | ~Q(kind="moved") & Q(handed_to=""),
        "Write to whom the treatment was handed over.",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("titration", "0016_dose_bands_in_fingerprints")]
    operations = [
        migrations.AddField("patient", "treatment_version", models.PositiveIntegerField(default=0)),
        migrations.RemoveConstraint("flag", "flag_state_known"),
        migrations.AlterField("flag", "state", _state_field(STATES | DIED)),
        migrations.AddConstraint("flag", _states(STATES | DIED)),
        migrations.CreateModel(name="TreatmentChange", fields=FIELDS, options={"constraints": CONSTRAINTS}),
        migrations.RunPython(nothing, refuse_to_lose),
        migrations.RunPython(forbid, allow),
    ]
