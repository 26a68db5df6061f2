"""A picture of a terminal's screen, to be looked at."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pyte
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont

_FONT_SIZE = 15
_BACKGROUND, _FOREGROUND = "#14161b", "#e0e2ea"
# The sixteen colours of a terminal, as pyte names them.
_NAMED = {
    "black": "#14161b",
    "red": "#d16969",
    "green": "#8ccf7e",
    "brown": "#e5c76b",
    "blue": "#67b0e8",
    "magenta": "#c47fd5",
    "cyan": "#6cbfbf",
    "white": "#e0e2ea",
    "brightblack": "#6b7078",
    "brightred": "#ef7d7d",
    "brightgreen": "#a6e3a1",
    "brightbrown": "#f4d67a",
    "brightblue": "#89c4f4",
    "brightmagenta": "#dfa8ea",
    "brightcyan": "#8de0e0",
    "brightwhite": "#ffffff",
}


def save_picture(screen: pyte.Screen, path: Path) -> None:
    """Write the screen to `path`, a PNG."""
    path.parent.mkdir(parents=True, exist_ok=True)
    regular, bold = (_font(weight) for weight in ("normal", "bold"))
    width = regular.getlength("M")
    height = round(_FONT_SIZE * 1.35)
    size = (round(width * screen.columns), height * screen.lines)
    image = Image.new("RGB", size, _BACKGROUND)
    draw = ImageDraw.Draw(image)
    for row, column, text, style in _runs(screen):
        ink, paper = _colours(style)
        left, top = column * width, row * height
        draw.rectangle((left, top, left + len(text) * width, top + height), fill=paper)
        draw.text((left, top), text, ink, bold if style.bold else regular)
    left, top = screen.cursor.x * width, screen.cursor.y * height
    draw.rectangle((left, top, left + 1, top + height), fill=_FOREGROUND)
    image.save(path)


def _runs(screen: pyte.Screen) -> Iterator[tuple[int, int, str, pyte.screens.Char]]:
    """Row, column, text and style of what is drawn at once."""
    for row in range(screen.lines):
        line = screen.buffer[row]
        column = 0
        cells = (line[each] for each in range(screen.columns))
        for style, run in groupby(cells, key=lambda cell: cell._replace(data="")):
            text = "".join(cell.data or " " for cell in run)
            yield row, column, text, style
            column += len(text)


def _colours(style: pyte.screens.Char) -> tuple[str, str]:
    ink, paper = _colour(style.fg, _FOREGROUND), _colour(style.bg, _BACKGROUND)
    return (paper, ink) if style.reverse else (ink, paper)


def _colour(name: str, default: str) -> str:
    if name == "default":
        return default
    return _NAMED.get(name, f"#{name}")


def _font(weight: str) -> ImageFont.FreeTypeFont:
    wanted = font_manager.FontProperties(family="DejaVu Sans Mono", weight=weight)
    return ImageFont.truetype(font_manager.findfont(wanted), _FONT_SIZE)
