"""Production's settings for a measured run. Only the folder for static files is another: the installation's stays."""

import os
from pathlib import Path

from titration.settings import *  # noqa: F403

BENCH_FOLDER = Path(os.environ["TITRATION_BENCH_FOLDER"])
STATIC_ROOT = BENCH_FOLDER / "static"
