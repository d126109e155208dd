"""Strict YAML: rule, vocabulary and manifest files, each read against a JSON Schema.

Only what JSON can say is let in: text, numbers, true, false, null, lists, and mappings with text for keys. Dates stay
text. Aliases, tags, duplicate and unknown keys are errors, and every error says path, line, column and shows the line.

Files are read at each start of the program, so the usual case is made quick: one pass over the events of the C parser,
and a check of the common schema keywords without jsonschema. Where something is wrong, jsonschema says what, and the
text is composed once more to find where.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml import events as ev

from checker.errors import BadData, did_you_mean
from checker.textfile import MAX_BYTES, read_text

MAX_DEPTH = 60

DataPath = Sequence[str | int]
Schema = Mapping[str, Any] | Path | str

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str"}
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Position(NamedTuple):
    """Where something stands in a file: line and column count from 1, text is the whole line."""

    line: int
    column: int
    text: str


def load(path: Path | str, schema: Schema | None = None) -> Any:
    """The data of a YAML file that fits a JSON Schema (a mapping, or the path of a JSON file).

    Raises BadData with line and column.
    """
    return load_text(read_text(path, BadData), str(path), schema)


def load_text(text: str, path: str, schema: Schema | None = None, first_line: int = 1) -> Any:
    """The same for YAML inside another file: `first_line` is the line of `path` on which the text begins."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise BadData(f"larger than {MAX_BYTES:,} bytes", path)
    try:
        data = _build(text, path, first_line)
    except yaml.YAMLError as error:
        raise _syntax_error(error, text, path, first_line) from None
    if schema is not None:
        known = _schema(str(schema)) if isinstance(schema, (str, Path)) else schema
        if not fits(data, known, known):
            _explain(data, known, text, path, first_line)
    return data


def locate(path: Path | str, data_path: DataPath = (), word: str = "", nth: int = 0, key: bool = False) -> Position:
    """Where the node at `data_path` of a file stands; or its key; or the `nth` time that `word` is printed in it.

    The nearest node above stands in for one that is not there.
    """
    return locate_text(read_text(path, BadData), data_path, word, nth, key)


def locate_text(text: str, data_path: DataPath = (), word: str = "", nth: int = 0, key: bool = False) -> Position:
    """The same in a text that is already read."""
    return _place(yaml.compose(text, Loader=_Loader), _BREAK.split(text), data_path, word, nth, key)


def bad(path: Path | str, data_path: DataPath, reason: str, word: str = "", nth: int = 0, key: bool = False) -> BadData:
    """The error to raise for data that loaded but makes no sense, placed where it stands."""
    return _bad_data(reason, str(path), locate(path, data_path, word, nth, key), 1)


# ---- reading


def _build(text: str, path: str, first_line: int) -> Any:
    """The data, in one pass over the parser's events: no recursion, so depth is ours to limit."""

    def refuse(reason: str, event: Any) -> BadData:
        mark = event.start_mark
        return _bad_data(reason, path, _position(_BREAK.split(text), mark.line, mark.column), first_line)

    root: list[Any] = []
    target: Any = root
    key: Any = None
    outer: list[tuple[Any, Any]] = []
    event: Any
    for event in yaml.parse(text, Loader=_Loader):
        kind = event.__class__
        if kind is ev.ScalarEvent:
            if target.__class__ is dict and key is None:
                key = _key(event, target, refuse)
                continue
            value = _scalar(event, refuse)
        elif kind is ev.MappingStartEvent or kind is ev.SequenceStartEvent:
            if event.tag is not None:
                raise refuse(f"a tag ({event.tag}) is not allowed here", event)
            if target.__class__ is dict and key is None:
                raise refuse("a key must be text", event)
            value = {} if kind is ev.MappingStartEvent else []
        elif kind is ev.MappingEndEvent or kind is ev.SequenceEndEvent:
            target, key = outer.pop()
            continue
        elif kind is ev.AliasEvent:
            raise refuse(f"an alias (*{event.anchor}) is not allowed: write it out", event)
        else:
            if kind is ev.DocumentStartEvent and root:
                raise refuse("a second document begins here: one file holds one", event)
            continue
        if target.__class__ is dict:
            target[key] = value
            key = None
        else:
            target.append(value)
        if kind is not ev.ScalarEvent:
            outer.append((target, key))
            if len(outer) > MAX_DEPTH:
                raise refuse(f"nested more than {MAX_DEPTH} deep", event)
            target, key = value, None
    return root[0] if root else None


def _key(event: Any, mapping: dict[str, Any], refuse: Callable[[str, Any], BadData]) -> str:
    key = _scalar(event, refuse)
    if not isinstance(key, str):
        raise refuse(f"a key must be text: put {event.value!r} in quotes", event)
    if key in mapping:
        raise refuse(f"key {key!r} stands here a second time", event)
    return key


