"""What a text tells of a figure, and how it is known."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

STATED, CARRIED, DOCUMENT, ASSUMED = "stated", "carried", "document", "assumed"


class Told(Struct, frozen=True, gc=False):
    """A value, how it is known, and the words it was read from.

    `how` is "stated" where the sentence of the figure names it, "carried" where a sentence, paragraph, heading or table
    above does, "document" where it is the reporting period or date of the document, "assumed" where it is a guess.
    """

    value: Any
    how: str
    source: str = ""
