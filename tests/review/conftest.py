from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from reviewdesk import Browser, House  # found by the line above


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A desk at which nobody has decided anything."""
    return House(tmp_path / "d.db")


@pytest.fixture
def zhang(house: House) -> Browser:
    """Somebody who sits there."""
    return house.browser("张三")
