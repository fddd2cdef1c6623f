"""manage.py verify_audit: follow the audit's chain from its first row and name the first row that does not hold."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from titration.models import AuditEvent
from titration.services.audit import broken_links


class Command(BaseCommand):
    help = "Check that no audit row was changed, removed or put in between."

    def handle(self, *_: Any, **__: Any) -> None:
        broken = next(broken_links(), None)
        if broken is not None:
            raise CommandError(f"The audit's chain breaks at row {broken.pk}, dated {broken.at:%Y-%m-%d %H:%M}.")
        self.stdout.write(f"The audit's chain holds: {AuditEvent.objects.count()} rows.")
