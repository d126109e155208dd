"""A collection: made-up reports of many places in one file; loading those of one place, and checking a new one.

A place publishes reports on its years. A report states level and growth of some of the metrics of its place, each to so
many digits, under a phrase that varies. What two reports of a place say of one year agrees, but for `OFF` of them. One
of the places has published far more than the others.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import apart
import start
from speed import peak_megabytes, peak_memory

REPORTS = 33
LARGE, REPORTS_OF_LARGE = 4000, 1000
SENTENCES = 25
FIRST_YEAR, YEARS = 2012, 11
METRICS_OF_A_PLACE = 80
OFF = 0.005
TIMEOUT = 3600

_SYLLABLES = "清河临江安平永宁兴隆新泰长东阳丰润庆云武山"
OF = ("", "规模以上", "限额以上", "重点", "民营", "外资", "县属", "镇街", "园区", "沿街", "山区", "传统")
WHAT = (
    "工业", "农业", "建筑业", "服务业", "旅游", "物流", "电子", "纺织", "食品", "医药", "化工", "建材", "能源", "机械",
    "冶金", "造纸", "家具", "水产", "畜牧", "林业", "软件", "文化", "体育", "养老", "商贸",
)  # fmt: skip
HEADS = ("增加值", "总产值", "销售收入", "利税", "投资", "利润", "出口额", "产值", "营业收入", "税收")
VERBS = ("完成", "实现", "达到", "达", "为")


class Report(NamedTuple):
    """A file as it would be published: the front matter says of which place and day it is."""

    name: str
    place: str
    text: str


def place(number: int) -> str:
    name = "".join(_SYLLABLES[number // len(_SYLLABLES) ** k % len(_SYLLABLES)] for k in range(3))
    return name + "县市区"[number % 3]


def report(of: int, number: int) -> Report:
    """The so-manieth report of a place; those after the ones it has in a collection are new to that."""
    draw = random.Random(f"{of}/{number}")
    year = FIRST_YEAR + number % YEARS
    day = f"{year + 1}-0{draw.randint(1, 3)}-{draw.randint(1, 28):02d}"
    sentences = [_sentence(of, metric, year, draw) for metric in draw.sample(range(METRICS_OF_A_PLACE), SENTENCES)]
    head = f"---\ndate: {day}\nplace: {place(of)}\n---\n{place(of)}{year}年工作报告\n\n"
    return Report(f"{of:04d}/{number:02d}.txt", place(of), f"{head}{year}年，" + "".join(sentences) + "\n")


def _sentence(of: int, metric: int, year: int, draw: random.Random) -> str:
    """One metric of the place in the year: name and amounts follow from these, wording and digits are drawn."""
    known = random.Random(f"{of} {metric}")
    name = known.choice(OF) + known.choice(WHAT) + known.choice(HEADS)
    level = known.lognormvariate(4, 1.2)
    for _ in range(FIRST_YEAR, year + 1):
        growth = round(known.gauss(6, 5), 1)
        level *= 1 + growth / 100
    if draw.random() < OFF:
        level *= draw.choice((1.1, 1.3, 10))
    said = draw.choice(("", "", "全部", "全年")) + name + draw.choice(VERBS)
    way = "增长" if growth >= 0 else "下降"
    return f"{said}{level:.{draw.choice((1, 2))}f}亿元，{way}{abs(growth)}%。"


def stored(which: tuple[int, int]) -> object:
    """A report as a collection holds it."""
    from checker.collection.store import stored
    from checker.extract import extract
    from checker.read import parse

    made = report(*which)
    document = parse(made.text, made.name)
    claims, rejected = extract(document)
    return stored(document, claims, len(rejected), "{}")


def fill(path: Path, documents: int) -> int:
    """Write so many reports into a collection; how many claims they state."""
    from checker.collection import store
    from checker.collection.pool import spread

    claims = 0
    with store.writing(path, new=True) as db:
        every = [divmod(number, REPORTS) for number in range(documents - REPORTS_OF_LARGE)]
        every += [(LARGE, number) for number in range(REPORTS_OF_LARGE)]
        for made in spread(stored, every, os.cpu_count() or 1, _died):
            store.put(db, made)
            claims += made.count
    return claims


def _died(which: tuple[int, int]) -> object:
    raise RuntimeError(f"the process that made report {which} was killed, twice")


def measured_apart(documents: int) -> Iterator[tuple[str, str]]:
    """The rows, each measured in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for what in ("write", "load", "check"):
            path = str(Path(folder) / "collection.db")
            yield from apart.run(__file__, what, path, str(documents), timeout=TIMEOUT)


def write(path: Path, documents: int) -> Iterator[tuple[str, str]]:
    started = time.perf_counter()
    claims = fill(path, documents)
    seconds = time.perf_counter() - started
    size = path.stat().st_size
    yield f"{documents:,} documents, {claims:,} claims", f"of {_places(documents) + 1:,} places"
    yield "reading and writing them", f"{seconds:.0f} s, {claims / seconds:,.0f} claims/s, {peak_memory()}"
    yield "size", f"{size / 1e6:,.0f} MB, {size / documents:,.0f} bytes a document, {size / claims:,.0f} a claim"


def load(path: Path, documents: int) -> Iterator[tuple[str, str]]:
    from checker.collection import load

    _forget(path)
    before = peak_megabytes()
    middle = place(_places(documents) // 2)
    times = []
    for _ in range(6):
        started = time.perf_counter()
        found, claims = load(path, [middle])
        times.append(time.perf_counter() - started)
    what = f"loading a place: {len(found)} documents, {len(claims):,} claims"
    more = f", {peak_megabytes() - before:,.0f} MB more memory"
    yield what, f"{times[0] * 1e3:.0f} ms off the disk, {min(times) * 1e3:.0f} ms again{more}"


def check(path: Path, documents: int) -> Iterator[tuple[str, str]]:
    """Whole processes, as CI starts them, with the bytecode of all modules at hand, as installing leaves it."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPYCACHEPREFIX": str(path.parent / "bytecode")}
    for of, held in ((_places(documents) // 2, REPORTS), (LARGE, REPORTS_OF_LARGE)):
        made = report(of, held)
        new = path.parent / made.name
        new.parent.mkdir(exist_ok=True)
        new.write_text(made.text, encoding="utf-8")
        command = [start.checker(), "check", str(new), "--against", str(path), "--exit-zero"]
        start.run(command, environment)
        _forget(path)
        first, *again = [start.run(command, environment) for _ in range(start.TIMES)]
        seconds = f"{first.seconds:.2f} s off the disk, {min(run.seconds for run in again):.2f} s again"
        memory = max(run.megabytes for run in (first, *again))
        yield f"`checker check` of a new document of a place with {held:,}", f"{seconds}, {memory:,.0f} MB"


def _places(documents: int) -> int:
    """How many places there are besides the large one."""
    return -(-(documents - REPORTS_OF_LARGE) // REPORTS)


def _forget(path: Path) -> None:
    """Have the system drop the file from memory, where it can be asked to."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


if __name__ == "__main__":
    rows = {"write": write, "load": load, "check": check}[sys.argv[1]]
    for row in rows(Path(sys.argv[2]), int(sys.argv[3])):
        print(json.dumps(row), flush=True)
