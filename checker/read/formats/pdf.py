"""PDF, by PDFium: what stands on the pages, in reading order. Nothing in a file is run, and only its text is read."""

from __future__ import annotations

import re
import zlib
from contextlib import closing
from typing import Any

from checker.read.content import Content
from checker.read.formats.pdf_layout import sheet_of
from checker.read.formats.pdf_page import OBJECTS
from checker.read.formats.pdf_paragraphs import blocks_of
from checker.read.formats.pdf_sheets import Sheet

SUFFIXES = (".pdf",)

# Beyond these a file is refused.
PAGES = 5_000
ALL_CHARACTERS = 5_000_000

# Streams that unpack to so many times their length are packed to harm, if all of them make more than so many bytes.
RATIO = 200
UNPACKED = 16_000_000
_SMALL = 2_000

_HEADER = b"%PDF-"
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
# Titles that a program made up: names of files, and text that it did not know how to write.
_NO_TITLE = re.compile(r"^(?:microsoft|untitled)|\.\w{3,4}$|^<[0-9A-F]+>$|\ufffd|^[\W\d]*$|^\d*[A-Z]?$", re.IGNORECASE)


def recognises(data: bytes) -> bool:
    """Whether the header of a PDF stands where readers look for it."""
    return _HEADER in data[:1024]


def read(data: bytes) -> Content:
    """The passages and tables of a file."""
    document = _opened(data)
    try:
        sheets, skipped = _sheets(document)
        title = str(document.get_metadata_value("Title")).strip()
        return Content(tuple(blocks_of(sheets)), "" if _NO_TITLE.search(title) else title, skipped)
    finally:
        document.close()


def _refuse_bombs(data: bytes) -> None:
    """PDFium unpacks a page whole, however large it is, so this looks first. Pictures and fonts do not matter."""
    unpacked = 0
    for found in _STREAM.finditer(data):
        start = found.end()
        end = data.find(b"endstream", start)
        head = data[max(data.rfind(b" obj", 0, start), start - 1000, 0) : start]
        if end - start < _SMALL or b"Flate" not in head or b"/Image" in head or b"/Length1" in head:
            continue
        size, length = _unpacked(data[start:end], UNPACKED)
        if size > RATIO * length:
            unpacked += size
        if unpacked >= UNPACKED:
            raise ValueError("damaged, or made to harm: it unpacks to far more than it can hold; get the file again")


def _unpacked(packed: bytes, limit: int) -> tuple[int, int]:
    """How many bytes a stream unpacks to, as far as a limit, and how many it takes for them."""
    unpacker, rest, size = zlib.decompressobj(), packed, 0
    try:
        while rest and size < limit and not unpacker.eof:
            size += len(unpacker.decompress(rest, 1 << 20))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        pass
    return size, len(packed) - len(rest)


def _opened(data: bytes) -> Any:
    import pypdfium2
    from pypdfium2 import raw

    _refuse_bombs(data)
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise ValueError("encrypted: it opens with a password only; save it without one first") from None
        raise ValueError("damaged, or no PDF: it cannot be opened; get the file again") from None
    pages = len(document)
    if not 0 < pages <= PAGES:
        document.close()
        if pages > 0:
            raise ValueError(f"it says it has {pages} pages; no more than {PAGES} are read: split it first")
        raise ValueError("damaged: it has no pages; get the file again")
    return document


def _sheets(document: Any) -> tuple[list[Sheet], tuple[str, ...]]:
    """The pages as they are laid out, and what is said of those that cannot be read."""
    import pypdfium2
    from pypdfium2 import raw

    sheets: list[Sheet] = []
    damaged: list[int] = []
    pictures: list[int] = []
    characters = 0
    for number in range(len(document)):
        sheet, count = Sheet(0.0, 0.0), 0
        try:
            page = document[number]
            with closing(page):
                objects = raw.FPDFPage_CountObjects(page)
                if objects > OBJECTS:
                    raise ValueError(f"page {number + 1} has {objects} objects; no more than {OBJECTS} are read of one")
                with closing(page.get_textpage()) as text_page:
                    count = text_page.count_chars()
                    found = sheet_of(page, text_page)
                if found:
                    sheet = found
                elif objects:
                    pictures.append(number + 1)
        except pypdfium2.PdfiumError:
            damaged.append(number + 1)
        sheets.append(sheet)
        characters += count
        if characters > ALL_CHARACTERS:
            raise ValueError(f"it has more than {ALL_CHARACTERS} characters: split it first")
    if not any(sheet.columns for sheet in sheets):
        if len(damaged) == len(sheets):
            raise ValueError("damaged: no page can be read; get the file again")
        raise ValueError("no text layer: its pages are pictures; run OCR first")
    skipped = []
    if pictures:
        skipped.append(f"{_pages(pictures)}: no text layer; run OCR first")
    if damaged:
        skipped.append(f"{_pages(damaged)}: damaged")
    return sheets, tuple(skipped)


def _pages(numbers: list[int]) -> str:
    """Numbers of pages as people write them: pages 2, 4-6."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][-1] + 1:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return f"page{'s' * (len(numbers) > 1)} " + ", ".join("-".join(map(str, span)) for span in spans)
