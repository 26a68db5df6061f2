"""Where the user has allowed code to be run, kept between sessions."""

import json
import logging
import os
from pathlib import Path

import platformdirs

logger = logging.getLogger(__name__)


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
    """Keep the answer for a workspace; where nothing can be written it lasts for the session."""
    answers = read_consent(path) | {workspace: is_allowed}
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(answers, indent=1), "utf-8")
        temporary.replace(path)
    except OSError as error:
        logger.warning("the answer is not kept: %s", error)
