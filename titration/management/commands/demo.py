"""`make demo`: prepares the demo clinic on the embedded SQLite and serves it on this machine alone.

Every stage may run again: a second start finds its work done. It refuses to run outside demo mode.
"""

import os
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser

from titration.demo.server import ServerEnded, end_on_signals, listen_on_a_free_port, serving, watch
from titration.demo.sign_in import DEMO_EMAIL, DEMO_PASSWORD
from titration.private_files import FOLDER_MODE
from titration.serving import port_of

STAGES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("Database", "migrate", {"interactive": False}),
    ("Static files", "collectstatic", {"interactive": False}),
    ("Demo clinic", "seed_demo", {}),
)
REASSESS = (sys.executable, "manage.py", "reassess", "--loop")


class Command(BaseCommand):
    help = "Prepare and serve the demo clinic."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="prepare everything and serve nothing")

    def handle(self, *, prepare_only: bool, **_: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo runs in demo mode only: use `make demo`. It never runs as production.")
        end_on_signals()
        try:
            self._prepare()
            if not prepare_only:
                self._serve()
        except ServerEnded as ended:
            raise CommandError(str(ended)) from ended
        except KeyboardInterrupt:
            self.stdout.write("\nThe demo has ended.")

    def _prepare(self) -> None:
        os.chdir(settings.BASE_DIR)
        settings.VAR_DIR.mkdir(mode=FOLDER_MODE, exist_ok=True)
        for name, command, options in STAGES:
            if command in get_commands():
                self._stage(name, command, options)

    def _stage(self, name: str, command: str, options: dict[str, Any]) -> None:
        self.stdout.write(f"==> {name}", ending=" ... ")
        self.stdout.flush()
        started = time.monotonic()
        call_command(command, verbosity=0, **options)
        self.stdout.write(f"{time.monotonic() - started:.1f} s")

    def _serve(self) -> None:
        listening = listen_on_a_free_port()
        port = port_of(listening)
        self.stdout.write(f"==> Starting the server on port {port}")
        background = [REASSESS] if "reassess" in get_commands() else []
        with serving(listening, *background) as server:
            self._announce(port)
            watch(server)

    def _announce(self, port: int) -> None:
        self.stdout.write(
            f"\n    Open     http://localhost:{port}\n"
            f"    Sign in  {DEMO_EMAIL}\n"
            f"    Password {DEMO_PASSWORD}\n\n"
            "    Synthetic people only. Ctrl-C ends the demo.\n"
        )
        self.stdout.flush()
