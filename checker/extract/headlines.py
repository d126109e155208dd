"""The words by which headings and openings say what stands below them, compiled from rules/vocabulary/outline.yaml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Headlines:
    """The patterns of outline.yaml."""

    report_title: re.Pattern[str]
    part_title: re.Pattern[str]
    area: re.Pattern[str]
    area_opens: re.Pattern[str]
    place_part: re.Pattern[str]
    address: re.Pattern[str]
    as_a_whole: re.Pattern[str]
    in_front: re.Pattern[str]
    sentence_end: re.Pattern[str]
    begins: re.Pattern[str]
    turns_back: re.Pattern[str]
    goes_on: re.Pattern[str]
    caption: re.Pattern[str]
    statement: re.Pattern[str]


def compile_headlines(data: dict[str, Any]) -> Headlines:
    """The patterns of outline.yaml, compiled."""
    return Headlines(**{name: re.compile(entry["pattern"]) for name, entry in data.items()})
