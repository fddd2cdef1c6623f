"""Static files in production: every name carries its hash, those inside our modules too."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
IMPORTED = re.compile(r'from "\./([^"]+)"')


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    storages = {"staticfiles": {"BACKEND": "titration.static_files.HashedModules"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
        return tmp_path / staticfiles_storage.stored_name("js/chart.js")


def test_a_module_imports_others_by_their_hashed_names(collected: Path) -> None:
    imported = IMPORTED.findall(collected.read_text())
    assert len(imported) == 3
    assert all(HASHED.search(name) and (collected.parent / name).is_file() for name in imported)


def test_files_collected_anew_have_new_addresses(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    storages = {"staticfiles": {"BACKEND": "titration.static_files.HashedModules"}}
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path / "made", STATICFILES_DIRS=[source]):
        addresses = []
        for text in ("a {}", "b {}"):
            (source / "one.css").write_text(text)
            call_command("collectstatic", interactive=False, verbosity=0)
            addresses += [staticfiles_storage.url("one.css"), staticfiles_storage.url("one.css")]
    assert addresses[0] == addresses[1] != addresses[2] == addresses[3]
