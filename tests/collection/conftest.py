"""A time limit for every test here: what is tested is, for the most part, that nothing waits for ever."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

SECONDS = 120


@pytest.fixture(autouse=True)
def limit() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"not done within {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a document of a place and year into the folder of this test: write("a.txt", "清河市", 2020, 412.6)."""

    def document(name: str, place: str = "清河市", year: int = 2020, amount: float = 412.6) -> Path:
        path = tmp_path / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        head = f"---\ndate: {year + 1}-01-20\nplace: {place}\n---\n"
        text = f"{year}年，{place}完成地区生产总值{amount}亿元，同比增长3.1%，引进企业35家。\n"
        path.write_text(head + text, encoding="utf-8")
        return path

    return document
