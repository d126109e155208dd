"""Where a finding stands, in a mark and words, and where a figure is shown: as all pages say it."""

from __future__ import annotations

from checker.decisions import word
from checker.model import Claim
from checker.report.words import say
from checker.review.material import Material
from checker.review.queue import Standing

STATE_MARKS = {
    "open": "○", "in-progress": "◐", "confirmed-error": "✗", "explained": "✓", "rounding": "✓",
    "extraction-error": "✓", "alignment-error": "✓", "to-verify": "?", "accepted": "✓",
}  # fmt: skip


def standing(found: Standing, lang: str) -> dict[str, str]:
    """Where a finding stands, in a mark and words."""
    if found.disputed:
        return {"key": "disputed", "mark": "≠", "words": say(lang, "review.state.disputed")}
    if found.reopened:
        return {"key": "reopened", "mark": "↺", "words": say(lang, "review.state.reopened")}
    words = word(found.state, lang)
    if found.unsigned and found.open:
        words = say(lang, "review.state.unsigned")
    return {"key": found.state, "mark": STATE_MARKS[found.state], "words": words}


# What needs most attention comes first; what is not named is done with.
_ATTENTION = ("disputed", "reopened", "open", "in-progress", "confirmed-error", "to-verify")


def attention(said: dict[str, str]) -> int:
    """How far down a finding that stands so is among those that need attention."""
    return _ATTENTION.index(said["key"]) if said["key"] in _ATTENTION else len(_ATTENTION)


def claim_link(material: Material, claim: Claim) -> str:
    """Where a figure is shown in its text."""
    return f"/document/{material.positions[claim.document]}/claim/{claim.order}"
