"""A compressed stream of whole frames.

The library's own reader takes a file that ends within a frame for one that is at its end, and the
records behind are lost without a word.
"""

import io
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PACKED_BYTES = 1 << 14


class Frame(Protocol):
    """One frame, decompressed bit by bit."""

    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes) -> bytes:
        """What comes out of the next bytes."""


class Frames(io.RawIOBase):
    """The content of frames that follow each other."""

    def __init__(self, packed: IO[bytes], begin: Callable[[], Frame]) -> None:
        self._packed, self._begin = packed, begin
        self._frame: Frame | None = None
        self._ready = io.BytesIO()

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """How many bytes were put into `buffer`; 0 at the end.

        Raises:
            EOFError: the last frame is not whole.
        """
        while not (count := self._ready.readinto(buffer)):
            frame = self._frame
            if frame is None or frame.eof:
                packed = (frame and frame.unused_data) or self._packed.read(_PACKED_BYTES)
                if not packed:
                    return 0
                frame = self._frame = self._begin()
            elif not (packed := self._packed.read(_PACKED_BYTES)):
                raise EOFError("it ends within a compressed frame")
            self._ready = io.BytesIO(frame.decompress(packed))
        return count
