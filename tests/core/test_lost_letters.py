"""What lost letters are told from: spelling, decoders' tables, and that good text never comes to them."""

from __future__ import annotations

from collections import Counter
from math import exp

import pytest

from newsbot.core import mojibake_stretches
from newsbot.core.mojibake_signs import Surroundings
from newsbot.core.vocabulary import vocabulary
from newsbot.core.wrong_decoders import DECODERS, WrongDecoder
from newsbot.items.model import Capture, PageVisit, Story
from newsbot.items.repair import repair, repair_text


@pytest.mark.parametrize(("language", "before"), [("vi", ""), ("vi", "\nđ"), ("ru", "\nпр")])
def test_letters_follow_as_in_the_listed_words(language: str, before: str) -> None:
    """Shares after a context, scanned here word by word, smoothed with those after the context without its start."""
    words = vocabulary(language)
    assert words is not None
    least = min(words.words.values())

    def share(context: str, letter: str) -> float:
        found: Counter[str] = Counter()
        for word, score in words.words.items():
            shown = f"\n{word}\n"
            for at in range(1, len(shown)):
                if shown[:at].endswith(context):
                    found[shown[at]] += 1 + (score - least) / 4  # type: ignore[assignment]
        shorter = share(context[1:], letter) if context else 1e-7
        return (found[letter] + len(found) * shorter) / (sum(found.values()) + len(found)) if found else shorter

    for letter in "aе":
        assert exp(words.next_score(before, letter)) == pytest.approx(share(before, letter), rel=1e-9)


@pytest.mark.parametrize("codec", sorted(name for names in DECODERS.values() for name in names))
@pytest.mark.parametrize("errors", ["ignore", "replace"])
def test_tables_say_what_the_decoder_itself_does(codec: str, errors: str) -> None:
    decoder = WrongDecoder(codec, errors)
    alphabet = "aé’ßжψ。日한\xa0"
    pending = {b""} | {decoder.step(b"", char)[1] for char in alphabet}
    for before in sorted(pending):
        table = decoder.table(alphabet, before)
        shown = {(text, char, rest) for text, ways in table.items() for rest, chars in ways for char, _ in chars}
        assert shown == {(text, char, rest) for char in alphabet for text, rest in [decoder.step(before, char)]}


_GOOD = (
    ("zh", "市议会批准了新桥的预算，工程将于秋季开始。\nABC News (www.example.com) 2026-03-02 10:15 张三 摄 第三版"),
    ("ja", "市議会は火曜日に新しい橋の予算を承認しました。\nPhoto by Example Images 2026-03-02 共同通信社 提供"),
    ("ko", "시의회는 화요일에 새 다리의 예산을 승인했다.\nhttps://www.example.com/bridge 김영희 기자 사진"),
    ("en", "Her bakery sells 牛油砂糖面包 and 传统蛋糕 on Sundays, and 鸡蛋 by the dozen."),
)  # fmt: skip


@pytest.mark.parametrize(("language", "text"), _GOOD)
def test_good_text_is_never_searched_for_lost_letters(
    language: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mojibake_stretches, "pieces", lambda *_: pytest.fail("searched"))
    assert repair_text(text, Surroundings(language)) == (text, [])
    capture = Capture(page=PageVisit(), story=Story(body=text, headline=text.partition("\n")[0], language=language))
    repair(capture)
    assert capture.story is not None
    assert (capture.story.body, capture.story.repairs) == (text, [])
