"""Writes the licence of every pinned package as a table, from what the packages say of themselves.

python .ci/licences.py > docs/licences.md
"""

import sys
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

PINS = Path(__file__).parents[1] / "constraints.txt"
_LONGEST = 60


def main() -> int:
    """0, if every package says what its licence is; those that are not installed are left out."""
    names = [line.split("==")[0] for line in PINS.read_text("utf-8").splitlines() if "==" in line]
    print("# Licences of what LintSeq is tested with")
    print(
        "Made by `python .ci/licences.py` from the metadata of the packages in `constraints.txt`."
    )
    print("\n| package | version | licence |\n|---|---|---|")
    unknown = 0
    for name in names:
        try:
            found = metadata(name)
        except PackageNotFoundError:
            sys.stderr.write(f"{name} is not installed\n")
            continue
        licence = _licence(found)
        unknown += not licence
        print(f"| {found['Name']} | {found['Version']} | {licence or 'not said'} |")
    return 1 if unknown else 0


def _licence(found: PackageMetadata) -> str:
    """The SPDX expression, else the classifier, else the first line of the text."""
    if expression := found.get("License-Expression"):
        return str(expression)
    classifiers = found.get_all("Classifier") or []
    names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]
    named = [name for name in names if name != "OSI Approved"]
    if named:
        return ", ".join(named)
    text = str(found.get("License") or "").strip()
    return text.split("\n")[0][:_LONGEST].replace("|", "/")


if __name__ == "__main__":
    sys.exit(main())
