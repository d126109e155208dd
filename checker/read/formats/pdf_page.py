"""What PDFium says of one page: its characters with where they stand, and the straight lines drawn on it.

Lengths are points; y grows downwards. Only here does anything call PDFium by the character or by the object, with as
few calls as there can be: a call costs as much as all that is done with its answer.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, pi
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.float64]
    Flags = npt.NDArray[np.bool_]

# A page beyond these is no page of a report, but a map, or made to harm.
CHARACTERS = 200_000
OBJECTS = 200_000
DEPTH = 3
SEGMENTS = 2_000
# A stroke or a filled box no thicker than this is a line, and one no longer than that is a dot.
THICK = 3.0
SHORT = 3.0

_BOLD_NAME = re.compile(rb"bold|black", re.IGNORECASE)
_HEAD_NAME = re.compile(rb"hei|xbs|fzht|dbs|sans|gothic", re.IGNORECASE)
_BOLD_WEIGHT = 600
_FILLED_AND_STROKED = 2
# What PDFium puts for a hyphen at the end of a line.
_HYPHEN = 2
_SAMPLE = 16
# Heights that differ by less are the same but for rounding.
SAME = 0.02


# Left, bottom, right and top.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line: where it stands across its direction, and from where to where it goes along it."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Letters:
    """The characters of a page that print something; each field has an element for each of them."""

    text: str
    index: npt.NDArray[np.int64]  # its number in PDFium
    left: Numbers
    right: Numbers
    baseline: Numbers
    height: Numbers  # of its box, from descent to ascent
    spaced: Flags  # whether a space stands in front of it


@dataclass(frozen=True, slots=True)
class Look:
    """The size of a font, and its weight: 1 for a type without serifs, as headings have, 2 for a bold one."""

    size: float
    weight: int


def turn_of(text_page: Any) -> int:
    """How many quarter turns to the left most of the text of a page is turned by."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    matrix = raw.FS_MATRIX()
    turns: Counter[int] = Counter()
    for i in range(0, count, count // _SAMPLE + 1):
        if not raw.FPDFText_IsGenerated(text_page, i) and raw.FPDFText_GetMatrix(text_page, i, matrix):
            turns[round(atan2(matrix.b, matrix.a) / (pi / 2)) % 4] += 1
    return turns.most_common(1)[0][0] if turns else 0


def upright(box: Box, turn: int) -> Box:
    """A box after the page is turned to the right by so many quarters; y upwards still."""
    left, bottom, right, top = box
    for _ in range(turn):
        left, bottom, right, top = bottom, -right, top, -left
    return left, bottom, right, top


def letters_of(text_page: Any, bounds: Box, turn: int) -> Letters | None:
    """The characters inside the bounds of a page, once it is turned; None where there are none."""
    import numpy as np

    count = text_page.count_chars()
    if count > CHARACTERS:
        raise ValueError(f"a page of {count} characters; no more than {CHARACTERS} are read of one page")
    codes = _codes(text_page, count)
    left, bottom, right, top, y, inside = _places(text_page, count, bounds, turn)
    codes[codes == _HYPHEN] = ord("-")
    blank = (codes == 32) | (codes == 0xA0) | (codes == 0x3000) | ((codes >= 0x2000) & (codes <= 0x200B))
    control = (codes < 32) | ((codes >= 0x7F) & (codes < 0xA0)) | ((codes >= 0xD800) & (codes < 0xE000))
    nothing = blank | control | ((codes >= 0xFFFE) & (codes <= 0xFFFF)) | (codes == 0xFEFF) | (codes > 0x10FFFF)
    kept = np.flatnonzero(~nothing & inside & (top > bottom))
    if not len(kept):
        return None
    spaced = np.zeros(count + 1, bool)
    spaced[1:] = blank
    return Letters(
        codes[kept].astype("<u4").tobytes().decode("utf-32-le"),
        kept,
        left[kept],
        right[kept],
        upright(bounds, turn)[3] - y[kept],
        (top - bottom)[kept],
        spaced[:-1][kept],
    )


def _codes(text_page: Any, count: int) -> npt.NDArray[np.uint32]:
    """The code points of all characters. PDFium counts one of two units of UTF-16 twice; the second is 0 here."""
    import numpy as np
    from pypdfium2 import raw

    buffer = (ctypes.c_ushort * (2 * count + 1))()
    units = raw.FPDFText_GetText(text_page, 0, count, buffer) - 1
    codes: npt.NDArray[np.uint32]
    if units == count:
        codes = np.frombuffer(bytes(buffer), np.uint16, count).astype(np.uint32)
    else:
        # Characters that stand for nothing are left out of the text as a whole.
        codes = np.fromiter((raw.FPDFText_GetUnicode(text_page, i) for i in range(count)), np.uint32, count)
    high = np.flatnonzero((codes[:-1] & 0xFC00 == 0xD800) & (codes[1:] & 0xFC00 == 0xDC00))
    codes[high] = 0x10000 + ((codes[high] & 0x3FF) << 10) + (codes[high + 1] & 0x3FF)
    codes[high + 1] = 0
    return codes


def _places(text_page: Any, count: int, bounds: Box, turn: int) -> tuple[Any, ...]:
    """Left, bottom, right and top of all characters, the y of their baselines, and whether they are on the page."""
    import numpy as np
    from pypdfium2 import raw

    boxes = np.zeros((count, 4), np.float32)
    box, at, box_of = raw.FS_RECTF, boxes.ctypes.data, raw.FPDFText_GetLooseCharBox
    for i in range(count):
        box_of(text_page, i, box.from_address(at + 16 * i))
    left, top, right, bottom = boxes.astype(np.float64).T
    inside = (right >= bounds[0]) & (left <= bounds[2]) & (top >= bounds[1]) & (bottom <= bounds[3])
    inside &= np.isfinite(boxes).all(axis=1)
    for _ in range(turn):
        left, bottom, right, top = bottom, -right, top, -left
    # Of characters in a row whose boxes are of one height, all have the baseline of the first.
    new = np.ones(count, bool)
    new[1:] = (np.abs(np.diff(bottom)) > SAME) | (np.abs(np.diff(top)) > SAME)
    x, y = ctypes.c_double(), ctypes.c_double()
    baselines = []
    for i in np.flatnonzero(new).tolist():
        raw.FPDFText_GetCharOrigin(text_page, i, x, y)
        baselines.append((y.value, -x.value, -y.value, x.value)[turn])
    return left, bottom, right, top, np.array(baselines)[np.cumsum(new) - 1], inside


def look_of(text_page: Any, index: int) -> Look:
    """The font of a character."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, index, matrix)
    size = raw.FPDFText_GetFontSize(text_page, index) * float((matrix.c**2 + matrix.d**2) ** 0.5)
    if raw.FPDFText_GetFontWeight(text_page, index) >= _BOLD_WEIGHT:
        return Look(size, 2)
    text_object = raw.FPDFText_GetTextObject(text_page, index)
    if text_object and raw.FPDFTextObj_GetTextRenderMode(text_object) == _FILLED_AND_STROKED:
        return Look(size, 2)
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, 128, flags)
    return Look(size, 2 if _BOLD_NAME.search(name.value) else int(bool(_HEAD_NAME.search(name.value))))


def rules_of(page: Any, bounds: Box, turn: int) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical lines drawn on a page, once it is turned."""
    from pypdfium2 import raw

    across: list[Rule] = []
    down: list[Rule] = []
    edge = upright(bounds, turn)[3]
    sides = [ctypes.c_float() for _ in range(4)]
    for path, (x, y) in _paths(page):
        if not raw.FPDFPageObj_GetBounds(path, *sides):
            continue
        left, bottom, right, top = (side.value for side in sides)
        thin = min(right - left, top - bottom) <= THICK
        for piece in [(left, bottom, right, top)] if thin else _edges(path):
            moved = (piece[0] + x, piece[1] + y, piece[2] + x, piece[3] + y)
            _sort(upright(moved, turn), edge, across, down)
    return across, down


def _sort(piece: Box, edge: float, across: list[Rule], down: list[Rule]) -> None:
    left, bottom, right, top = piece
    width, height = right - left, top - bottom
    if height <= THICK and width > max(SHORT, height):
        across.append(Rule(edge - (bottom + top) / 2, left, right))
    elif width <= THICK and height > max(SHORT, width):
        down.append(Rule((left + right) / 2, edge - top, edge - bottom))


def _paths(page: Any) -> list[tuple[Any, tuple[float, float]]]:
    """The paths that are drawn, those inside of form objects too, each with how far its form is moved."""
    from pypdfium2 import raw

    found: list[tuple[Any, tuple[float, float]]] = []
    seen = 0

    def look(count: int, get: Any, holder: Any, shift: tuple[float, float], depth: int) -> None:
        nonlocal seen
        kind_of, path_kind, form_kind = raw.FPDFPageObj_GetType, raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM
        seen += count
        if seen > OBJECTS:
            return
        for i in range(count):
            thing = get(holder, i)
            kind = kind_of(thing)
            if kind == path_kind:
                found.append((thing, shift))
            elif kind == form_kind and depth < DEPTH:
                matrix = raw.FS_MATRIX()
                raw.FPDFPageObj_GetMatrix(thing, matrix)
                moved = (shift[0] + matrix.e, shift[1] + matrix.f)
                look(raw.FPDFFormObj_CountObjects(thing), raw.FPDFFormObj_GetObject, thing, moved, depth + 1)

    look(raw.FPDFPage_CountObjects(page), raw.FPDFPage_GetObject, page, (0.0, 0.0), 0)
    return found


def _edges(path: Any) -> list[Box]:
    """The thin boxes and, where the path is stroked, the straight edges that it is made of."""
    from pypdfium2 import raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    count = raw.FPDFPath_CountSegments(path)
    # A single filled box is shading.
    if count > SEGMENTS or (not stroke.value and count <= 5):
        return []
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    parts: list[list[tuple[float, float]]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, i)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return []
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if kind == raw.FPDF_SEGMENT_MOVETO or not parts:
            parts.append([])
        parts[-1].append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    pieces: list[Box] = []
    for part in parts:
        whole = _around(part)
        if min(whole[2] - whole[0], whole[3] - whole[1]) <= THICK:
            pieces.append(whole)
        elif stroke.value:
            pieces.extend(_around([a, b]) for a, b in pairwise(part))
    return pieces


def _around(points: list[tuple[float, float]]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
