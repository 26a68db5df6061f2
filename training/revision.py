"""Where an artifact comes from: code revision and the versions of what made it."""

from __future__ import annotations

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("torch", "transformers", "tokenizers", "numpy", "gguf", "pyflakes", "llama-cpp-python")


def code_revision() -> str:
    """Return the commit of this checkout, `+` behind it if files were changed, or "unknown"."""
    folder = Path(__file__).parent
    commit = _git(folder, "rev-parse", "HEAD")
    if commit is None:
        return "unknown"
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return commit[:12] + ("+" if changed else "")


def linter_version() -> str:
    """Return name and version of the linter that the data is clean under."""
    return f"pyflakes {version('pyflakes')}"


def package_versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that matter, where they are installed."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def _git(folder: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
