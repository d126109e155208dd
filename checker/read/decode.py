"""From bytes on disk to text."""

from __future__ import annotations

import codecs
import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from checker.errors import UnreadableDocument

MAX_BYTES = 50_000_000
# More than a report holds: each number takes memory until all are compared.
MAX_NUMBERS = 1_000_000
# Characters no text holds: controls other than tab, line ends, form feed.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_NUMBER = re.compile("[\\d一二三四五六七八九十两百千万亿]+")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# How much of a text tells its encoding.
_SAMPLE = 100_000
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_SHIFT_JIS_KANA = re.compile(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]")
# The characters, marks and figures of which nearly all text in an encoding is made: its first level.
_GB_COMMON = re.compile(rb"[\xa1\xa3\xb0-\xd7][\xa1-\xfe]")
_BIG5_COMMON = re.compile(rb"[\xa1\xa2\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
_HZ = re.compile(r"~\{(?:[\x21-\x7d][\x21-\x7e]){2,}~\}")
_UTF7 = re.compile(r"\+[A-Za-z0-9+/]{6,}-?")
# Characters that texts are made of, in any of these scripts.
_LIKELY = re.compile(
    "[\t\n\r\f -~\xa0-\xff\u2000-\u206f\u2103-\u22ff\u2460-\u25ff\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff00-\uffef]"
)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file or of standard input; UnreadableDocument where it is missing, irregular or too large."""
    if str(path) == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UnreadableDocument(f"larger than {MAX_BYTES // 1_000_000} MB", str(path))
        return data
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
    """The text of a page, whose declaration may be wrong: in what it decodes in, or else in what fails least."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, "replace")
    failing = []
    for encoding in _guesses(data, declared):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            failing.append(data.decode(encoding, "replace"))
        except (LookupError, ValueError):  # no encoding of text
            continue
    return min(failing, key=lambda text: text.count("\ufffd"))


def _guesses(data: bytes, declared: str) -> Iterator[str]:
    """Encodings to try, one by one: to count pairs of bytes takes longer than to read most pages."""
    yield "utf-8"
    yield _double_byte(data)
    yield declared
    yield "gb18030"


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
            return data.decode(_double_byte(data))
        except UnicodeDecodeError:
            raise ValueError(f"in no known encoding (UTF-8 fails at byte {utf8_error.start})") from utf8_error
    if "\0" in text and data.count(0) * 4 > len(data):
        return _utf16_without_bom(data) or text
    return _seven_bits(text) if text.isascii() else text


def _double_byte(data: bytes) -> str:
    """Which encoding of two bytes a character this is: each has its own first bytes for what texts are full of."""
    pairs = _PAIR.findall(data[:_SAMPLE])
    count = max(1, len(pairs))
    if sum(1 for pair in pairs if _SHIFT_JIS_KANA.match(pair)) > 0.15 * count:
        return "cp932"
    if all(pair[1] >= 0xA1 for pair in pairs):
        if sum(1 for pair in pairs if pair[0] in (0xA4, 0xA5)) > 0.15 * count:
            return "euc_jp"
        # Hangul has a third of the rows that Chinese characters have: of so many none stands in another.
        if len(set(pairs)) >= 20 and all(pair[0] <= 0xC8 for pair in pairs):
            return "cp949"
    simplified = sum(1 for pair in pairs if _GB_COMMON.match(pair))
    traditional = sum(1 for pair in pairs if _BIG5_COMMON.match(pair))
    return "big5hkscs" if traditional > simplified + 0.1 * count else "gb18030"


def _seven_bits(text: str) -> str:
    """The text of ASCII that stands for other characters: HZ, ISO-2022, UTF-7."""
    if "\x1b$" in text[:_SAMPLE]:
        encodings = ["iso2022_jp", "iso2022_kr"]
    elif _HZ.search(text, 0, _SAMPLE):
        encodings = ["hz"]
    else:
        encodings = ["utf-7"] if _UTF7.search(text, 0, _SAMPLE) else []
    for encoding in encodings:
        try:
            meant = text.encode().decode(encoding)
        except UnicodeDecodeError:
            continue
        wide = [character for character in meant if not character.isascii()]
        if len(wide) >= 4 and len(_LIKELY.findall("".join(wide))) > 0.9 * len(wide):
            return meant
    if "\x1b$" in text[:_SAMPLE]:
        raise ValueError("in an encoding of ISO 2022 that is not known")
    return text


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 text betrays itself by its blanks, digits and line ends: every other byte of them is zero."""
    first, second = data[:_SAMPLE:2].count(0), data[1:_SAMPLE:2].count(0)
    if first == second or len(data) % 2:
        return None
    try:
        text = data.decode("utf-16-le" if second > first else "utf-16-be")
    except UnicodeDecodeError:
        return None
    return text if len(_LIKELY.findall(text, 0, _SAMPLE)) > 0.9 * len(text[:_SAMPLE]) else None
