"""The same documents give the same bytes: whatever the order of the files, the hash seed, and in a second run."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
FORMATS = ("json", "html", "csv", "xlsx", "text", "sarif", "github", "gitlab", "rdjson", "junit", "markdown")
FILES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "seeds").glob("*.txt"))
ORDERS = {
    "folder": ["seeds"],
    "sorted": FILES,
    "reversed": FILES[::-1],
    "mixed": [*FILES[3:], FILES[0], "seeds", FILES[2]],
}

# Prints, as JSON, a digest for each order given on the command line and each format.
SCRIPT = """
import hashlib, json, sys
from checker import audit
from checker.pipeline import one_a_cause
from checker.report import FORMATS, write
digests = {}
for name, paths in json.loads(sys.argv[1]).items():
    for format in FORMATS:
        content = write(one_a_cause(audit(paths)), format, "zh")
        content = content.encode() if isinstance(content, str) else content
        digests[f"{name} {format}"] = hashlib.sha256(content).hexdigest()
print(json.dumps(digests))
"""


def _digests(orders: dict[str, list[str]], seed: str) -> dict[str, str]:
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, json.dumps(orders)],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="module")
def first() -> dict[str, str]:
    return _digests(ORDERS, "0")


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("order", ORDERS)
def test_order_of_the_files(first: dict[str, str], order: str, form: str) -> None:
    assert first[f"{order} {form}"] == first[f"folder {form}"]


@pytest.mark.parametrize("seed", ["0", "1", "4294967295"])
def test_second_run_and_hash_seed(first: dict[str, str], seed: str) -> None:
    again = _digests({"folder": ORDERS["folder"]}, seed)
    assert again == {key: digest for key, digest in first.items() if key in again}


@pytest.mark.parametrize("form", ["json", "xlsx"])
def test_the_command_writes_the_same(first: dict[str, str], process: Callable[..., Any], form: str) -> None:
    result = process("audit", *ORDERS["reversed"], "--format", form, "--lang", "zh", PYTHONHASHSEED="7")
    assert hashlib.sha256(result.stdout).hexdigest() == first[f"folder {form}"]


def test_claims_come_in_the_order_of_documents_and_text(process: Callable[..., Any]) -> None:
    one, other = (process("claims", *ORDERS[order], "--format", "jsonl").stdout for order in ("sorted", "reversed"))
    assert one == other
    places = [(claim["document"], claim["start"]) for claim in map(json.loads, one.decode().splitlines())]
    assert places == sorted(places)
