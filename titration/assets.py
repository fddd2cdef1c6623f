"""The scripts that come from a CDN, one row each: package, exact version, file and SRI hash.

The template tag, the content security policy and `vendor_assets` all read this table; a new version is a change of one
row. htmx is not here: django-htmx ships it.
"""

import base64
import hashlib
from dataclasses import dataclass

CDN = "https://cdn.jsdelivr.net/npm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    package: str
    version: str
    file: str
    integrity: str

    @property
    def cdn_url(self) -> str:
        return f"{CDN}/{self.package}@{self.version}/{self.file}"

    @property
    def vendored_name(self) -> str:
        """The path below a static folder of the verified local copy."""
        return f"vendor/{self.package}-{self.version}/{self.file.rpartition('/')[2]}"

    def is_intact(self, content: bytes) -> bool:
        """Whether `content` is byte for byte the file this row names."""
        algorithm, _, expected = self.integrity.partition("-")
        return base64.b64encode(hashlib.new(algorithm, content).digest()).decode() == expected


ASSETS = {
    asset.package: asset
    for asset in (
        Asset(
            package="chart.js",
            version="4.6.1",
            file="dist/chart.umd.min.js",
            integrity="sha384-Emf5ZVIUiarAdhkgtqK+5/Z5qIvM6QoVrS+qAVtfyZVuD5lIHrac0me485+Antp0",
        ),
    )
}