def _scalar(event: Any, refuse: Callable[[str, Any], BadData]) -> Any:
    if event.tag not in _PLAIN_TAGS:
        raise refuse(f"a tag ({event.tag}) is not allowed here", event)
    text: str = event.value
    if not event.implicit[0] or event.tag is not None:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] in "-+0123456789":
        if _INTEGER.match(text) and len(text) < 400:
            return int(text)
        if _FLOAT.match(text) and len(text) < 400:
            number = float(text)
            if not math.isfinite(number):
                raise refuse("a number too large", event)
            return number
    return text


# ---- the schema


@lru_cache(maxsize=64)
def _schema(path: str) -> Mapping[str, Any]:
    try:
        schema: Mapping[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadData(f"this JSON Schema cannot be read: {error}", path) from None
    return schema


_TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda x: x.__class__ is dict,
    "array": lambda x: x.__class__ is list,
    "string": lambda x: x.__class__ is str,
    "boolean": lambda x: x.__class__ is bool,
    "null": lambda x: x is None,
    "number": lambda x: x.__class__ is int or x.__class__ is float,
    "integer": lambda x: x.__class__ is int or (x.__class__ is float and x.is_integer()),
}
_NOTES = {"$schema", "$id", "$defs", "$comment", "title", "description", "default", "examples", "additionalProperties"}


