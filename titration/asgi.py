"""The door for granian: `titration.asgi:application`. Where nothing may be served it says why in one sentence."""

import os
import sys

from titration.doorway.door import Door
from titration.environment import ConfigurationError

try:
    from titration.wsgi import application as django_application
except ConfigurationError as refused:
    sys.stderr.write(f"Cannot start: {refused}\n")
    sys.exit(os.EX_CONFIG)

application = Door(django_application)
