"""Many rows of one kind, written down as SQL before the transaction: inside it only the database works.

Ten thousand rows take Django several times longer to write down than SQLite to store, and while they are stored nobody
else can save.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import AutoField
from django.db.models.sql import InsertQuery

from titration.domain.errors import DomainError
from titration.services.refusals import refused_sentence


@dataclass(frozen=True, slots=True)
class Inserts:
    """ids: public ids of the rows, in their order. statements: SQL with its parameters, ready to run."""

    model: type[models.Model]
    ids: tuple[str, ...]
    statements: tuple[tuple[str, Sequence[Any]], ...]


def written_down(model: type[models.Model], rows: Sequence[models.Model]) -> Inserts:
    """New rows alone: no signals, no key of the database is read back."""
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField)]
    most = max(connection.ops.bulk_batch_size(fields, list(rows)), 1) if rows else 1
    statements: list[tuple[str, Sequence[Any]]] = []
    for some in batched(rows, most):
        query = InsertQuery(model)
        query.insert_values(fields, list(some))
        statements += query.get_compiler(connection=connection).as_sql()
    return Inserts(model, tuple(str(row.public_id) for row in rows), tuple(statements))  # type: ignore[attr-defined]


def insert(prepared: Inserts) -> list[str]:
    """Their public ids; whatever the database refuses becomes a sentence and writes none of them."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, params in prepared.statements:
                cursor.execute(sql, params)
    except (IntegrityError, DataError) as error:
        raise DomainError(refused_sentence(error, prepared.model)) from error
    return list(prepared.ids)
