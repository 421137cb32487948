"""The application as granian loads it, in each of its processes.

Everything comes from the environment, where `serve` has put it.
"""

import os

from flask import Flask

from server.app import create_app
from server.engine.embedded import EmbeddedEngine
from server.engine.zygote import die_with
from server.settings import SettingError, Settings

PARENT = "MAILLAGE_PARENT"


def make_app() -> Flask:
    """The application over the evaluators of the host that started this process."""
    settings = Settings.from_environment(os.environ)
    if settings.sockets is None:
        raise SettingError("sockets: no host has said where its evaluators are; start with `serve`")
    if PARENT in os.environ:
        die_with(int(os.environ[PARENT]))
    return create_app(settings, EmbeddedEngine(settings.sockets, settings.limits))
