"""What is asked and what is answered: one pair of an instruction data set."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """An instruction, and the program that follows it."""

    record: int
    """Its place in the file, from 0."""
    instruction: str
    program: str
    source: str = ""

    @property
    def text(self) -> str:
        """Both, as the model reads them."""
        return f"{self.instruction}\n{self.program}"
