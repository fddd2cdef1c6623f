"""Puts verified copies of the CDN's scripts below static/vendor/, for places without internet (TITRATION_ASSETS=local).

All files are fetched and verified before the first is written; one that does not match its hash stops everything.
"""

import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from titration.assets import ASSETS, Asset

TIMEOUT_SECONDS = 30


class Command(BaseCommand):
    help = "Fetch and verify local copies of the scripts that otherwise come from a CDN."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", dest="folder", type=Path, help="a folder holding the files; default: the CDN")
        parser.add_argument(
            "--into", type=Path, default=settings.BASE_DIR / "static", help="the static folder to write"
        )

    def handle(self, *, folder: Path | None, into: Path, **_: Any) -> None:
        fetch = _folder_reader(folder) if folder else _download
        verified = {asset: _verified(asset, fetch(asset)) for asset in ASSETS.values()}
        for asset, content in verified.items():
            write_whole(into / asset.vendored_name, content)
            self.stdout.write(f"{asset.package} {asset.version}: verified, {into / asset.vendored_name}")


def write_whole(file: Path, content: bytes) -> None:
    """Writes the file in one act, so that no reader ever meets half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(content)
        draft.chmod(0o644)
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def _verified(asset: Asset, content: bytes) -> bytes:
    if not asset.is_intact(content):
        raise CommandError(f"{asset.package} {asset.version} does not match its hash; nothing was written.")
    return content


def _download(asset: Asset) -> bytes:
    try:
        with urllib.request.urlopen(asset.cdn_url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - https, from a table
            return answer.read()  # type: ignore[no-any-return]
    except (urllib.error.URLError, TimeoutError) as error:
        raise CommandError(f"{asset.cdn_url} could not be fetched; use --from FOLDER without internet.") from error


def _folder_reader(folder: Path) -> Callable[[Asset], bytes]:
    def read(asset: Asset) -> bytes:
        name = Path(asset.file).name
        file = next((found for found in (folder / asset.file, folder / name) if found.is_file()), None)
        if file is None:
            raise CommandError(f"{name} is not in {folder}; nothing was written.")
        return file.read_bytes()

    return read
