"""`python -m tests.fuzz`, or `make fuzz`: any bytes for whatever reads what others wrote.

Mutations of the corpus; where atheris is installed, half of the time inputs led by coverage. What
breaks a law is kept in the corpus, and `make test` tries the corpus.
"""

import argparse
import hashlib
import json
import random
import sys
from collections.abc import Sequence

from tests.fuzz.campaign import CORPUS, Tried, follow_coverage, has_coverage, mutate, seeds
from tests.fuzz.targets import TARGETS

_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """0, if every law holds for all that was tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=600.0, help="in all (%(default)s)")
    parser.add_argument("--only", choices=TARGETS, help="one target")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args(argv)
    names = [arguments.only] if arguments.only else [*TARGETS]
    try:
        found = [_fuzz(name, arguments.seconds / len(names), arguments.seed) for name in names]
    except KeyboardInterrupt:
        return _INTERRUPTED
    return 1 if any(found) else 0


def _fuzz(name: str, seconds: float, seed: int) -> bool:
    """Whether something was found."""
    tried = []
    share = seconds / 2 if has_coverage() else seconds
    tried.append(("mutations", mutate(TARGETS[name], seeds(name), share, random.Random(seed))))
    if has_coverage():
        tried.append(("coverage", follow_coverage(name, share)))
    for way, each in tried:
        _tell(name, way, each)
    return any(each.reason for _, each in tried)


def _tell(name: str, way: str, tried: Tried) -> None:
    told: dict[str, object] = {"target": name, "by": way, "inputs": tried.inputs}
    if tried.found is not None:
        path = CORPUS / name / f"found-{hashlib.sha256(tried.found).hexdigest()[:12]}"
        path.write_bytes(tried.found)
        told["found"] = str(path)
    if tried.reason:
        told["reason"] = tried.reason
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    sys.exit(main())
