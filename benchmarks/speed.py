"""Speed on one core: reading, extraction and the whole audit, beside one scan of the same text for numbers."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import apart

T = TypeVar("T")
TIMEOUT = 900
# What a text may repeat without end: what opens lists, brackets and the words of figures, numbers, and nothing.
REPEATED = {
    "其中，": "其中，",
    "（": "（",
    "、": "、",
    "分别": "分别",
    "digits": "0123456789",
    "numbers": "12亿元，",
    "spaces": " ",
}
SHORT, LONG = 100_000, 1_000_000
NUMBERS = re.compile(r"[0-9０-９][0-9０-９.,．，]*")


def measured_apart(megabytes: float, corpus: Path) -> Iterator[tuple[str, str]]:
    """The rows, measured in a process of their own, so that its peak memory is that of this work alone."""
    try:
        measured = apart.run(__file__, str(megabytes), str(corpus), timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        yield "speed", f"not finished within {TIMEOUT} s"
        return
    yield from measured


def rows(megabytes: float, corpus: Path) -> Iterator[tuple[str, str]]:
    from checker.check import load_rules
    from checker.extract import extract
    from checker.pipeline import audit_documents
    from checker.read import parse, read
    from checker.read.decode import decode
    from checker.read.select import TEXTS
    from checker.vocabulary import rules_dir

    files = sorted(path for path in Path("seeds").iterdir() if path.suffix in TEXTS)
    known = {document.path: document for document in read([Path("seeds")])[0]}
    data = [path.read_bytes() for path in files]
    times = max(1, round(megabytes * 1e6 / sum(map(len, data))))
    texts = [document.text for document in known.values()]
    characters = sum(map(len, texts)) * times
    megabytes = sum(map(len, data)) * times / 1e6
    yield "text", f"seeds/ {times} times: {megabytes:.1f} MB, {characters:,} characters, {len(files) * times} documents"

    scan, _ = _timed(lambda: [sum(1 for _ in NUMBERS.finditer(text)) for _ in range(times) for text in texts])
    yield "one regular expression for numbers", _rate(characters, scan, scan)

    # Vocabulary and patterns are made when first used; that belongs to the start of a process, measured elsewhere.
    for document in known.values():
        extract(document)

    def layout() -> None:
        for _ in range(times):
            for path, content in zip(files, data, strict=True):
                parse(decode(content), str(path))

    yield "reading: decoding, layout, title, date, place", _rate(characters, _timed(layout)[0], scan)

    def extraction() -> None:
        for _ in range(times):
            for document in known.values():
                extract(document)

    yield "extraction", _rate(characters, _timed(extraction)[0], scan)
    yield from growth()

    rules = load_rules([rules_dir()])
    many = [replace(document, path=f"{i:06d}/{path}") for i in range(times) for path, document in known.items()]
    seconds, result = _timed(lambda: audit_documents(many, rules=rules))
    claims = len(result.claims)
    rate = f"{claims / seconds:,.0f} claims/s: {claims:,} claims in {seconds:.1f} s"
    yield "audit: extraction, alignment and rules", rate
    yield "peak memory of the above", peak_memory()

    if corpus.is_dir():
        others = read([corpus])[0]
        length = sum(len(document.text) for document in others)
        seconds, found = _timed(lambda: sum(len(extract(document)[0]) for document in others))
        scan, _ = _timed(lambda: [sum(1 for _ in NUMBERS.finditer(document.text)) for document in others])
        yield "extraction, labelled corpus, each text once", f"{_rate(length, seconds, scan)}; {found:,} claims"


def growth() -> Iterator[tuple[str, str]]:
    """How the time of reading and extraction grows with a text that repeats one thing: 1.0 is in proportion to it."""
    from checker.extract import extract
    from checker.read import parse

    def best(text: str) -> tuple[float, float]:
        reading = extraction = math.inf
        for _ in range(3):
            seconds, document = _timed(partial(parse, text, "repeated.txt"))
            reading = min(reading, seconds)
            extraction = min(extraction, _timed(partial(extract, document))[0])
        return reading, extraction

    for name, piece in REPEATED.items():
        short, long = (best(piece * (length // len(piece))) for length in (SHORT, LONG))
        read, extracted = (math.log(b / a) / math.log(LONG / SHORT) for a, b in zip(short, long, strict=True))
        rate = f"reading {read:.2f}, extraction {extracted:.2f} ({LONG / long[1]:,.0f} characters/s at {LONG:,})"
        yield f"exponent of growth, {name} repeated", rate


def peak_memory() -> str:
    return f"{peak_megabytes():,.0f} MB" if peak_megabytes() else "not measured on this system"


def peak_megabytes() -> float:
    """The most memory this process has held; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:  # not on Windows
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _rate(characters: int, seconds: float, scan: float) -> str:
    rate = f"{characters / seconds:,.0f} characters/s in {seconds:.3g} s"
    return rate if seconds == scan else f"{rate}, {seconds / scan:.1f} times the scan"


if __name__ == "__main__":
    for row in rows(float(sys.argv[1]), Path(sys.argv[2])):
        print(json.dumps(row), flush=True)
