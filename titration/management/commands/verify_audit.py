"""manage.py verify_audit: follow the audit's chain from its first row and name the first row that does not hold.

A chain cut off at its end still holds by itself: print its head with --head, keep it elsewhere, and ask with --against
whether the chain still goes through it.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from titration.models import AuditEvent
from titration.services.audit import broken_links, head_digest, holds


class Command(BaseCommand):
    help = "Check that no audit row was changed, removed or put in between."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--head", action="store_true", help="print the newest digest alone, to be kept elsewhere")
        parser.add_argument("--against", metavar="DIGEST", help="a head that was kept: the chain must still hold it")

    def handle(self, *_: Any, head: bool, against: str | None, **__: Any) -> None:
        broken = next(broken_links(), None)
        if broken is not None:
            raise CommandError(f"The audit's chain breaks at row {broken.pk}, dated {broken.at:%Y-%m-%d %H:%M}.")
        if against is not None and not holds(against.strip().lower()):
            raise CommandError(
                f"{_newest()} The head that was kept is not in it: what followed was removed or written anew."
            )
        self.stdout.write(head_digest() if head else f"The audit's chain holds: {AuditEvent.objects.count()} rows.")


def _newest() -> str:
    """What is left of a chain that was cut off at its end."""
    last = AuditEvent.objects.order_by("-pk").first()
    return (
        f"The audit's chain ends at row {last.pk}, dated {last.at:%Y-%m-%d %H:%M}." if last else "The audit is empty."
    )
