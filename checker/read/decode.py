"""From bytes on disk to text."""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path

from checker.errors import UnreadableDocument

MAX_BYTES = 50_000_000
# More than a report holds: each number takes memory until all are compared.
MAX_NUMBERS = 1_000_000
# Characters no text holds: controls other than tab, line ends, form feed.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NUMBER = re.compile("[\\d一二三四五六七八九十两百千万亿]+")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; UnreadableDocument where it is missing, not a regular file or too large."""
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise UnreadableDocument("not a regular file", str(path))
        if info.st_size > MAX_BYTES:
            raise UnreadableDocument(f"larger than {MAX_BYTES // 1_000_000} MB", str(path))
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableDocument(error.strerror or str(error), str(path)) from error
    if len(data) > MAX_BYTES:
        raise UnreadableDocument(f"grew beyond {MAX_BYTES // 1_000_000} MB while it was read", str(path))
    return data


def decode(data: bytes) -> str:
    """The text these bytes hold; ValueError says why they hold none."""
    if not data.strip():
        raise ValueError("empty")
    text = _decode(data)
    if not text.strip().strip("\ufeff"):
        raise ValueError("empty")
    if len(_CONTROL.findall(text, 0, 100_000)) > len(text[:100_000]) // 200:
        raise ValueError("binary, not text")
    if len(text) > MAX_NUMBERS and sum(1 for _ in _NUMBER.finditer(text)) > MAX_NUMBERS:
        raise ValueError(f"holds more than {MAX_NUMBERS:,} numbers")
    return text


def decode_declared(data: bytes, declared: str) -> str:
    """The text of a page, whose declaration may be wrong: in what it decodes in, or in what fails least."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    texts = [data.decode(encoding, "replace") for encoding in ("utf-8", "gb18030")]
    return min(texts, key=lambda text: text.count("\ufffd"))


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise ValueError(f"damaged {encoding} at byte {error.start}") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as utf8_error:
        utf16 = _utf16_without_bom(data)
        if utf16 is not None:
            return utf16
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            raise ValueError(f"in no known encoding (UTF-8 fails at byte {utf8_error.start})") from utf8_error
    return text if "\0" not in text else _utf16_without_bom(data) or text


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 text betrays itself by its line ends: every other byte of them is zero."""
    for encoding, newline in (("utf-16-le", b"\n\x00"), ("utf-16-be", b"\x00\n")):
        if newline in data[:4096] and len(data) % 2 == 0:
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    return None
