"""The server with all its features."""

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
    workspace,
)
from server.session import LintseqServer, StartEngine

_FEATURES = (
    lifecycle,
    configuration,
    synchronise,
    workspace,
    inline_completion,
    code_actions,
    commands,
    proposals,
    stepping,
    shown,
    status,
)


def create_server(start: StartEngine = start_model) -> LintseqServer:
    """A server that is ready to be connected to a client; `start` gives it its engine."""
    server = LintseqServer(start)
    for feature in _FEATURES:
        feature.register(server)
    return server
