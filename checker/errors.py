"""What can go wrong, as one small tree.

CheckerError              anything below; str() is one line: path:line: reason
├── UnreadableDocument    a file that could not be read as text
├── BadData               a rule, vocabulary, manifest or baseline file that does not hold what it should
├── BadCollection         a collection file that is missing, damaged, in use or of a newer format
├── BadDecisions          the same of a store of decisions; an event that is none, or may not be made
└── BadSetting            an option or setting that cannot be used
"""

from __future__ import annotations

from collections.abc import Iterable


class CheckerError(Exception):
    """A problem to show a person: where it is and why, on one line."""

    def __init__(self, reason: str, path: str | None = None, line: int | None = None, column: int | None = None):
        super().__init__(reason)
        self.reason, self.path, self.line, self.column = reason, path, line, column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.reason}" if place else self.reason


class UnreadableDocument(CheckerError):
    """A document that could not be read: vanished, empty, binary, or in no known encoding."""


class BadData(CheckerError):
    """A YAML or baseline file that could not be loaded: the line and column say where."""


class BadCollection(CheckerError):
    """A collection file that is missing, damaged, in use, of a newer format, or on a disk that is full."""


class BadDecisions(CheckerError):
    """A store of decisions that cannot be used as it is, or an event that does not say what it must."""


class BadSetting(CheckerError):
    """An option or setting with a value that cannot be used."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word nearest to an unknown one, as the end of a reason; nothing where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word[:80], list(known), 1)
    return f" (did you mean {near[0]!r}?)" if near else ""
