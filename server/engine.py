"""The engine that the options ask for."""

from collections.abc import Callable
from pathlib import Path

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
        EngineError: there is no such file, or it is no model of this format.
    """
    return start_engine(model_path(options), threads=options.threads, on_lost=on_lost)
