"""From `initialize` to `exit`: the engine's start and its end."""

from lsprotocol import types

from server.client_checks import editor_path, keep_editor, seen_editor
from server.features import completion, configuration, workspace
from server.session import LintseqServer


def register(server: LintseqServer) -> None:
    """Read the settings, start the engine once the client is ready, end it with the session."""
    server.feature(types.INITIALIZE)(initialize)
    server.feature(types.INITIALIZED)(initialized)
    server.feature(types.SHUTDOWN)(shutdown)


def initialize(server: LintseqServer, params: types.InitializeParams) -> None:
    """Take the options; nothing may be shown to the user before `initialized`."""
    configuration.take_initial(server, params.initialization_options)
    if server.options.completion_items:
        completion.register(server)
    keep_editor(editor_path(), seen_editor(params.client_info, params.capabilities))


async def initialized(server: LintseqServer, _params: types.InitializedParams) -> None:
    """Ask for the client's configuration, then start the engine in the background."""
    await configuration.follow(server)
    workspace.watch(server)
    workspace.follow(server)
    await server.load_model()


def shutdown(server: LintseqServer, _params: None) -> None:
    """End the engine's process, and what is read in the background."""
    server.indexes.close()
    server.proposer.close()
