"""Row 39: a backup made under write load restores whole, and only into an empty database; a plain copy is none."""

import json
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.abuse.scratch_site import ROOT, play, run, scratch_environment, server_url

SCORES = """
import json, django
django.setup()
from titration.models import ResponseScore
from titration.services.audit import broken_links
ids = [str(each) for each in ResponseScore.objects.values_list("public_id", flat=True)]
print(json.dumps([ids, sum(1 for _ in broken_links())]))
"""


SESSIONS = """
import django
django.setup()
from titration.models import Session
"""


@dataclass(frozen=True, slots=True)
class Drill:
    """made: what the writers were told; restored: into a second database; source, target: the two environments."""

    file: Path
    made: dict[str, Any]
    restored: Any
    source: dict[str, str]
    target: dict[str, str]


@pytest.fixture(scope="module")
def drill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    file = tmp_path_factory.mktemp("backup") / "record.backup"
    with scratch_environment(server_url()) as source, scratch_environment(server_url()) as target:
        made = play("tests.abuse.scenarios.backup_under_load", str(file), environment=source)
        restored = run(target, "manage.py", "restore", str(file))
        yield Drill(file, made, restored, source, target)


def test_row_39_what_was_acknowledged_before_the_backup_is_in_it(drill: Drill) -> None:
    assert drill.restored.returncode == 0, drill.restored.stderr
    answer = run(drill.target, "-c", SCORES)
    ids, breaks = json.loads(answer.stdout)
    assert set(drill.made["before"]) <= set(ids)
    assert breaks == 0
    assert len(drill.made["before"]) <= len(ids) <= drill.made["stored"]
    assert drill.made["acknowledged"] == drill.made["stored"], "writers were not hindered"


def test_row_39_nobody_is_signed_in_to_what_was_restored(drill: Drill) -> None:
    """The copy holds the sessions of its moment: a cookie of then must open nothing."""
    held = json.loads(Path(f"{drill.file}.json").read_text())["contents"]["rows"]["titration_session"]
    assert held > 0
    assert f"The {held} session{'' if held == 1 else 's'} in it ended" in drill.restored.stdout
    assert "everybody signs in again" in drill.restored.stdout
    left = run(drill.target, "-c", f"{SESSIONS}\nprint(Session.objects.count())")
    assert left.stdout.split() == ["0"], left.stderr


def test_row_39_what_was_restored_goes_on(drill: Drill, tmp_path: Path) -> None:
    """New rows get numbers of their own, the audit's chain goes on from the copy's last row, and it is backed up."""
    opened = ("open_clinic", "Next clinic", "--email", "next@clinic.example", "--person", "Next Person")
    target = {**drill.target, "TITRATION_FIRST_PASSWORD": "quiet-harbour-lantern-4"}
    file = tmp_path / "next.backup"
    for words in (opened, ("verify_audit",), ("backup", str(file))):
        done = run(target, "manage.py", *words)
        assert done.returncode == 0, done.stderr
    before, after = (json.loads(Path(f"{each}.json").read_text())["contents"] for each in (drill.file, file))
    assert after["rows"]["titration_auditevent"] == before["rows"]["titration_auditevent"] + 2


def test_row_39_a_database_with_rows_is_never_overwritten(drill: Drill) -> None:
    again = run(drill.target, "manage.py", "restore", str(drill.file))
    assert again.returncode == 1
    assert "never overwrites" in again.stderr


def test_row_39_a_backup_never_replaces_another(drill: Drill) -> None:
    before = drill.file.read_bytes()
    again = run(drill.source, "manage.py", "backup", str(drill.file))
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert drill.file.read_bytes() == before


def test_row_39_a_copy_is_for_its_owner_alone_and_says_what_it_holds(drill: Drill) -> None:
    assert drill.file.stat().st_mode & 0o077 == 0
    said = json.loads(drill.file.with_name("record.backup.json").read_text())
    assert said["contents"]["rows"]["titration_auditevent"] > len(drill.made["before"])
    assert len(said["contents"]["audit_head"]) == 64


def _altered(drill: Drill, folder: Path) -> Path:
    copy = folder / "record.backup"
    shutil.copy(drill.file, copy)
    shutil.copy(f"{drill.file}.json", f"{copy}.json")
    return copy


def _refused(copy: Path) -> str:
    with scratch_environment(server_url()) as empty:
        answer = run(empty, "manage.py", "restore", str(copy))
    assert answer.returncode == 1, answer.stdout
    return answer.stderr


def test_row_39_a_damaged_copy_is_refused(drill: Drill, tmp_path: Path) -> None:
    copy = _altered(drill, tmp_path)
    body = bytearray(copy.read_bytes())
    body[len(body) // 2] ^= 0xFF
    copy.write_bytes(body)
    assert "is not the file that was made" in _refused(copy)


def test_row_39_a_copy_without_what_it_must_hold_is_refused(drill: Drill, tmp_path: Path) -> None:
    copy = _altered(drill, tmp_path)
    Path(f"{copy}.json").unlink()
    assert "missing or unreadable" in _refused(copy)


def test_row_39_a_copy_of_a_newer_version_is_refused(drill: Drill, tmp_path: Path) -> None:
    copy = _altered(drill, tmp_path)
    manifest = Path(f"{copy}.json")
    said = json.loads(manifest.read_text())
    said["contents"]["migrations"].append("titration.9999_of_the_future")
    manifest.write_text(json.dumps(said))
    assert "newer version" in _refused(copy)


@pytest.mark.sqlite
def test_row_39_a_tampered_row_is_refused_even_with_a_digest_to_match(drill: Drill, tmp_path: Path) -> None:
    from titration.backups.contents import digest_of

    copy = _altered(drill, tmp_path)
    with sqlite3.connect(copy) as opened:
        for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            opened.execute(f'DROP TRIGGER "{name}"')
        opened.execute("UPDATE titration_auditevent SET action = 'nothing' WHERE id = 3")
    opened.close()
    manifest = Path(f"{copy}.json")
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "file_digest": digest_of(copy)}))
    assert "chain of the audit breaks at row 3" in _refused(copy)


@pytest.mark.sqlite
def test_row_39_a_plain_copy_of_the_file_of_a_running_database_lacks_rows(tmp_path: Path) -> None:
    """Why it is no backup: what was written last stands in a second file."""
    live = sqlite3.connect(tmp_path / "live", isolation_level=None)
    live.execute("PRAGMA journal_mode=WAL")
    live.execute("CREATE TABLE doses (mcg)")
    live.execute("INSERT INTO doses VALUES (5000)")
    shutil.copy(tmp_path / "live", tmp_path / "copied")
    copied = sqlite3.connect(tmp_path / "copied")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        copied.execute("SELECT * FROM doses")
    copied.close()
    live.close()


def test_row_39_no_plain_copy_is_documented() -> None:
    written = [*ROOT.glob("docs/*.md"), *ROOT.glob("deploy/*"), ROOT / "README.md"]
    for line in "\n".join(file.read_text() for file in written if file.is_file()).splitlines():
        assert not (line.strip().startswith(("cp ", "rsync ", "tar ")) and "sqlite3" in line), line
