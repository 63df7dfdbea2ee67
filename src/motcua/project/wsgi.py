"""The web application as a WSGI callable; under `motcua serve` it lives no longer than its server."""

from __future__ import annotations

import multiprocessing
import os
from importlib import import_module

from motcua.project.lifeline import die_with_parent

_server = multiprocessing.parent_process()
if os.environ.get("MOTCUA_SUPERVISED") and _server is not None and _server.pid is not None:
    # Before Django is loaded, so that the time without a lifeline is short.
    die_with_parent(_server.pid)

from django.conf import settings  # noqa: E402 - see above
from django.core.wsgi import get_wsgi_application  # noqa: E402

from motcua.project.collector import keep_what_is_loaded  # noqa: E402

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "motcua.project.settings")

application = get_wsgi_application()
# All pages now, instead of with the first that is asked for.
import_module(settings.ROOT_URLCONF)
keep_what_is_loaded()
