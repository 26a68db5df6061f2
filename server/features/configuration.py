"""The settings of the session: from the file, the client's options and its configuration.

A client that can be asked is asked for the section `lintseq`, at the start and whenever it says
that something changed; what any other client sends with that message is taken.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from server.features import workspace
from server.session import LintseqServer
from server.settings import Layer, merged, read_layer
from server.settings_file import read_settings_file, settings_path

logger = logging.getLogger(__name__)

SECTION = "lintseq"
_OPTIONS, _CONFIGURATION = "initializationOptions", "workspace/configuration"
_ANSWER_S = 5.0


def register(server: LintseqServer) -> None:
    """Follow changes of the configuration."""
    server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(changed)


def take_initial(server: LintseqServer, options: object) -> None:
    """Take the settings file and the options of `initialize`; problems are told later."""
    path = settings_path()
    server.layers = {str(path): read_settings_file(path), _OPTIONS: read_layer(options, _OPTIONS)}
    server.options = merged(server.layers.values())


async def follow(server: LintseqServer) -> None:
    """Tell what is wrong so far, and take the client's configuration if it can be asked."""
    for layer in server.layers.values():
        _tell(server, layer, ())
    client = server.client_capabilities.workspace
    able = client.did_change_configuration if client else None
    if able and able.dynamic_registration:
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted = types.Registration(id=method, method=method, register_options=options)
        # Its answer tells nothing that would change what is done.
        server.client_register_capability(types.RegistrationParams([wanted]))
    if client and client.configuration:
        _take(server, await _asked(server))


async def changed(server: LintseqServer, params: types.DidChangeConfigurationParams) -> None:
    """Take the new configuration; another model, endpoint or number of threads loads anew."""
    before = server.options
    client = server.client_capabilities.workspace
    if client and client.configuration:
        _take(server, await _asked(server))
    else:
        settings = params.settings
        _take(server, settings.get(SECTION) if isinstance(settings, Mapping) else None)
    workspace.follow(server)
    old, new = (
        (each.model, each.endpoint, each.endpoint_model, each.threads, each.unload_after_min)
        for each in (before, server.options)
    )
    if old != new:
        await server.load_model()


async def _asked(server: LintseqServer) -> object:
    wanted = types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
    try:
        async with asyncio.timeout(_ANSWER_S):
            answer = await server.workspace_configuration_async(wanted)
    except (JsonRpcException, TimeoutError) as error:
        logger.warning("the client does not tell its configuration: %s", error)
        return None
    return answer[0] if answer else None


def _take(server: LintseqServer, raw: object) -> None:
    layer = _trusted(server, read_layer(raw, _CONFIGURATION))
    known = server.layers.get(_CONFIGURATION, Layer(_CONFIGURATION)).problems
    server.layers[_CONFIGURATION] = layer
    server.options = merged(server.layers.values())
    _tell(server, layer, known)


def _trusted(server: LintseqServer, layer: Layer) -> Layer:
    """The layer without what a workspace may not say: where text goes, and a model of its own.

    Editors mix a workspace's settings into their configuration, and whoever opens a workspace has
    not said by it which model is to run.
    """
    problems = dict(_untrusted(server, layer))
    values = {name: value for name, value in layer.values.items() if name not in problems}
    return Layer(layer.source, values, (*layer.problems, *problems.values()))


def _untrusted(server: LintseqServer, layer: Layer) -> Iterator[tuple[str, str]]:
    """The settings that are not taken from this place, each with the reason."""
    elsewhere = "only the settings file or initializationOptions can name it"
    model = layer.values.get("model")
    if model is not None and server.is_in_workspace(Path(model).expanduser()):
        yield "model", f"model: {model} lies in the workspace; {elsewhere}"
    if layer.values.get("endpoint") is not None:
        yield "endpoint", f"endpoint: a workspace may have set it; {elsewhere}"


def _tell(server: LintseqServer, layer: Layer, known: tuple[str, ...]) -> None:
    for problem in layer.problems:
        if problem not in known:
            text = f"wrong setting in {layer.source}, not used. {problem}"
            server.tell(text, types.MessageType.Warning)
