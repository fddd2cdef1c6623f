#!/usr/bin/env python
"""Django's command line.

A checkout with no TITRATION_ variable set at all is somebody's desk: commands then run as development.
"""

import os
import sys

from django.core.management import execute_from_command_line

from titration.environment import ConfigurationError


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "titration.settings")
    if not any(name.startswith("TITRATION_") for name in os.environ):
        os.environ["TITRATION_DEBUG"] = "1"
    try:
        execute_from_command_line(sys.argv)
    except ConfigurationError as error:
        sys.exit(f"Cannot start: {error}")


if __name__ == "__main__":
    main()
