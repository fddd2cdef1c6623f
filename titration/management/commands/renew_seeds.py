"""`manage.py renew_seeds`: locks every second-factor seed with the newest secret key.

After it older keys can be dropped.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from titration.accounts.seeds import renewed

_SEEDS = ("secret", "seed")


class Command(BaseCommand):
    help = "Encrypt the seeds of second factors anew with the newest secret key. All or nothing."

    @transaction.atomic
    def handle(self, *, verbosity: int, **_: Any) -> None:
        rows = list(Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN))
        try:
            for row in rows:
                row.data = {name: renewed(value) if name in _SEEDS else value for name, value in row.data.items()}
                row.save(update_fields=["data"])
        except InvalidToken as error:
            raise CommandError(
                "A seed was locked with a key that is neither the secret key nor in TITRATION_OLD_SECRET_KEYS."
            ) from error
        if verbosity:
            self.stdout.write(f"{len(rows)} seeds are locked with the newest key.")
