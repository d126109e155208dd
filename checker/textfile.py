"""The text of a small file: rules, vocabulary, manifests and settings."""

from __future__ import annotations

import codecs
from pathlib import Path

from checker.errors import CheckerError

MAX_BYTES = 1_000_000


def read_text(path: Path | str, error: type[CheckerError], most: int = MAX_BYTES) -> str:
    """The UTF-8 text of a file of so many bytes at most, with or without a byte order mark.

    Raises this kind of error, with line and column where the file is no text.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(most + 1)
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}", str(path)) from None
    if len(data) > most:
        raise error(f"larger than {most:,} bytes", str(path))
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        before = data[: problem.start].decode()
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise error("not UTF-8", str(path), *place) from None
