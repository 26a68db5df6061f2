"""Writes the licence of every pinned package as a table, from what the packages say of themselves.

python .ci/licences.py > docs/licences.md
"""

import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

PINS = Path(__file__).parents[1] / "constraints.txt"
_LONGEST = 60


def main() -> int:
    """0, if every package is installed and says what its licence is."""
    names = [line.split("==")[0] for line in PINS.read_text("utf-8").splitlines() if "==" in line]
    print("# Licences of what LintSeq is tested with")
    print(
        "Made by `python .ci/licences.py` from the metadata of the packages in `constraints.txt`."
    )
    print("\n| package | version | licence |\n|---|---|---|")
    unknown = 0
    for name in names:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            sys.stderr.write(f"{name} is not installed, and left out\n")
            unknown += 1
            continue
        licence = _licence(found)
        unknown += not licence
        print(f"| {found.metadata['Name']} | {found.version} | {licence or 'not said'} |")
    return 1 if unknown else 0


def _licence(package: Distribution) -> str:
    """The SPDX expression, else the classifier, else how the text begins."""
    found = package.metadata
    if expression := found.get("License-Expression"):
        return str(expression)
    classifiers = found.get_all("Classifier") or []
    names = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License ::")]
    named = [name for name in names if name != "OSI Approved"]
    if named:
        return ", ".join(named)
    if text := str(found.get("License") or "").strip():
        return text.split("\n")[0][:_LONGEST].replace("|", "/")
    files = found.get_all("License-File") or []
    texts = [package.read_text(f"licenses/{name}") or "" for name in files]
    # "Apache License", and below it "Version 2.0, January 2004".
    return ", ".join(
        line.strip() for text in texts for line in text.split("\n")[:3] if line.strip()
    )


if __name__ == "__main__":
    sys.exit(main())
