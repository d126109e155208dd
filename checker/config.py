"""The settings of a project: the nearest checker.toml, or pyproject.toml with a table [tool.checker], looking upward.

One file counts and no other is merged into it; in one folder checker.toml comes first. What the file says is checked
when it is loaded, except that rules exist: whoever loads the rules knows that.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.errors import BadSetting, did_you_mean
from checker.textfile import read_text

OFF = "off"
LEVELS = ("error", "warning", "note", OFF)
# tomllib takes time with the square of the parts of a dotted key: a minute for a key of 100 kB.
MAX_DOTS = 300

_AT = re.compile(r" \(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True)
class Config:
    """What a project sets; empty or None is what it leaves open. Paths are joined to the folder of the file.

    select and ignore are ids or beginnings of ids; levels go by id, where off is no level: the rule does not run;
    thresholds go by id and name; confidence goes by level: from which on a finding is of it. paths are the documents
    that `check` checks, collection is a file or a folder of documents that they are checked against, vocabulary are
    files and folders of words that the project adds.
    """

    path: Path | None = None
    rules: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    levels: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    confidence: Mapping[str, float] = field(default_factory=dict)
    decisions: Path | None = None
    fail_on: str | None = None
    lang: str | None = None
    manifest: Path | None = None
    paths: tuple[Path, ...] = ()
    collection: Path | None = None
    baseline: Path | None = None
    vocabulary: tuple[Path, ...] = ()


def load(start: Path) -> Config:
    """The settings nearest to a folder, in it or above it; an empty Config where there are none.

    Raises BadSetting with the path, and with the line of a file that is no TOML.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        for name, tables in (("checker.toml", ()), ("pyproject.toml", ("tool", "checker"))):
            path = folder / name
            # isfile is False as well for what may not be looked at: a folder above that is closed to us has no say.
            settings = _settings(path, tables) if os.path.isfile(path) else None
            if settings is not None:
                return _config(settings, path)
    return Config()


def _settings(path: Path, tables: tuple[str, ...]) -> Any:
    """The table of this name in a file, or None where it has none."""
    found: Any = _toml(path)
    for table in tables:
        found = found.get(table) if isinstance(found, dict) else None
    return found


def _toml(path: Path) -> dict[str, Any]:
    text = read_text(path, BadSetting)
    for number, line in enumerate(text.split("\n"), 1):
        if any(part.count(".") > MAX_DOTS for part in line.split("=")):
            raise BadSetting(f"a key of more than {MAX_DOTS} parts", str(path), number)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadSetting("not TOML: nested too deep", str(path)) from None
    except ValueError as error:  # a TOMLDecodeError, or int() on thousands of digits
        reason = str(error)[:200]
        at = _AT.search(reason)
        place = (int(at[1]), int(at[2])) if at else (None, None)
        raise BadSetting(f"not TOML: {_AT.sub('', reason)}", str(path), *place) from None


def _config(settings: Any, path: Path) -> Config:
    """The settings of a file, each of its type."""
    if not isinstance(settings, dict):
        raise BadSetting("tool.checker is not a table", str(path))
    given: dict[str, Any] = {}
    for key, value in settings.items():
        if key not in KEYS:
            raise BadSetting(f"unknown key {key[:80]!r}{did_you_mean(key, KEYS)}", str(path))
        try:
            given[key.replace("-", "_")] = KEYS[key](value, path.parent)
        except ValueError as error:
            raise BadSetting(f"{key}: {error}", str(path)) from None
    return Config(path=path, **given)


def _words(value: Any, folder: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise ValueError("not a list of strings")
    return tuple(value)


def _folders(value: Any, folder: Path) -> tuple[Path, ...]:
    paths = tuple(folder / word for word in _words(value, folder))
    for path in paths:
        if not os.path.isdir(path):
            raise ValueError(f"no such folder: {path}")
    return paths


def _file(value: Any, folder: Path) -> Path:
    if not isinstance(value, str):
        raise ValueError("not a string")
    path = folder / value
    if not os.path.isfile(path):
        raise ValueError(f"no such file: {path}")
    return path


def _path(value: Any, folder: Path) -> Path:
    if not isinstance(value, str) or not value:
        raise ValueError("not a string")
    return folder / value


def _paths(value: Any, folder: Path) -> tuple[Path, ...]:
    return tuple(folder / word for word in _words(value, folder))


def _existing(value: Any, folder: Path) -> tuple[Path, ...]:
    paths = _paths(value, folder)
    for path in paths:
        if not os.path.exists(path):
            raise ValueError(f"no such file or folder: {path}")
    return paths


def _one_of(*choices: str) -> Callable[[Any, Path], str]:
    def one(value: Any, folder: Path) -> str:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(f"not one of {', '.join(choices)}")
        return value

    return one


def _levels(value: Any, folder: Path) -> dict[str, str]:
    if not isinstance(value, dict):
        raise ValueError("not a table of rule ids")
    for id, level in value.items():
        if not isinstance(level, str) or level not in LEVELS:
            raise ValueError(f"{id[:80]} is not one of {', '.join(LEVELS)}")
    return dict(value)


def _thresholds(value: Any, folder: Path) -> dict[str, dict[str, float]]:
    if not isinstance(value, dict) or not all(isinstance(numbers, dict) for numbers in value.values()):
        raise ValueError("not a table of rule ids, with a table of numbers for each")
    for id, numbers in value.items():
        for name, number in numbers.items():
            # As large as in a rule file; a NaN is not, either.
            if isinstance(number, bool) or not isinstance(number, (int, float)) or not abs(number) <= 1e18:
                raise ValueError(f"{id[:80]}.{name[:80]} is not a number from -1e18 to 1e18")
    return {id: {name: float(number) for name, number in numbers.items()} for id, numbers in value.items()}


def _confidence(value: Any, folder: Path) -> dict[str, float]:
    known = LEVELS[:-1]
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise ValueError(f"not a table of {', '.join(known)}")
    for level, least in value.items():
        if isinstance(least, bool) or not isinstance(least, (int, float)) or not 0 <= least <= 1:
            raise ValueError(f"{level} is not a number from 0 to 1")
    return {level: float(least) for level, least in value.items()}


# Every key with what makes its value, which raises ValueError where it cannot.
KEYS: dict[str, Callable[[Any, Path], Any]] = {
    "rules": _folders,
    "exclude": _words,
    "select": _words,
    "ignore": _words,
    "levels": _levels,
    "thresholds": _thresholds,
    "confidence": _confidence,
    # The first decision makes it.
    "decisions": _path,
    "fail-on": _one_of("none", "error", "warning", "note"),
    "lang": _one_of("zh", "en"),
    "manifest": _file,
    "paths": _paths,
    "collection": _path,
    # `baseline write` makes it.
    "baseline": _path,
    "vocabulary": _existing,
}
