"""What was shown behind the cursor, and what is left of it when the user types along."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Ghost:
    """A verified text that the editor was given to show at the cursor."""

    text: str
    """The whole file it was made for."""
    offset: int
    """The cursor, in characters."""
    shown: str
    confidence: float

    def after_typing(self, text: str, offset: int) -> "Ghost | None":
        """What is left of it in `text`, if nothing but its own beginning was typed since."""
        typed = offset - self.offset
        if not 0 <= typed < len(self.shown):
            return None
        if text != self.text[: self.offset] + self.shown[:typed] + self.text[self.offset :]:
            return None
        return replace(self, text=text, offset=offset, shown=self.shown[typed:])
