"""The engine that the options ask for."""

from collections.abc import Callable
from pathlib import Path

from lintseq.errors import EngineError
from lintseq.infer.engine import Engine, start_engine
from lintseq.infer.model_file import default_model
from server.options import Options


def model_path(options: Options) -> Path:
    """The model file: the option's, else the installed default.

    Raises:
        EngineError: there is no default model.
    """
    return Path(options.model).expanduser() if options.model else default_model()


def start_model(options: Options, on_lost: Callable[[str], None] | None = None) -> Engine:
    """A running engine; blocks until the model is loaded.

    Args:
        options: of the session.
        on_lost: is told, from any thread, when the engine's process ends by itself.

    Raises:
        EngineError: there is no such file, or it is no model of this format; or the endpoint that
            the user named is no address.
    """
    if options.endpoint is not None:
        # Imported for who asks for it: no other code of the server opens a connection.
        from lintseq.infer.completion_client import Endpoint
        from lintseq.infer.remote import RemoteEngine

        try:
            return RemoteEngine(Endpoint(options.endpoint, options.endpoint_model or ""))
        except ValueError as error:
            raise EngineError(f"the option endpoint: {error}") from error
    return start_engine(model_path(options), threads=options.threads, on_lost=on_lost)
