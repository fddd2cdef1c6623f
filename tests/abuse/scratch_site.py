"""A scenario on a site of its own: another process, production's settings, a scratch database.

Run as `python -m tests.abuse.scratch_site MODULE`: that module's `scenario(site)` answers with plain values, printed as
JSON.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from titration.bench.scratch import scratch

ROOT = Path(__file__).parent.parent.parent
HTTPS = {"x-forwarded-proto": "https", "host": "127.0.0.1"}


@contextmanager
def scratch_environment(server_url: str | None = None) -> Iterator[dict[str, str]]:
    with scratch(server_url) as place:
        yield {**place.environment, "DJANGO_SETTINGS_MODULE": "titration.torture.settings", "PYTHONPATH": str(ROOT)}


def server_url() -> str | None:
    """The PostgreSQL server of this test run; None on SQLite."""
    url = os.environ.get("TITRATION_DATABASE_URL", "")
    return url if url.startswith("postgres") else None


def play(module: str, *arguments: str, environment: dict[str, str] | None = None) -> Any:
    """What the scenario answered."""
    if environment is None:
        with scratch_environment() as own:
            return play(module, *arguments, environment=own)
    done = run(environment, "-m", "tests.abuse.scratch_site", module, *arguments)
    assert done.returncode == 0, done.stderr[-3000:]
    return {**json.loads(done.stdout.splitlines()[-1]), "log": done.stderr}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)


@dataclass(slots=True)
class Site:
    """world: the clinic of a run with one clinician. client: that clinician's browser."""

    world: Any
    client: Any
    arguments: tuple[str, ...]

    @property
    def patient(self) -> Any:
        return self.world.shared[0]

    def url(self, name: str) -> str:
        from django.urls import reverse

        return reverse(name, args=[self.patient.public_id])

    def post(self, name: str, fields: dict[str, str], **headers: str) -> Any:
        return self.client.post(self.url(name), fields, headers={**HTTPS, **headers})

    def get(self, name: str) -> Any:
        return self.client.get(self.url(name), headers=HTTPS)


def _main(module: str, *arguments: str) -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from titration.torture.world import build_world

    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    world = build_world(1)
    client = Client(raise_request_exception=False)
    client.force_login(world.people[0].membership.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    sys.stdout.write(json.dumps(import_module(module).scenario(Site(world, client, arguments))) + "\n")


if __name__ == "__main__":
    _main(*sys.argv[1:])
