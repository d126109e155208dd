"""The verdicts that a person may give. They stand in verdicts.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

OPEN = "open"
SIDES = ("A", "B", "both", "unknown")


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with its words, and what follows from it; verdicts.yaml says what each field means."""

    zh: str
    en: str
    settles: bool
    flag: str
    reason: bool
    side: bool


@cache
def verdicts() -> Mapping[str, Verdict]:
    """All verdicts by their id, in order."""
    with open(Path(__file__).with_name("verdicts.yaml"), encoding="utf-8") as file:
        return {id: Verdict(**entry) for id, entry in yaml.safe_load(file).items()}


def word(id: str, lang: str) -> str:
    """A verdict in words."""
    verdict = verdicts()[id]
    return verdict.zh if lang == "zh" else verdict.en
