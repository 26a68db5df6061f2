"""What is kept between sessions: small files, for their user alone, whole or not at all."""

import contextlib
import json
import os
from pathlib import Path

_FOLDER_MODE, _FILE_MODE = 0o700, 0o600


def keep(path: Path, value: object) -> None:
    """Write a JSON value beside the file, and put it into its place.

    Raises:
        OSError: it is not kept, what was there still is, and nothing else lies about.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(temporary, flags, _FILE_MODE), "w", encoding="utf-8") as file:
            json.dump(value, file, indent=1)
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
