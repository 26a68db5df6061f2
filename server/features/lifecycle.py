"""From `initialize` to `exit`: the engine's start and its end."""

from lsprotocol import types

from server.features import configuration
from server.session import LintseqServer


def register(server: LintseqServer) -> None:
    """Read the settings, start the engine once the client is ready, end it with the session."""
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.SHUTDOWN)(shutdown)


def initialize(server: LintseqServer, params: types.InitializeParams) -> None:
    """Take the options; nothing may be shown to the user before `initialized`."""
    configuration.take_initial(server, params.initialization_options)


async def initialized(server: LintseqServer, _params: types.InitializedParams) -> None:
    """Ask for the client's configuration, then start the engine in the background."""
    await configuration.follow(server)
    await server.load_model()


def shutdown(server: LintseqServer, _params: None) -> None:
    """End the engine's process."""
    server.proposer.close()
