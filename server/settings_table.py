"""`lintseq-server settings`: the options with their values, and the table of the documentation."""

import json
import sys
from dataclasses import fields

from server.options import Options
from server.settings import merged
from server.settings_file import read_settings_file, settings_path


def settings(*, as_markdown: bool) -> int:
    """Write the options and where they are set; 0, or 1 if the settings file is wrong."""
    if as_markdown:
        sys.stdout.write(markdown())
        return 0
    path = settings_path()
    layer = read_settings_file(path)
    options = merged([layer])
    there = "" if path.exists() else " (not there)"
    sys.stdout.write(f"# {path}{there}\n")
    for option in fields(Options):
        value = json.dumps(getattr(options, option.name))
        sys.stdout.write(f"{option.name} = {value}\n")
        sys.stdout.write(f"    {option.metadata['meaning']}: {option.metadata['allowed']}\n")
    for problem in layer.problems:
        sys.stderr.write(f"lintseq-server settings: {path}: {problem}\n")
    return 1 if layer.problems else 0


def markdown() -> str:
    """The table of all options."""
    rows = [
        f"| `{option.name}` | `{json.dumps(option.default)}` | {option.metadata['allowed']} "
        f"| {option.metadata['meaning']} |\n"
        for option in fields(Options)
    ]
    head = "| option | default | allowed | meaning |\n|---|---|---|---|\n"
    return head + "".join(rows)
