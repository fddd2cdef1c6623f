"""The door for granian: `titration.asgi:application`. Where nothing may be served it says why in one sentence."""

import sys

from titration.doorway.door import Door
from titration.environment import ConfigurationError

try:
    from titration.wsgi import application as django_application
except ConfigurationError as refused:
    sys.exit(f"Cannot start: {refused}")

application = Door(django_application)
