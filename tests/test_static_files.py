"""Static files in production: every name carries its hash, those inside our modules too."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import override_settings

HASHED = re.compile(r"\.[0-9a-f]{12}\.js$")
STORAGES = {"staticfiles": {"BACKEND": "titration.static_files.HashedModules"}}
IMPORTED = re.compile(r'from "\./([^"]+)"')


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    with override_settings(STORAGES=STORAGES, STATIC_ROOT=tmp_path):
        call_command("collectstatic", interactive=False, verbosity=0)
        return tmp_path / staticfiles_storage.stored_name("js/chart.js")


def test_a_module_imports_others_by_their_hashed_names(collected: Path) -> None:
    imported = IMPORTED.findall(collected.read_text())
    assert len(imported) == 3
    assert all(HASHED.search(name) and (collected.parent / name).is_file() for name in imported)


def test_files_collected_anew_have_new_addresses(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    with override_settings(STORAGES=STORAGES, STATIC_ROOT=tmp_path / "made", STATICFILES_DIRS=[source]):
        addresses = []
        for text in ("a {}", "b {}"):
            (source / "one.css").write_text(text)
            call_command("collectstatic", interactive=False, verbosity=0)
            addresses += [staticfiles_storage.url("one.css"), staticfiles_storage.url("one.css")]
    assert addresses[0] == addresses[1] != addresses[2] == addresses[3]


def test_what_others_wrote_is_collected_byte_for_byte(collected: Path) -> None:
    folder = collected.parent.parent
    with override_settings(STORAGES=STORAGES, STATIC_ROOT=folder):
        others = {
            name: Path(storage.path(name)).read_bytes()
            for finder in get_finders()
            for name, storage in finder.list([])
            if not name.startswith(("css/", "js/"))
        }
        assert any(name.endswith(".js") for name in others)
        changed = [
            name for name, content in others.items()
            if (folder / staticfiles_storage.stored_name(name)).read_bytes() != content
        ]  # fmt: skip
    assert changed == []


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("var a;\n//# sourceMappingURL=a.js.map\n", id="a source map that is not there"),
        pytest.param('import { b } from "./b.js";\n', id="a module that is not there"),
        pytest.param("var a = '\r\n';\r\n", id="other line ends"),
    ],
)
def test_a_vendored_file_stays_as_it_is_whatever_it_refers_to(tmp_path: Path, content: str) -> None:
    source = tmp_path / "source" / "vendor" / "a-1.0"
    source.mkdir(parents=True)
    (source / "a.js").write_bytes(content.encode())
    made = tmp_path / "made"
    with override_settings(STORAGES=STORAGES, STATIC_ROOT=made, STATICFILES_DIRS=[tmp_path / "source"]):
        call_command("collectstatic", interactive=False, verbosity=0)
        stored = staticfiles_storage.stored_name("vendor/a-1.0/a.js")
    assert (made / stored).read_bytes() == content.encode()
    assert stored != "vendor/a-1.0/a.js"
