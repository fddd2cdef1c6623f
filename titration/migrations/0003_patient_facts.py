"""Conditions become one kind of five facts: conditions, other medicines, kidney readings, interruptions, supply.

The rows stay, in a table of the new name and with the kind "condition"; they are append-only before and after. Going
back is refused while there are facts of other kinds, since the earlier table has no place for them.
"""

from datetime import date
from importlib import import_module

from django.db import migrations, models
from django.db.models import F, Q

import titration.fields

append_only = import_module("titration.migrations.0002_append_only")

CONDITION, FACT = "patientcondition", "patientfact"
KINDS = ["condition", "medicine", "kidney", "interruption", "supply"]
WITHOUT_AMOUNT = ["condition", "medicine", "interruption"]
STATUSES = ["current", "superseded", "entered_in_error"]
ENTRIES = {name: movable for name, movable in append_only.ENTRIES.items() if name != CONDITION} | {
    FACT: append_only.STATUS_COLUMNS
}


def statements(apps, vendor):
    """Every trigger as it stands from this migration on."""
    of_logs = append_only.of_logs(vendor)
    return [*of_logs, *append_only.of_entries(apps, vendor, ENTRIES)]


def reversals(vendor):
    tables = [*append_only.LOGS, *(f"titration_{name}" for name in ENTRIES)]
    return append_only.drops(tables, vendor)


def _run(schema_editor, sentences):
    for sql in sentences:
        schema_editor.execute(sql)


def _guard(name):
    """Append-only, and not."""

    def on(apps, schema_editor):
        entries = {name: append_only.STATUS_COLUMNS}
        _run(schema_editor, append_only.of_entries(apps, schema_editor.connection.vendor, entries))

    def off(_apps, schema_editor):
        _run(schema_editor, append_only.drops([f"titration_{name}"], schema_editor.connection.vendor))

    return on, off


def _refuse_other_kinds(apps, _schema_editor):
    others = apps.get_model("titration", "PatientFact").objects.exclude(kind="condition").count()
    if others:
        raise RuntimeError(
            f"Facts of other kinds would be lost, {others} of them: this migration is not undone over them."
        )


def _nothing(_apps, _schema_editor):
    pass


def _shared(owner):
    """The constraints that both tables have, under the name of each."""
    sensible = (date(1900, 1, 1), date(2199, 12, 31))
    found = {
        "status_known": (Q(status__in=STATUSES), "Choose one of the listed words."),
        "status_at_pair": (
            Q(status_at__isnull=True, status_by__isnull=True) | Q(status_at__isnull=False, status_by__isnull=False),
            "Who and when are recorded together or not at all.",
        ),
        "status_explained": (
            Q(status="current", status_at__isnull=True)
            | (~Q(status="current") & Q(status_at__isnull=False) & ~Q(status_reason="")),
            "Say why this entry no longer counts.",
        ),
        "since_sensible": (
            Q(since__isnull=True) | Q(since__range=sensible),
            "Check the date: no patient is treated in that year.",
        ),
        "until_sensible": (
            Q(until__isnull=True) | Q(until__range=sensible),
            "Check the date: no patient is treated in that year.",
        ),
        "until_in_order": (
            Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
            "Check the dates: the end is before the beginning.",
        ),
    }
    return [_check(f"{owner}_{name}", condition, words) for name, (condition, words) in found.items()]


def _check(name, condition, words):
    return models.CheckConstraint(condition=condition, name=name, violation_error_message=words)


OF_ITS_KIND = [
    _check("patientfact_kind_known", Q(kind__in=KINDS), "Choose one of the listed words."),
    _check("patientfact_code_given", ~Q(code=""), "Choose one from the list."),
    _check(
        "patientfact_dates_of_its_kind",
        Q(kind__in=["condition", "medicine"])
        | Q(kind__in=["kidney", "supply"], since__isnull=False, until__isnull=True)
        | Q(kind="interruption", since__isnull=False),
        "Write the date: a reading and a dispensing have one, an interruption begins.",
    ),
    _check(
        "patientfact_amount_of_its_kind",
        (Q(kind__in=WITHOUT_AMOUNT) & Q(tenths__isnull=True)) | (~Q(kind__in=WITHOUT_AMOUNT) & Q(tenths__isnull=False)),
        "Write the amount: a reading and a dispensing have one, other facts have none.",
    ),
    _check(
        "patientfact_egfr_sensible",
        ~Q(kind="kidney") | Q(tenths__range=(10, 2000)),
        "Check the eGFR: write it in mL/min per 1.73\u00a0m\u00b2, from 1 to 200.",
    ),
    _check(
        "patientfact_quantity_sensible",
        ~Q(kind="supply") | Q(tenths__range=(1, 100_000)),
        "Check the quantity: more than 0 and at most 10,000 tablets or mL.",
    ),
]


_guard_conditions, _free_conditions = _guard(CONDITION)
_guard_facts, _free_facts = _guard(FACT)


class Migration(migrations.Migration):
    dependencies = [("titration", "0002_append_only")]
    operations = [
        migrations.RunPython(_free_conditions, _guard_conditions),
        *(migrations.RemoveConstraint(CONDITION, constraint.name) for constraint in _shared(CONDITION)),
        migrations.RenameModel("PatientCondition", "PatientFact"),
        migrations.AddField(
            FACT, "kind", titration.fields.LineField(max_length=16, default="condition"), preserve_default=False
        ),
        migrations.AddField(FACT, "tenths", models.PositiveIntegerField(blank=True, null=True)),
        migrations.RunPython(_nothing, _refuse_other_kinds),
        *(migrations.AddConstraint(FACT, constraint) for constraint in (*_shared(FACT), *OF_ITS_KIND)),
        migrations.AddIndex(FACT, models.Index(fields=["patient", "kind"], name="fact_by_patient_and_kind")),
        migrations.RunPython(_guard_facts, _free_facts),
        migrations.AddField("patient", "runs_out_on", models.DateField(blank=True, null=True)),
        migrations.AddIndex(
            "patient", models.Index(fields=["clinic", "runs_out_on"], name="patient_by_end_of_tablets")
        ),
    ]
