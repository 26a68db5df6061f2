"""From `initialize` to `exit`: options, the engine's start and its end."""

from functools import partial

from lsprotocol import types

from server.options import parse_options
from server.session import LintseqServer


def register(server: LintseqServer) -> None:
    """Read the options, start the engine once the client is ready, end it with the session."""
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.SHUTDOWN)(shutdown)


def initialize(server: LintseqServer, params: types.InitializeParams) -> None:
    """Take the options; nothing may be shown to the user before `initialized`."""
    server.options, server.option_problems = parse_options(params.initialization_options)


async def initialized(server: LintseqServer, _params: types.InitializedParams) -> None:
    """Report wrong options, then start the engine in the background."""
    for problem in server.option_problems:
        server.tell(f"wrong option, its default is used. {problem}", types.MessageType.Warning)
    problem = await server.proposer.start(partial(server.start_engine, server.options))
    if problem:
        server.tell(f"no proposals: {problem}", types.MessageType.Warning)


def shutdown(server: LintseqServer, _params: None) -> None:
    """End the engine's process."""
    server.proposer.close()
