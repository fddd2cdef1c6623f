"""`manage.py assess FILE|- [--each-day]`: reads a case file and prints the findings as JSON, without a database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from titration.domain.case_file import answer, read_case
from titration.domain.errors import MalformedCase
from titration.domain.guidance import load_guidance

_MALFORMED = 2


class Command(BaseCommand):
    help = "Read a case file (titration.case/1) and print what the rules say, as JSON."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a case file, or - for standard input")
        parser.add_argument("--each-day", action="store_true", help="assess as of each day from the first to as_of")

    def handle(self, *_args: Any, file: str, each_day: bool, **_options: Any) -> None:
        guidance = load_guidance()
        try:
            case_file = read_case(_read(file), guidance)
        except MalformedCase as error:
            self.stderr.write(error.sentence)
            sys.exit(_MALFORMED)
        self.stdout.write(json.dumps(answer(case_file, guidance, each_day=each_day), ensure_ascii=False, indent=2))


def _read(file: str) -> str:
    """The file's text. Raises MalformedCase where it can't be read."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MalformedCase(f"file: it can't be read ({type(error).__name__}); name a UTF-8 text file.") from error
