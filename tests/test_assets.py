"""The CDN's scripts: a tag that always carries the hash, and local copies that are verified or not written at all."""

import base64
import hashlib
from pathlib import Path

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.test import Client, override_settings
from django.urls import reverse

from titration.assets import ASSETS, Asset
from titration.models import Membership, Patient

SCRIPT = b"var Chart = {};"


@pytest.fixture
def small_asset(monkeypatch: pytest.MonkeyPatch) -> Asset:
    digest = base64.b64encode(hashlib.sha384(SCRIPT).digest()).decode()
    asset = Asset(package="chart.js", version="1.2.3", file="dist/a.min.js", integrity=f"sha384-{digest}")
    monkeypatch.setitem(ASSETS, "chart.js", asset)
    return asset


def tag() -> str:
    return Template('{% load assets %}{% cdn_script "chart.js" %}').render(Context())


def test_the_tag_names_exact_version_and_hash() -> None:
    assert tag() == (
        '<script src="https://cdn.jsdelivr.net/npm/chart.js@4.6.1/dist/chart.umd.min.js" '
        'integrity="sha384-Emf5ZVIUiarAdhkgtqK+5/Z5qIvM6QoVrS+qAVtfyZVuD5lIHrac0me485+Antp0" '
        'crossorigin="anonymous" referrerpolicy="no-referrer" defer></script>'
    )


def test_the_local_copy_keeps_the_hash() -> None:
    with override_settings(TITRATION_ASSETS="local"):
        assert 'src="/static/vendor/chart.js-4.6.1/chart.umd.min.js"' in tag()
        assert 'integrity="sha384-Emf5ZVIUiarAdhkgtqK+' in tag()


@pytest.mark.parametrize("place", ["dist/a.min.js", "a.min.js"])
def test_vendors_a_verified_file(small_asset: Asset, tmp_path: Path, place: str) -> None:
    source = tmp_path / "from" / place
    source.parent.mkdir(parents=True)
    source.write_bytes(SCRIPT)
    call_command("vendor_assets", folder=tmp_path / "from", into=tmp_path / "static", verbosity=0)
    assert (tmp_path / "static/vendor/chart.js-1.2.3/a.min.js").read_bytes() == SCRIPT
    assert len(list((tmp_path / "static").rglob("*.*"))) == 2  # the folder's name has a dot too


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(SCRIPT + b" ", "does not match its hash"), (b"", "does not match its hash"), (None, "is not in")],
)
@pytest.mark.usefixtures("small_asset")
def test_writes_nothing_when_a_file_is_tampered_or_missing(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (tmp_path / "a.min.js").write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("vendor_assets", folder=tmp_path, into=tmp_path / "static")
    assert not (tmp_path / "static").exists()


def test_a_failed_write_leaves_the_old_copy_and_no_draft(
    small_asset: Asset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.min.js").write_bytes(SCRIPT)
    old = tmp_path / "static" / small_asset.vendored_name
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", _disk_is_full)
    with pytest.raises(OSError, match="full"):
        call_command("vendor_assets", folder=tmp_path, into=tmp_path / "static")
    assert [file.read_bytes() for file in old.parent.iterdir()] == [b"old"]


def _disk_is_full(*_: object) -> None:
    raise OSError("full")


@pytest.mark.parametrize(
    ("content", "problems"),
    [pytest.param(SCRIPT, [], id="there"), pytest.param(SCRIPT + b" ", ["titration.E007"], id="altered"),
     pytest.param(None, ["titration.E007"], id="missing")],
)  # fmt: skip
def test_collecting_without_the_very_copy_is_refused(
    small_asset: Asset, tmp_path: Path, content: bytes | None, problems: list[str]
) -> None:
    if content is not None:
        copy = tmp_path / small_asset.vendored_name
        copy.parent.mkdir(parents=True)
        copy.write_bytes(content)
    with override_settings(TITRATION_ASSETS="local", STATICFILES_DIRS=[tmp_path]):
        told = run_checks(tags=[Tags.staticfiles])
    assert [each.id for each in told] == problems
    assert all("vendor_assets" in each.msg for each in told)


def test_the_cdn_needs_no_copy() -> None:
    with override_settings(TITRATION_ASSETS="cdn", STATICFILES_DIRS=[]):
        assert run_checks(tags=[Tags.staticfiles]) == []


@pytest.mark.usefixtures("small_asset")
@pytest.mark.django_db
def test_a_patient_page_without_the_copy_is_whole_but_for_the_script(
    alice: Membership, patient: Patient, client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(alice.user)
    storages = {"staticfiles": {"BACKEND": "titration.static_files.HashedModules"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path, TITRATION_ASSETS="local"):
        call_command("collectstatic", interactive=False, verbosity=0)
        page = client.get(reverse("patient", args=[patient.public_id]))
    assert page.status_code == 200
    assert b"<svg" in page.content
    assert b"integrity" not in page.content
    assert "run vendor_assets, then collectstatic" in caplog.text
