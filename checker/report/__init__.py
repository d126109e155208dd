"""From an audit to what people see. One file a format: a new one is a module with `render` and a line in FORMATS."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from checker.errors import BadSetting
from checker.model import Audit

# The module of a format is imported when it is first asked for: a terminal has no need of xlsxwriter.
FORMATS = {
    "text": "checker.report.text",
    "json": "checker.report.json",
    "html": "checker.report.html",
    "csv": "checker.report.csv",
    "xlsx": "checker.report.xlsx",
    "sarif": "checker.report.sarif",
    "github": "checker.report.github",
    "gitlab": "checker.report.gitlab",
    "rdjson": "checker.report.rdjson",
    "junit": "checker.report.junit",
    "markdown": "checker.report.markdown",
}

# What the ending of a file says of its format: the first of these, unless another of them is asked for.
ENDINGS = {
    ".txt": ("text",),
    ".json": ("json", "sarif", "gitlab", "rdjson"),
    ".html": ("html",),
    ".csv": ("csv",),
    ".xlsx": ("xlsx",),
    ".sarif": ("sarif",),
    ".xml": ("junit",),
    ".md": ("markdown",),
}


def write(audit: Audit, format: str, lang: str = "zh", **options: Any) -> str | bytes:
    """An audit in one of FORMATS, in Chinese (zh) or English (en); bytes where a format is no plain text.

    Options go to the writer: `text` takes width and color, the others none.
    """
    if format not in FORMATS:
        raise BadSetting(f"no format {format!r}; there are {', '.join(FORMATS)}")
    result: str | bytes = import_module(FORMATS[format]).render(audit, lang, **options)
    return result
