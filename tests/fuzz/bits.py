"""Values drawn from the bytes that a fuzzer makes up."""

from dataclasses import dataclass


@dataclass(slots=True)
class Bits:
    """What is left of the bytes."""

    data: bytes

    def number(self, below: int) -> int:
        """A number from 0; 0 when nothing is left."""
        head, self.data = self.data[:4], self.data[4:]
        return int.from_bytes(head, "little") % below

    def text(self) -> str:
        """All the rest as text, any characters in it, also half ones."""
        head, rest, self.data = self.data[:1], self.data[1:], b""
        if head < b"\xf0":
            return rest.decode("utf-8", "replace")
        return rest[: len(rest) // 2 * 2].decode("utf-16-le", "surrogatepass")

    def some_text(self) -> str:
        """A part of the rest as text."""
        size = self.number(len(self.data) + 1)
        part, rest = self.data[:size], self.data[size:]
        self.data = part
        text = self.text()
        self.data = rest
        return text
