"""Rules as shipped, and rules written for one test."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker.check import Rule, load_rule, load_rules
from checker.vocabulary import rules_dir

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def shipped() -> dict[str, Rule]:
    return {rule.id: rule for rule in load_rules([rules_dir()])}


@pytest.fixture
def make_rule(tmp_path: Path) -> Callable[..., Rule]:
    """A rule over levels of one series, with whatever a test says otherwise."""

    def make(**given: Any) -> Rule:
        words = {"zh": "一句话", "en": "a sentence"}
        rule: dict[str, Any] = {
            "id": "made-up",
            "level": "error",
            "since": "0.1",
            "title": words,
            "message": words,
            "why": words,
            "claims": {"a": {"attribute": "level"}, "b": {"attribute": "level"}},
            "same": ["series", "period", "unit"],
            "documents": "different",
            "holds": "a == b",
            "tests": [{"name": "none", "documents": {"a.txt": "x"}, "finds": []}],
        }
        path = tmp_path / "made-up.yaml"
        path.write_text(json.dumps({k: v for k, v in (rule | given).items() if v is not None}), encoding="utf-8")
        return load_rule(path)

    return make
