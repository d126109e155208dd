"""Find the figures that reports state differently.

    from checker import audit

    result = audit(["seeds/"])
    for finding in result.findings:
        print(finding.level, finding.message["zh"])

audit(paths, manifest=None) -> Audit        read, extract, align and check documents
extract(document) -> (claims, rejected)     the figures of one document
parse(text, path) -> Document               a document from a text at hand
load_rules(folders) -> [Rule]               rules to hand to audit
model                                       the dataclasses of all results
CheckerError                                what goes wrong, with path and line
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from checker.errors import BadData, BadSetting, CheckerError, UnreadableDocument

if TYPE_CHECKING:
    from checker import model
    from checker.check import load_rules
    from checker.extract import extract
    from checker.pipeline import audit
    from checker.read import parse

__version__ = "0.1.0"
__all__ = [
    "BadData",
    "BadSetting",
    "CheckerError",
    "UnreadableDocument",
    "audit",
    "extract",
    "load_rules",
    "model",
    "parse",
]

# Imported when first used: pandas takes longer to load than `checker --help` may take to answer.
_HOMES = {
    "audit": "checker.pipeline",
    "extract": "checker.extract",
    "load_rules": "checker.check",
    "parse": "checker.read",
}


def __getattr__(name: str) -> Any:
    if name == "model":
        return import_module("checker.model")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'checker' has no attribute {name!r}")
