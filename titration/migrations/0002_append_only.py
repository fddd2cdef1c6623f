"""What was written stays written: triggers refuse what no constraint can, on SQLite and on PostgreSQL.

Logs refuse every UPDATE, DELETE and (PostgreSQL) TRUNCATE. Entries refuse DELETE and any UPDATE of what was entered; their status
columns may move. SQLite needs recursive_triggers=ON for INSERT OR REPLACE, which the settings set.
"""

from django.db import migrations

LOGS = ("titration_auditevent", "titration_flagevent", "titration_planevent")
STATUS_COLUMNS = {"status", "status_reason", "status_by_id", "status_at", "superseded_by_id"}
STEP_COLUMNS = {"state"}
ENTRIES = {
    "regimenchange": STATUS_COLUMNS,
    "patientcondition": STATUS_COLUMNS,
    "intakereport": STATUS_COLUMNS,
    "sedationreport": STATUS_COLUMNS,
    "symptomreport": STATUS_COLUMNS,
    "responsescore": STATUS_COLUMNS,
    "planstep": STEP_COLUMNS,
}
REFUSE_FUNCTION = """
    CREATE OR REPLACE FUNCTION titration_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION USING MESSAGE = 'append-only: rows of ' || TG_TABLE_NAME || ' are never changed or removed';
    END $$
"""
REFUSAL = "append-only: rows of {table} are never changed or removed"


def forbid(apps, schema_editor):
    for sql in statements(apps, schema_editor.connection.vendor):
        schema_editor.execute(sql)


def allow(_apps, schema_editor):
    for sql in reversals(schema_editor.connection.vendor):
        schema_editor.execute(sql)


def statements(apps, vendor):
    return [*of_logs(vendor), *of_entries(apps, vendor, ENTRIES)]


def of_logs(vendor):
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]
    found = [REFUSE_FUNCTION] if vendor == "postgresql" else []
    for table in LOGS:
        found += make(table, None)
    return found


def of_entries(apps, vendor, entries):
    """The triggers of some entries alone."""
    make = {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]
    found = []
    for name, movable in entries.items():
        columns = [field.column for field in apps.get_model("titration", name)._meta.local_fields]
        found += make(f"titration_{name}", [column for column in columns if column not in movable])
    return found


def _sqlite(table, frozen):
    of = f" OF {', '.join(frozen)}" if frozen else ""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL.format(table=table)}'); END"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
    ]


def _postgresql(table, frozen):
    of = f" OF {', '.join(frozen)}" if frozen else ""
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} FOR EACH ROW EXECUTE FUNCTION titration_refuse()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION titration_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION titration_refuse()",
    ]


def reversals(vendor):
    dropped = drops([*LOGS, *(f"titration_{name}" for name in ENTRIES)], vendor)
    return dropped if vendor == "sqlite" else [*dropped, "DROP FUNCTION IF EXISTS titration_refuse()"]


def drops(tables, vendor):
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{act}" for table in tables for act in ("update", "delete")]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{act} ON {table}"
        for table in tables
        for act in ("update", "delete", "truncate")
    ]


class Migration(migrations.Migration):
    dependencies = [("titration", "0001_records")]
    operations = [migrations.RunPython(forbid, allow)]
