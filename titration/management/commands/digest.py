"""manage.py digest: mail each member how many critical and high flags wait. Once a day, however often it runs.

Counts and a link to the worklist: a mail travels and is kept where the record is not.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from titration.services.digest import Digest, send_digests

SEVERITIES = ("critical", "high")


class Command(BaseCommand):
    help = "Mail today's counts of critical and high flags to the members of each clinic."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", help="the site's address, such as https://titration.clinic.example")

    def handle(self, *_: Any, address: str | None, **__: Any) -> None:
        site = (address or f"https://{settings.ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")
        done = send_digests(now=timezone.now(), mail=lambda digest: _message(digest, site).send())
        self.stdout.write(f"{done.pop('sent', 0)} sent.")
        if done:
            raise CommandError(f"Not sent: {', '.join(f'{count} {fault}' for fault, count in done.items())}.")


def _message(digest: Digest, site: str) -> EmailMessage:
    counts = [(severity, digest.waiting[severity]) for severity in SEVERITIES if severity in digest.waiting]
    words = " and ".join(f"{count} {severity}" for severity, count in counts)
    links = "\n".join(f"{severity.capitalize()}: {site}/?show={severity}" for severity, _ in counts)
    clinic = digest.member.clinic.name
    body = (
        f"{clinic}, {digest.day:%Y-%m-%d}\n\n"
        f"Flags that wait for an answer: {words}.\n\n{links}\n\n"
        "This mail names no patient. It is no alarm: who is called when is agreed in the clinic.\n"
    )
    return EmailMessage(f"{words} waiting in {clinic}", body, to=[digest.member.user.email])
