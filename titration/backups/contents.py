"""What a database holds, as far as a copy must agree with it, and what is wrong with it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from django.apps import apps
from django.db import IntegrityError, connections
from django.db.migrations.loader import MigrationLoader

from titration.models import AuditEvent
from titration.services.audit import FIRST_LINK

_CHUNK_BYTES = 1_000_000
# Filled by `migrate` itself: a database that holds only these is still empty.
_MADE_BY_MIGRATE = frozenset({"django_migrations", "django_content_type", "auth_permission"})


class BackupRefused(Exception):
    """The sentence says what is wrong and that nothing was changed, or what must not be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """rows: by table. audit_head: the digest of the last audit row. migrations: as applied, "app.name"."""

    vendor: str
    rows: dict[str, int]
    audit_head: str
    migrations: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What stands beside a copy, as JSON. file_digest: sha256 of the copy."""

    made_at: str
    file_digest: str
    contents: Contents

    def write(self, file: Path) -> None:
        beside(file).write_text(json.dumps(asdict(self), indent=1) + "\n")


def beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.json")


def read_manifest(file: Path) -> Manifest:
    try:
        said = json.loads(beside(file).read_text())
        return Manifest(**{**said, "contents": Contents(**said["contents"])})
    except (OSError, ValueError, TypeError, KeyError) as fault:
        raise BackupRefused(f"{beside(file).name} is missing or unreadable; a copy without it is not used.") from fault


def digest_of(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def contents_of(alias: str) -> Contents:
    applied = MigrationLoader(connections[alias]).applied_migrations
    last = AuditEvent.objects.using(alias).order_by("-pk").values_list("digest", flat=True).first()
    return Contents(
        vendor=connections[alias].vendor,
        rows=rows_of(alias),
        audit_head=last or FIRST_LINK,
        migrations=sorted(f"{app}.{name}" for app, name in applied),
    )


def rows_of(alias: str) -> dict[str, int]:
    """SQLite's own tables say how large the others are and hold no record."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        tables = sorted(name for name in connection.introspection.table_names(cursor) if not name.startswith("sqlite_"))
        return {table: _count(cursor, connection.ops.quote_name(table)) for table in tables}


def _count(cursor: object, quoted: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM {quoted}")  # type: ignore[attr-defined]  # noqa: S608 - a quoted table's name
    return int(cursor.fetchone()[0])  # type: ignore[attr-defined]


def filled_tables(alias: str) -> list[str]:
    """Tables that hold what people have entered."""
    return [table for table, count in rows_of(alias).items() if count and table not in _MADE_BY_MIGRATE]


def unknown_migrations(contents: Contents) -> list[str]:
    """Applied by a version of the product that is newer than this one."""
    known = MigrationLoader(None).disk_migrations
    ours = {config.label for config in apps.get_app_configs()}
    names = {f"{app}.{name}" for app, name in known}
    return [each for each in contents.migrations if each.split(".")[0] in ours and each not in names]


def problems_of(alias: str) -> Iterator[str]:
    """Damage, one sentence each: the file, the links between rows, the chain of the audit."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            found = cursor.fetchone()[0]
        if found != "ok":
            yield "The file is damaged: SQLite's integrity check fails."
    try:
        connection.check_constraints()
    except IntegrityError:
        yield "A row names another row that is not there."
    if broken := _first_broken_link(alias):
        yield f"The chain of the audit breaks at row {broken}."


def _first_broken_link(alias: str) -> int | None:
    previous = FIRST_LINK
    for event in AuditEvent.objects.using(alias).order_by("pk").iterator(chunk_size=2000):
        if event.previous_digest != previous or event.digest != event.own_digest():
            return int(event.pk)
        previous = event.digest
    return None
