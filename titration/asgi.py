"""The door for granian: `titration.asgi:application`."""

from titration.doorway.door import Door
from titration.wsgi import application as django_application

application = Door(django_application)
