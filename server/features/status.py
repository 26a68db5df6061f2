"""`lintseq/status`: what the server is doing, and why it may be silent."""

from dataclasses import replace

from server import messages
from server.process_memory import memory_mb
from server.session import LintseqServer
from server.status import Status


def register(server: LintseqServer) -> None:
    """Answer the request; the notification of the same name is sent by the session."""
    server.feature(messages.STATUS)(status)


def status(server: LintseqServer, _params: object) -> Status:
    """The status now."""
    return replace(server.board.status(), memory_mb=memory_mb())