def fits(data: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    """Whether data surely satisfies a schema: False as well when a keyword is met that only jsonschema knows.

    It decides the usual case, a file without fault, twenty times faster than jsonschema, whose import alone takes
    longer than reading all rules. jsonschema decides the rest, and words every error.
    """
    if schema is True:
        return True
    if schema is False:
        return False
    for keyword, value in schema.items():
        check = _KEYWORDS.get(keyword)
        if check is not None:
            if not check(data, value, schema, root):
                return False
        elif keyword not in _NOTES:
            return False
    return "additionalProperties" not in schema or _others_fit(data, schema, root)


def _others_fit(data: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    if data.__class__ is not dict:
        return True
    named, patterns, rule = (
        schema.get("properties", {}),
        schema.get("patternProperties", {}),
        schema["additionalProperties"],
    )
    others = [k for k in data if k not in named and not any(re.search(p, k) for p in patterns)]
    return rule is not False and all(fits(data[k], rule, root) for k in others) if others else True


def _refer(data: Any, value: str, schema: Any, root: Mapping[str, Any]) -> bool:
    if not value.startswith("#/"):
        return False
    target: Any = root
    for part in value[2:].split("/"):
        target = target[part]
    return fits(data, target, root)


def _has_type(data: Any, value: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    return any(_TYPES[name](data) for name in ([value] if isinstance(value, str) else value))


def _among(data: Any, value: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    return any(data == one and isinstance(data, bool) == isinstance(one, bool) for one in value)


def _distinct(data: Any, value: Any, schema: Any, root: Mapping[str, Any]) -> bool:
    # Compared as text, so 1 and 1.0 pass here though JSON Schema calls them equal: only text is held to be certain.
    if not value or data.__class__ is not list:
        return True
    return all(x.__class__ is str for x in data) and len(set(data)) == len(data)


_KEYWORDS: dict[str, Callable[[Any, Any, Any, Mapping[str, Any]], bool]] = {
    "type": _has_type,
    "$ref": _refer,
    "enum": _among,
    "const": lambda d, v, s, r: _among(d, [v], s, r),
    "uniqueItems": _distinct,
    "properties": lambda d, v, s, r: d.__class__ is not dict or all(fits(d[k], v[k], r) for k in d if k in v),
    "patternProperties": lambda d, v, s, r: (
        d.__class__ is not dict or all(fits(d[k], one, r) for p, one in v.items() for k in d if re.search(p, k))
    ),
    "propertyNames": lambda d, v, s, r: d.__class__ is not dict or all(fits(k, v, r) for k in d),
    "required": lambda d, v, s, r: d.__class__ is not dict or all(k in d for k in v),
    "items": lambda d, v, s, r: d.__class__ is not list or all(fits(x, v, r) for x in d),
    "minItems": lambda d, v, s, r: d.__class__ is not list or len(d) >= v,
    "maxItems": lambda d, v, s, r: d.__class__ is not list or len(d) <= v,
    "minProperties": lambda d, v, s, r: d.__class__ is not dict or len(d) >= v,
    "maxProperties": lambda d, v, s, r: d.__class__ is not dict or len(d) <= v,
    "minLength": lambda d, v, s, r: d.__class__ is not str or len(d) >= v,
    "maxLength": lambda d, v, s, r: d.__class__ is not str or len(d) <= v,
    "pattern": lambda d, v, s, r: d.__class__ is not str or re.search(v, d) is not None,
    "minimum": lambda d, v, s, r: not _TYPES["number"](d) or d >= v,
    "maximum": lambda d, v, s, r: not _TYPES["number"](d) or d <= v,
    "exclusiveMinimum": lambda d, v, s, r: not _TYPES["number"](d) or d > v,
    "exclusiveMaximum": lambda d, v, s, r: not _TYPES["number"](d) or d < v,
    "allOf": lambda d, v, s, r: all(fits(d, one, r) for one in v),
    "anyOf": lambda d, v, s, r: any(fits(d, one, r) for one in v),
}


def _explain(data: Any, schema: Mapping[str, Any], text: str, path: str, first_line: int) -> None:
    """Raise the first fault in the order of the file, if jsonschema sees one."""
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    faults = []
    root, lines = yaml.compose(text, Loader=_Loader), _BREAK.split(text)
    for error in islice(Draft202012Validator(schema).iter_errors(data), 50):
        deepest = best_match([error]) or error
        reason, data_path, key = _wording(deepest)
        # A key that is missing is most often one that is misspelt: that one is named first.
        faults.append((deepest.validator == "required", _place(root, lines, data_path, key=key), reason))
    if faults:
        _, position, reason = min(faults)
        raise _bad_data(reason, path, position, first_line)


def _wording(error: Any) -> tuple[str, list[str | int], bool]:
    """A schema violation in words, the path of the node at fault, and whether its key is meant."""
    where = list(error.absolute_path)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        named = error.schema.get("properties", {})
        patterns = error.schema.get("patternProperties", {})
        unknown = [k for k in error.instance if k not in named and not any(re.search(p, k) for p in patterns)]
        if unknown and error.validator_value is False:
            return f"unknown key {unknown[0]!r}{_meant(unknown[0], named)}", [*where, unknown[0]], True
    if error.validator == "required":
        missing = [k for k in error.validator_value if k not in error.instance]
        return f"key {missing[0]!r} is missing", where, False
    if error.validator == "enum":
        choices = ", ".join(str(x) for x in error.validator_value)
        return (
            f"{_short(error.instance)} is none of {choices}{_meant(error.instance, error.validator_value)}",
            where,
            False,
        )
    if error.validator == "type":
        names = error.validator_value
        wanted = names if isinstance(names, str) else " or ".join(names)
        return f"{_short(error.instance)} is not {_article(wanted)}", where, False
    return _short(error.message, 160), where, False


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aio' else 'a'} {kind}"


def _meant(word: Any, known: Any) -> str:
    return did_you_mean(str(word), map(str, known))


def _short(value: Any, limit: int = 60) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[: limit - 1] + "…"


# ---- places


def _place(
    root: Any, lines: list[str], data_path: DataPath, word: str = "", nth: int = 0, key: bool = False
) -> Position:
    node, at_key = _find(root, data_path)
    chosen = at_key if key and at_key is not None else node
    if chosen is None:
        return _position(lines, 0, 0)
    for line, column in islice(_printed(lines, chosen, word), nth, None):
        return _position(lines, line, column)
    return _position(lines, chosen.start_mark.line, chosen.start_mark.column)


def _find(node: Any, data_path: DataPath) -> tuple[Any, Any]:
    """The node at a path of keys and indices, and the node of its key."""
    at_key = None
    for part in data_path:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == part), None)
            if pair is None:
                break
            at_key, node = pair
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            at_key, node = None, node.value[part]
        else:
            break
    return node, at_key


def _printed(lines: list[str], node: Any, word: str) -> Iterator[tuple[int, int]]:
    """Where a word is printed inside a node; a name is not found within a longer name."""
    if not word:
        return
    edge = r"[0-9A-Za-z_]"
    before = rf"(?<!{edge})" if re.match(edge, word[0]) else ""
    after = rf"(?!{edge})" if re.match(edge, word[-1]) else ""
    pattern = re.compile(before + re.escape(word) + after)
    first, last = node.start_mark, node.end_mark
    for number in range(first.line, min(last.line + 1, len(lines))):
        start = first.column if number == first.line else 0
        stop = last.column if number == last.line else len(lines[number])
        for m in pattern.finditer(lines[number], start, stop):
            yield number, m.start()


def _position(lines: list[str], line: int, column: int) -> Position:
    return Position(line + 1, column + 1, lines[line] if line < len(lines) else "")


def _bad_data(reason: str, path: str, position: Position, first_line: int) -> BadData:
    shown = "".join(c if c.isprintable() else " " for c in position.text[:400]).strip()
    note = f": {_short(shown, 100)}" if shown else ""
    return BadData(_short(reason, 240) + note, path, position.line + first_line - 1, position.column)


def _syntax_error(error: yaml.YAMLError, text: str, path: str, first_line: int) -> BadData:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        position = _position(_BREAK.split(text), mark.line, mark.column)
        return _bad_data(f"not YAML: {getattr(error, 'problem', '')}", path, position, first_line)
    at = getattr(error, "position", None)
    before = text[: at or 0]
    line = len(_BREAK.findall(before))
    reason = f"not YAML: {getattr(error, 'reason', error)}"
    return _bad_data(reason, path, _position(_BREAK.split(text), line, len(_BREAK.split(before)[-1])), first_line)
