"""Golden files: what an export wrote when last read. TITRATION_GOLDEN=write renews them; then read the difference."""

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(name: str, written: bytes) -> None:
    path = GOLDEN / name
    if os.environ.get("TITRATION_GOLDEN") == "write":
        path.write_bytes(written)
    assert written == path.read_bytes(), f"{name} is not what it was; TITRATION_GOLDEN=write renews it"
