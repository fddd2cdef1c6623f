"""Django for the server, behind titration/asgi.py. Refuses to start where production may not."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "titration.settings")
application = get_wsgi_application()

from titration import connections, demo_people  # noqa: E402 - both need Django's settings

connections.serve_requests()
demo_people.refuse_to_start()
