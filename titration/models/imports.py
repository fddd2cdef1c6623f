"""A history out of a file: uploaded as a draft, imported as a whole, or taken back as a whole.

A draft holds the cells as text until it is imported or another file is uploaded; afterwards the ids of the entries it
became stay, so that all of them can be corrected in one act.
"""

import uuid

from django.db import models
from django.db.models import Q

from titration.fields import LineField, NoteField
from titration.models.bounds import one_of, pair
from titration.models.people import User
from titration.models.treatment import Patient


class ImportState(models.TextChoices):
    DRAFT = "draft", "not imported yet"
    IMPORTED = "imported", "imported"
    UNDONE = "undone", "taken back"


class HistoryImport(models.Model):
    """header, cells: text, each row as its number and its cells. entry_ids: kind -> public ids of what it became."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    patient = models.ForeignKey(Patient, models.PROTECT, related_name="history_imports")
    state = LineField(max_length=12, choices=ImportState, default=ImportState.DRAFT)
    header = models.JSONField(default=list)
    cells = models.JSONField(default=list, blank=True)
    row_count = models.PositiveIntegerField()
    entry_ids = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    imported_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)
    undo_reason = NoteField(max_length=500)

    class Meta:
        constraints = [
            one_of("state", ImportState.values, owner="import"),
            pair("imported_by", "imported_at", owner="import"),
            pair("undone_by", "undone_at", owner="import"),
            models.CheckConstraint(
                condition=Q(state=ImportState.DRAFT) | Q(imported_at__isnull=False),
                name="import_done_by_someone",
                violation_error_message="Say who imported this history and when.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.UNDONE) | (Q(undone_at__isnull=False) & ~Q(undo_reason="")),
                name="import_undone_with_reason",
                violation_error_message="Say why this import is taken back.",
            ),
        ]

    def __str__(self) -> str:
        return f"history of {self.row_count} rows, {self.state}"
