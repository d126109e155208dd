from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
import yaml

import checker.report.words as module
from checker.errors import BadSetting
from checker.report.words import choose, say, words
from checker.wording import period

PERIODS = [
    ("2020-01-01", "2020-12-31", "2020年", "2020"),
    ("2016-01-01", "2020-12-31", "2016—2020年", "2016–2020"),
    ("2021-01-01", "2021-06-30", "2021年上半年", "first half of 2021"),
    ("2021-07-01", "2021-12-31", "2021年下半年", "second half of 2021"),
    ("2021-04-01", "2021-06-30", "2021年第二季度", "second quarter of 2021"),
    ("2021-01-01", "2021-09-30", "2021年前三季度", "first three quarters of 2021"),
    ("2021-01-01", "2021-11-30", "2021年1—11月", "January–November 2021"),
    ("2020-02-01", "2020-02-29", "2020年2月", "February 2020"),
    ("2020-11-01", "2021-02-28", "2020年11月—2021年2月", "November 2020 – February 2021"),
    ("2021-09-08", "2021-09-08", "2021年9月8日", "8 September 2021"),
    ("2020-12-31", "2020-12-31", "2020年末", "end of 2020"),
    ("2021-09-01", "2021-09-07", "2021年9月1日—2021年9月7日", "1 September 2021 – 7 September 2021"),
    (None, "2021-09-08", "截至2021年9月8日", "up to 8 September 2021"),
    ("2020-01-01", None, "2020年1月1日以来", "since 1 January 2020"),
    (None, None, "时期不详", "period not stated"),
    ("2020", "2020-13-01", "2020/2020-13-01", "2020/2020-13-01"),
]


@pytest.mark.parametrize(("start", "end", "zh", "en"), PERIODS)
def test_periods_read_as_people_write_them(start: str | None, end: str | None, zh: str, en: str) -> None:
    assert (period(start, end, "zh"), period(start, end, "en")) == (zh, en)


def test_every_word_exists_in_both_languages_with_the_same_values() -> None:
    def names(phrase: str | list[str]) -> set[str]:
        phrases = [phrase] if isinstance(phrase, str) else phrase
        return {name for text in phrases for _, name, _, _ in string.Formatter().parse(text) if name}

    table = yaml.safe_load(Path(module.__file__).with_name("words.yaml").read_text(encoding="utf-8"))
    dates = {"y", "y2", "m", "m2", "d", "month", "month2"}
    for key, entry in table.items():
        assert set(entry) == {"zh", "en"}, key
        assert names(entry["zh"]) - dates == names(entry["en"]) - dates, key


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
