"""Writes the settings into package.json: the server's from its own table, then the client's.

Run as `python -P editors/vscode/scripts/settings.py`; `--check` writes nothing and fails if
something would change.
"""

import json
import sys
from pathlib import Path
from typing import Any

from server.settings_schema import option_schemas

EXTENSION = Path(__file__).resolve().parents[1]
MANIFEST = EXTENSION / "package.json"
OPTION_NAMES = EXTENSION / "src" / "serverOptions.json"

# Which file is loaded as a model is not for a workspace of strangers to say: VS Code asks whether
# one is trusted before it lets its settings count, see `restrictedConfigurations`.
SCOPES = {"model": "machine-overridable", "enabled": "language-overridable"}
CHOICES = {
    "eagerness": {
        "manual": "only when asked by a key",
        "low": "only when it is very sure",
        "normal": "when it is more likely right than wrong",
        "high": "more often, and more often wrong",
    },
    "nearby": {
        "folder": "of the Python files in the same folder too",
        "open": "of the files that are open",
        "file": "of the file alone",
        "off": "of none: the model is asked alone",
    },
}
# What starts a program is the user's alone to set: never a workspace's.
CLIENT: dict[str, dict[str, Any]] = {
    "lintseq.server.python": {
        "type": "string",
        "default": "",
        "scope": "machine",
        "markdownDescription": "A Python interpreter that LintSeq is installed for. Empty: the "
        "managed environment, then `python.defaultInterpreterPath`, then `lintseq-server` on the "
        "PATH.",
    },
    "lintseq.server.command": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "scope": "machine",
        "markdownDescription": "The whole command that starts the server on stdin and stdout. It "
        "goes before everything else.",
    },
    "lintseq.server.wheels": {
        "type": "string",
        "default": "",
        "scope": "machine",
        "markdownDescription": "The wheel of LintSeq, or a folder of wheels, that the managed "
        "environment is made from. Empty: the wheels inside the extension.",
    },
    "lintseq.stepPreview": {
        "type": "string",
        "enum": ["inline", "diff"],
        "enumDescriptions": [
            "as ghost text where the step goes, with buttons above",
            "as a comparison of the text before and after the step",
        ],
        "default": "inline",
        "scope": "window",
        "markdownDescription": "How a step of a proposal is shown.",
    },
    "lintseq.tabInIndentation": {
        "type": "string",
        "enum": ["indent", "accept"],
        "enumDescriptions": [
            "Tab indents; Alt+Enter accepts there too",
            "Tab accepts, as the editor does by itself",
        ],
        "default": "indent",
        "scope": "window",
        "markdownDescription": "What Tab does in front of a line's first word while ghost text is "
        "shown.",
    },
    "lintseq.trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "scope": "window",
        "markdownDescription": "What is written into the log of the messages between the editor "
        "and the server. They contain the text of your files; the log stays on this machine.",
    },
}


def server_settings() -> dict[str, dict[str, Any]]:
    """The settings of the server as VS Code wants them described."""
    found: dict[str, dict[str, Any]] = {}
    for name, schema in option_schemas().items():
        described = {key: value for key, value in schema.items() if key != "description"}
        sentence = schema["description"]
        described["markdownDescription"] = f"{sentence[0].upper()}{sentence[1:]}."
        if "enum" in schema:
            described["enumDescriptions"] = [CHOICES[name][value] for value in schema["enum"]]
        found[f"lintseq.{name}"] = {**described, "scope": SCOPES.get(name, "window")}
    return found


def configuration() -> list[dict[str, Any]]:
    """The value of `contributes.configuration`."""
    return [
        {"title": "Proposals", "properties": server_settings()},
        {"title": "Editor and server", "properties": CLIENT},
    ]


def contents() -> dict[Path, str]:
    """What the two files have to contain."""
    manifest = json.loads(MANIFEST.read_text("utf-8"))
    manifest["contributes"]["configuration"] = configuration()
    return {
        MANIFEST: json.dumps(manifest, indent=2, ensure_ascii=False) + "\n",
        OPTION_NAMES: json.dumps(list(option_schemas())) + "\n",
    }


def main() -> int:
    """Write the files, or with `--check` say which differ; the exit status."""
    wrong = [path for path, text in contents().items() if path.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in wrong:
            print(f"{path}: differs from the server's settings; run {sys.argv[0]}")
        return 1 if wrong else 0
    for path in wrong:
        path.write_text(contents()[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
