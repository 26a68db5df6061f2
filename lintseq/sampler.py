"""What can be sampled: one program, taken apart in a new way each time it is asked."""

import random
from typing import Protocol

from lintseq.program import EditSequence


class Sampler(Protocol):
    """One program, ready to be sampled again and again."""

    def sample(self, rng: random.Random) -> EditSequence:
        """A sequence of insertions that builds the program; equal generators give equal ones."""
