"""A database that takes no audit row any more, until the test's transaction ends."""

from django.db import connection

_TRIGGERS = {
    "sqlite": "CREATE TEMP TRIGGER no_audit BEFORE INSERT ON main.titration_auditevent "
    "BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    "postgresql": "CREATE TRIGGER no_audit BEFORE INSERT ON titration_auditevent "
    "FOR EACH ROW EXECUTE FUNCTION titration_refuse()",
}


def refuse_audit_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS[connection.vendor])
