"""Where the user has allowed code to be run, kept between sessions."""

import json
from pathlib import Path

import platformdirs

from server.kept import keep


def consent_path() -> Path:
    """Where the answers are kept."""
    return platformdirs.user_state_path("lintseq") / "workspaces.json"


def read_consent(path: Path) -> dict[str, bool]:
    """The answers by workspace; none, if they cannot be read."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    answers = data if isinstance(data, dict) else {}
    return {str(key): value for key, value in answers.items() if isinstance(value, bool)}


def keep_consent(path: Path, workspace: str, *, is_allowed: bool) -> None:
    """Keep the answer for a workspace.

    Raises:
        OSError: it cannot be written.
    """
    keep(path, read_consent(path) | {workspace: is_allowed})
