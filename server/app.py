"""The server with all its features."""

from collections.abc import Callable

from lintseq.infer.engine import Engine
from server.engine import start_model
from server.features import (
    code_actions,
    commands,
    configuration,
    inline_completion,
    lifecycle,
    proposals,
    shown,
    status,
    stepping,
    synchronise,
)
from server.options import Options
from server.session import LintseqServer

_FEATURES = (
    lifecycle,
    configuration,
    synchronise,
    inline_completion,
    code_actions,
    commands,
    proposals,
    stepping,
    shown,
    status,
)


def create_server(start: Callable[[Options], Engine] = start_model) -> LintseqServer:
    """A server that is ready to be connected to a client; `start` gives it its engine."""
    server = LintseqServer(start)
    for feature in _FEATURES:
        feature.register(server)
    return server
