"""A PostgreSQL of one test alone, that the test may restart. Safe to lose: it lives in a temporary folder."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class OwnPostgresql:
    url: str
    folder: Path
    port: int

    def restart(self) -> None:
        self._control("-m", "fast", "restart")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")

    def start(self) -> None:
        self._control("start")

    def _control(self, *words: str) -> None:
        options = f"-c listen_addresses=127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off"
        command = ["pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"), "-o", options]
        as_owner(self.folder, *command, *words)


@contextmanager
def own_postgresql() -> Iterator[OwnPostgresql]:
    with tempfile.TemporaryDirectory(prefix="titration-postgresql-", ignore_cleanup_errors=True) as name:
        folder, secret = Path(name), secrets.token_hex(16)
        (folder / "password").write_text(secret)
        _give_away(folder)
        words = ("-U", "titration", "-A", "scram-sha-256", f"--pwfile={folder}/password", "-E", "UTF8", "--no-sync")
        as_owner(folder, "initdb", "-D", str(folder / "data"), *words)
        port = _free_port()
        own = OwnPostgresql(f"postgresql://titration:{secret}@127.0.0.1:{port}/postgres", folder, port)
        own.start()
        try:
            yield own
        finally:
            own.stop()


def as_owner(folder: Path, program: str, *words: str) -> None:
    """PostgreSQL refuses to run as root."""
    prefix = ["runuser", "-u", _owner(), "--"] if os.getuid() == 0 else []
    command = [*prefix, _program(program), *words]
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _owner() -> str:
    known = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _give_away(folder: Path) -> None:
    if os.getuid() == 0:
        for path in (folder, folder / "password"):
            shutil.chown(path, _owner())


def _program(name: str) -> str:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda found: float(found.parts[-3]))
    return str(installed[-1]) if installed else name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
