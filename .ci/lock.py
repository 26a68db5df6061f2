"""Writes the pinned packages with the hashes of the files that were taken, from pip's own report.

That comes from `pip install --dry-run --ignore-installed --no-deps --report FILE` with
`-r constraints.txt`; `python .ci/lock.py FILE > .ci/requirements.lock` makes the rest of it.
"""

import json
import sys
from pathlib import Path


def main(paths: list[str]) -> int:
    """0, if every package comes with a sha256."""
    found = {}
    for path in paths:
        for each in json.loads(Path(path).read_text("utf-8"))["install"]:
            digest = each["download_info"]["archive_info"]["hashes"].get("sha256")
            name, version = each["metadata"]["name"], each["metadata"]["version"]
            if digest is None:
                sys.stderr.write(f"{name} {version} comes without a sha256\n")
                return 1
            found[name.casefold()] = f"{name}=={version} --hash=sha256:{digest}"
    print("# What the release is tested with, by content: Python 3.11, Linux on x86-64.")
    print("# pip install --require-hashes --no-deps -r .ci/requirements.lock")
    print("\n".join(line for _, line in sorted(found.items())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
