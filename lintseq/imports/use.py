"""What a text does with a name: from that follows what it may be."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """What is done with one name."""

    attributes: frozenset[str] = frozenset()
    """Dotted, as they follow the name: `path.join` of `os.path.join`."""
    is_called: bool = False
    """Wherever it is used; a decorator is."""

    @property
    def first(self) -> frozenset[str]:
        """The attributes of the name itself."""
        return frozenset(chain.partition(".")[0] for chain in self.attributes)


def use_of(name: str, text: str) -> Use:
    """What the text, which may be a line or a part of one, does with the name."""
    pattern = rf"(@?)(?<![\w.]){re.escape(name)}\b((?:\.[^\W\d]\w*)*)(\s*\()?"
    found = re.findall(pattern, text)
    attributes = frozenset(chain[1:] for _, chain, _ in found if chain)
    called = [bool(sign or bracket) and not chain for sign, chain, bracket in found]
    return Use(attributes, bool(called) and all(called))
