"""The demo clinic on a server of its own, with a database that is put back as it was before each journey.

A process apart: what journeys write never reaches the database of the other tests. Run as a module it seeds and serves.
"""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from titration.serving import HOST, listen, port_of

READY = "The site is ready."
ROOT = Path(__file__).parent.parent.parent
SECONDS_TO_SERVE = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """origin: where it is served; patients: addresses by identifier.

    `remember` keeps the database as it is now, `restore` puts that back. Another state has a name of its own.
    """

    origin: str
    folder: Path
    patients: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "site.sqlite3"

    def remembered(self, name: str) -> Path:
        return self.folder / f"{name}.sqlite3"

    def remember(self, name: str = "remembered") -> None:
        _copy(self.database, self.remembered(name))
        with closing(sqlite3.connect(self.remembered(name))) as rows:
            for identifier, public_id in rows.execute("SELECT identifier, public_id FROM titration_patient"):
                self.patients[identifier] = f"/patients/{UUID(public_id)}/"

    def restore(self, name: str = "remembered") -> None:
        _copy(self.remembered(name), self.database)

    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8")


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target, timeout=10)) as written:
        read.backup(written)


@contextmanager
def served(folder: Path, **variables: str) -> Iterator[Site]:
    """With these variables beside its own. Ends the server afterwards, whatever happened."""
    with (folder / "server.log").open("w") as log, listen(HOST, 0) as listening:
        site = Site(origin=f"http://{HOST}:{port_of(listening)}", folder=folder)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.site", str(listening.fileno())], pass_fds=[listening.fileno()],
            cwd=ROOT, env=environment_of(site.database) | variables, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_until_serving(process, site)
            yield site
        finally:
            process.terminate()
            process.wait()


def environment_of(database: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TITRATION_", "DJANGO_", "COV_"))}
    return ours | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "TITRATION_DATABASE_URL": f"sqlite:///{database}",
    }


def _wait_until_serving(process: subprocess.Popen[bytes], site: Site) -> None:
    until = time.monotonic() + SECONDS_TO_SERVE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"The site did not start:\n{site.log()}")
        if READY in site.log():
            return
        time.sleep(0.05)
    raise RuntimeError(f"The site did not answer within {SECONDS_TO_SERVE} s:\n{site.log()}")


def seed_and_serve(listening: socket.socket) -> None:
    import django
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed_demo", verbosity=0)
    server = _server_at(listening)
    server.set_app(get_wsgi_application())
    sys.stdout.write(f"{READY}\n")
    sys.stdout.flush()
    server.serve_forever()


def _server_at(listening: socket.socket) -> Any:
    """Django's own, at a port that is open already."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

    server = ThreadedWSGIServer((HOST, 0), WSGIRequestHandler, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_name, server.server_port = HOST, port_of(listening)
    server.setup_environ()
    server.daemon_threads = True
    return server


if __name__ == "__main__":
    seed_and_serve(socket.socket(fileno=int(sys.argv[1])))
