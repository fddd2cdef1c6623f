"""`manage.py audit_outside --days N`: the audit rows that stand on no clinic's page, as one JSON object a line.

Failed sign-ins of addresses that nobody has, and what people without a clinic did. What was typed is not in them.
"""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from titration.models import AuditEvent
from titration.selectors.audit import outside_clinics


class Command(BaseCommand):
    help = "Print the audit rows that belong to no clinic."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="how far back")

    def handle(self, *_: Any, days: int, **__: Any) -> None:
        for event in outside_clinics(timezone.now() - timedelta(days=days)).iterator(chunk_size=2000):
            self.stdout.write(json.dumps(_line(event)))


def _line(event: AuditEvent) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(timespec="seconds"),
        "action": event.action,
        "person": event.actor.email if event.actor else "",
        "detail": event.detail,
    }
