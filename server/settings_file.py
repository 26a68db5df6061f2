"""The settings file: TOML in the folder that the platform has for such files."""

import os
import tomllib
from pathlib import Path

import platformdirs

from server.settings import Layer, read_layer

ENVIRONMENT_VARIABLE = "LINTSEQ_SETTINGS"


def settings_path() -> Path:
    """Where the settings file lies, or would lie: $LINTSEQ_SETTINGS, else the platform's place."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    return Path(named) if named else platformdirs.user_config_path("lintseq") / "settings.toml"


def read_settings_file(path: Path) -> Layer:
    """What the file at `path` sets; nothing, if there is none.

    A file that cannot be read or is no TOML is a problem of the layer.
    """
    source = str(path)
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Layer(source)
    except (OSError, ValueError) as error:
        return Layer(source, problems=(f"the file is not used: {error}",))
    return read_layer(raw, source)
