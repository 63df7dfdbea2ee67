"""The web application as a WSGI callable; under `motcua serve` it lives no longer than its server."""

from __future__ import annotations

import multiprocessing
import os

from motcua.project.lifeline import die_with_parent

_server = multiprocessing.parent_process()
if os.environ.get("MOTCUA_SUPERVISED") and _server is not None and _server.pid is not None:
    # Before Django is loaded, so that the time without a lifeline is short.
    die_with_parent(_server.pid)

from django.core.wsgi import get_wsgi_application  # noqa: E402 - see above

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.project.settings")

application = get_wsgi_application()
