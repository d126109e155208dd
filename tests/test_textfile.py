from __future__ import annotations

from pathlib import Path

import pytest

from checker.errors import BadData, BadSetting, CheckerError
from checker.textfile import MAX_BYTES, read_text

REFUSED: list[tuple[bytes, str, int | None, int | None]] = [
    (b"\xff", "not UTF-8", 1, 1),
    ("\ufeff数\n# 数".encode() + b"\xe4\xba", "not UTF-8", 2, 4),
    (b"#" * (MAX_BYTES + 1), "larger than 1,000,000 bytes", None, None),
]


@pytest.mark.parametrize(("data", "text"), [(b"", ""), (b"\xef\xbb\xbfa\r\n", "a\r\n"), ("数".encode(), "数")])
def test_text(tmp_path: Path, data: bytes, text: str) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    assert read_text(path, BadData) == read_text(str(path), BadSetting) == text


@pytest.mark.parametrize("kind", [BadData, BadSetting])
@pytest.mark.parametrize(("data", "reason", "line", "column"), REFUSED, ids=lambda part: str(part)[:12])
def test_what_is_no_small_text(
    tmp_path: Path, kind: type[CheckerError], data: bytes, reason: str, line: int | None, column: int | None
) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    with pytest.raises(kind) as caught:
        read_text(path, kind)
    error = caught.value
    assert (error.path, error.reason, error.line, error.column) == (str(path), reason, line, column)


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="cannot be read: No such file or directory"):
        read_text(tmp_path / "gone", BadSetting)
