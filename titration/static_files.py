"""Static files under names that carry their hash, also where one module of ours imports another: a browser that kept
files of an earlier version never mixes them with new ones.

What others wrote is served byte for byte, whatever it refers to: a hash that a page names must hold for it.
"""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# In these alone references are looked for and rewritten.
OUR_FOLDERS = {"*.css": "css/*.css", "*.js": "js/*.js"}


class HashedModules(CompressedManifestStaticFilesStorage):
    """An address is worked out once, since every page has 25 of them; collecting files anew forgets them all."""

    support_js_module_import_aggregation = True

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        references: dict[str, Any] = vars(self)["_patterns"]
        self._patterns = {OUR_FOLDERS[kind]: found for kind, found in references.items()}
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = super().url(name)
        return self._addresses[name]

    def save_manifest(self) -> None:
        super().save_manifest()
        self._addresses.clear()
