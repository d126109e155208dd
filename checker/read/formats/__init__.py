"""One small module a format that is no text, chosen by what the bytes are first and by the name of the file second.

Each has SUFFIXES, the endings of its files; `recognises(data)`, whether bytes are surely of this format; and
`read(data)`, which makes Content of them or raises ValueError with the reason. Adding a format is adding a module here.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

# In the order in which bytes are tried.
NAMES: tuple[str, ...] = (
    "pdf",
    "docx",
    "xlsx",
    "xls",
    "ods",
    "csv",
    "html",
)  # fmt: skip

SPREADSHEETS = frozenset(["xlsx", "xls", "ods", "csv"])


def modules() -> list[ModuleType]:
    """The modules of all formats; each imports its library when it reads."""
    return [import_module(f"checker.read.formats.{name}") for name in NAMES]


def format_of(data: bytes, suffix: str) -> ModuleType | None:
    """The format of a file by its bytes, or else by its ending (lower case, with the dot); None where it is text."""
    for module in modules():
        if module.recognises(data):
            return module
    return next((module for module in modules() if suffix in module.SUFFIXES), None)
