"""Where editors are kept between runs, and how something is put there in one piece."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import platformdirs

NAME = "LINTSEQ_EDITORS"


def cache_folder() -> Path:
    """The folder of everything fetched; `$LINTSEQ_EDITORS`, or one in the user's cache."""
    named = os.environ.get(NAME)
    return Path(named) if named else platformdirs.user_cache_path("lintseq") / "editors"


def provided(name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name`, made by `make` unless a run before did, wholly."""
    folder = cache_folder() / name
    done = folder / ".done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        print(f"fetching {name}", file=sys.stderr, flush=True)
        make(folder)
        done.touch()
    return folder


def command(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> None:
    """Run it, its output kept for the error.

    Raises:
        RuntimeError: it failed; the message ends with what it said last.
    """
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        words, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise RuntimeError(f"{' '.join(words[:4])} ended with status {done.returncode}: {said}")
