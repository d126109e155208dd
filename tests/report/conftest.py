"""`pytest tests/report --update-golden` (or UPDATE_GOLDEN=1) rewrites the golden files from what is written now."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.model import Audit

_HERE = Path(__file__).parent
sys.path.insert(0, str(_HERE))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files of the reports")


@pytest.fixture
def audit() -> Audit:
    import report_sample

    return report_sample.audit()


@pytest.fixture
def suppressed() -> Audit:
    """The same with its second finding suppressed, for a reason that is hostile."""
    import report_sample

    return report_sample.suppressed()


@pytest.fixture
def placed() -> Audit:
    """The same out of a PDF, a spreadsheet and a Markdown file with a table."""
    import report_sample

    return report_sample.placed()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a file in golden/, or writes the file when asked to."""

    def compare(name: str, text: str) -> None:
        path = _HERE / "golden" / name
        if request.config.getoption("--update-golden", False) or os.environ.get("UPDATE_GOLDEN"):
            path.write_bytes(text.encode())
        assert path.read_bytes().decode() == text

    return compare
