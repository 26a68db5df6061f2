"""Asks the package index's advisories about the pinned versions, and says so if it could not.

python .ci/audit.py

pip-audit ends well with "No known vulnerabilities found" also where it could look up nothing. Here
the status is 0 only if every package was looked up and none has a known hole; 1 if one has; 2 if
nothing is known about some of them.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PINS = Path(__file__).parents[1] / "constraints.txt"
SOUND, HOLES, NOT_AUDITED = 0, 1, 2


def main() -> int:
    """Whether the pins are sound, as far as is known."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(PINS)]
    asked = subprocess.run(
        [*command, "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off"],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    try:
        report = json.loads(asked.stdout)
    except ValueError:
        print(f"NOT AUDITED: pip-audit ended with status {asked.returncode} and no report")
        return NOT_AUDITED
    status, said = verdict(report)
    print(said)
    return status


def verdict(report: Mapping[str, Any]) -> tuple[int, str]:
    """The status, and what is said of a report of pip-audit."""
    packages = report["dependencies"]
    holes = [
        f"{package['name']} {package['version']}: {hole['id']}"
        for package in packages
        for hole in package.get("vulns", ())
    ]
    unknown = [package["name"] for package in packages if "vulns" not in package]
    lines = [f"HOLE: {hole}" for hole in holes]
    if unknown or not packages:
        missing = f"{len(unknown)} of {len(packages)} packages could not be looked up"
        lines.append(f"NOT AUDITED: {missing}{': ' if unknown else ''}{', '.join(unknown)}")
    if holes:
        return HOLES, "\n".join(lines)
    if lines:
        return NOT_AUDITED, "\n".join(lines)
    return SOUND, f"no known hole in {len(packages)} packages, all of them looked up"


if __name__ == "__main__":
    sys.exit(main())
