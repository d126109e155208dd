"""Lines of Chinese and English within a number of terminal columns.

rich breaks lines at spaces, so a Chinese paragraph would break wherever a space happens to stand. Here a line may
break between any two Chinese characters, but not before a closing mark, after an opening one, or inside a number.
"""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells
from rich.text import Text

_OPEN = "“‘（《〈「『【〔［｛([{"
_CLOSE = "”’），。、；：？！》〉」』】〕］｝…—·)]}%"
_PIECE = re.compile(
    rf"[{re.escape(_OPEN)}]*(?:第?[!-~]+[万亿]*[\u4e00-\u9fff]?|[^\S\n]+|.)[{re.escape(_CLOSE)}]*",
    re.DOTALL,
)


def wrap(text: Text, width: int) -> list[Text]:
    """The lines of a text, none wider than `width` columns, its styles kept."""
    cuts: list[int] = []
    used = at = 0
    for piece in _pieces(text.plain, width):
        size = cell_len(piece)
        if used and used + cell_len(piece.rstrip()) > width:
            cuts.append(at)
            used = 0
        used += size
        at += len(piece)
    lines = list(text.divide(cuts)) if cuts else [text.copy()]
    for line in lines:
        line.rstrip()
    return lines


def _pieces(plain: str, width: int) -> list[str]:
    pieces: list[str] = []
    for match in _PIECE.finditer(plain):
        piece = match.group()
        pieces.extend([piece] if cell_len(piece) <= width else chop_cells(piece, width))
    return pieces


def hanging(label: Text, text: Text, width: int, indent: int) -> list[Text]:
    """A label, then the text wrapped in a column that begins at `indent`."""
    lines = wrap(text, width - indent)
    head = label.copy()
    gap = indent - cell_len(head.plain)
    rows = [] if gap >= 1 else [head]
    first = Text.assemble(head, " " * gap) if gap >= 1 else Text(" " * indent)
    return rows + [Text.assemble(first if i == 0 else " " * indent, line) for i, line in enumerate(lines)]
