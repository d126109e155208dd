from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml

import checker.report.words as module
from checker.errors import BadSetting
from checker.report.words import choose, say, words


def test_every_word_exists_in_both_languages_with_the_same_values() -> None:
    def names(phrase: str | list[str]) -> set[str]:
        phrases = [phrase] if isinstance(phrase, str) else phrase
        return {name for text in phrases for _, name, _, _ in string.Formatter().parse(text) if name}

    table = yaml.safe_load(Path(module.__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    for key, entry in table.items():
        assert set(entry) == {"zh", "en"}, key
        assert names(entry["zh"]) == names(entry["en"]), key


def test_every_word_the_code_says_exists() -> None:
    folder = Path(module.__file__).parent
    for path in (*folder.glob("*.py"), folder / "templates" / "report.html.j2"):
        for key in re.findall(r'say\((?:lang, )?"([a-z_.]+)"', path.read_text(encoding="utf-8")):
            assert key in words("zh"), f"{path.name}: {key}"


def test_no_word_says_who_is_wrong() -> None:
    said = " ".join(str(phrase) for lang in ("zh", "en") for phrase in words(lang).values())
    assert not re.search(r"错误|有误|虚假|wrong|mistake|incorrect|false", said)


def test_one_and_many() -> None:
    assert say("en", "documents", n=1) == "1 document"
    assert say("en", "documents", n=2) == "2 documents"


def test_a_text_missing_in_one_language_is_shown_in_the_other() -> None:
    assert choose({"zh": "相符"}, "en") == "相符"
    assert choose({}, "en") == ""


def test_an_unknown_language_is_a_bad_setting() -> None:
    with pytest.raises(BadSetting, match="zh, en"):
        words("fr")
