"""Repair where it must hold back: good text that looks damaged, text about damage, damage that nothing tells."""

from __future__ import annotations

import pytest

from newsbot.core.mojibake_signs import CODECS, Surroundings
from newsbot.items.corpora import repair_lines
from newsbot.items.model import Capture, PageVisit, Story
from newsbot.items.repair import repair, repair_text, undo

_ALL = frozenset(CODECS)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        pytest.param("en", "Her surname, 梅 (Mei), means plum", id="division-sign"),
        pytest.param("en", "Singer 枚 Mei", id="o-umlaut"),
        pytest.param("en", "Kweichow’s 茅 liquor", id="e-acute"),
        pytest.param("en", "The magazine 챠 closes; IU’s song 첫 tops", id="korean"),
        pytest.param("it", "Firma 猫, cioè gatto", id="word-of-one-letter"),
        pytest.param("ru", "Иероглиф 芯 значит чип; она сказала 谢谢 по-китайски", id="russian"),
    ],
)
@pytest.mark.parametrize("codecs", [_ALL, *(frozenset((name,)) for name in CODECS)])
def test_characters_that_stand_apart_stay_whatever_is_proven(language: str, text: str, codecs: frozenset[str]) -> None:
    assert repair_text(text, Surroundings(language, codecs))[0] == text


def test_a_proof_in_one_field_changes_no_name_in_another() -> None:
    story = Story(
        headline="Her surname, 梅 (Mei), means plum",
        body="The province鈥檚 watchdog said the caf茅 was open.",
        language="en",
    )
    repair(Capture(page=PageVisit(), story=story))
    assert story.headline == "Her surname, 梅 (Mei), means plum"
    assert story.body == "The province’s watchdog said the café was open."


def test_a_proof_in_one_line_changes_no_name_in_the_next() -> None:
    lines = ["The caf챕\n", "The magazine 챠 closes\n", "IU’s song 첫 tops\n"]
    repaired = [line.after.decode() for line in repair_lines(map(str.encode, lines), "en", as_json=False)]
    assert repaired == ["The café", "The magazine 챠 closes", "IU’s song 첫 tops"]


@pytest.mark.parametrize(
    ("language", "damaged", "whole"),
    [
        ("it", "la citt脿 猫 bella e la virt霉", "la città è bella e la virtù"),
        ("ru", "写芯谢 胁 褋械褉械写懈薪械", "дол в середине"),
        ("fr", "il a 茅t茅 脿 Paris, 芦 oui, o霉 ? 禄", "il a été à Paris, « oui, où ? »"),
    ],
)
def test_words_of_one_letter_are_inferred_in_a_line_that_is_damaged(language: str, damaged: str, whole: str) -> None:
    text, repairs = repair_text(damaged, Surroundings(language))
    assert text == whole
    alone = [one for one in repairs if len(one.after) == 1 and f" {one.before} " in f" {damaged} "]
    assert alone and {one.certainty for one in alone} == {"inferred"}


def test_compatibility_ideographs_are_no_normal_form_of_others() -> None:
    twice = "Größe: 5 m² für Öl"
    for _ in range(2):
        twice = twice.encode().decode("euc_kr", "ignore")
    text, repairs = repair_text(twice, Surroundings("de"))
    assert "ť" not in text
    assert "certain" not in {one.certainty for one in repairs}
    assert repair_text("漢字の\ufa19と\ufa1a。", Surroundings("ja")) == ("漢字の\ufa19と\ufa1a。", [])


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Windows-1252 shows ’ as â€™ – a classic encoding error."),
        ("de", "Kodierung: aus „ä“ wird „Ã¤“"),
        ("fr", "Erreur d’encodage : é devient Ã©"),
        ("es", "La codificación cambia ñ en Ã±"),
        ("ru", "кракозябры: РџСЂРёРІРµС‚"),
        ("en", "the sign 鈥檚 stands where ’s should be"),
        ("en", "the sign â€œ stands where “ should be"),
        ("en", 'const s = "â€™"; // bad quote'),
        ("en", "UTF-8 read so gives 鈥 for a dash"),
    ],
)
def test_text_that_shows_damage_stays(language: str, text: str) -> None:
    assert repair_text(text, Surroundings(language, _ALL)) == (text, [])


@pytest.mark.parametrize(
    ("language", "damaged", "whole"),
    [
        ("en", "It’s said the townâ€™s mayor can’t", "It’s said the town’s mayor can’t"),
        ("en", "She accepts it â€œwith a torchâ€\x9d, he said.", "She accepts it “with a torch”, he said."),
        ("nl", "Voor â‚¬ 40 krijg je koffie, vlaaiâ€¦ en meer", "Voor € 40 krijg je koffie, vlaai… en meer"),
        ("de", "Die BrÃ¼cke bei Ã–hringhausen â€“ sie Ã¶ffnet", "Die Brücke bei Öhringhausen – sie öffnet"),
        ("en", "It’s said the town鈥檚 mayor can’t", "It’s said the town’s mayor can’t"),
        ("ru", 'Р“Р°Р·РµС‚Р° "РџСЂР°РІРґР°" РІС‹С€Р»Р°', 'Газета "Правда" вышла'),
    ],
)
def test_lines_that_are_damaged_in_part_are_repaired(language: str, damaged: str, whole: str) -> None:
    assert repair_text(damaged, Surroundings(language))[0] == whole


@pytest.mark.parametrize(
    "text",
    ["ABC中止DEF".encode().decode("latin-1"), "half\xadway, Gar\ufffdxon\xa0 so"],
    ids=["latin-1", "replaced"],
)
def test_odd_signs_stay_where_damage_does(text: str) -> None:
    """A soft hyphen in damage is a byte: without it nobody can decode the rest."""
    repaired, repairs = repair_text(text, Surroundings("en"))
    assert repaired == text
    assert {one.certainty for one in repairs} == {"marked"}
    assert repair_text(f"{text}\nhalf\xadway", Surroundings("en"))[0] == f"{text}\nhalfway"


def test_surrogates_stay_in_no_line() -> None:
    text, repairs = repair_text("ABCä¸\xadæ\xad¢DEF \ud800", Surroundings("en"))
    assert text == "ABCä¸\xadæ\xad¢DEF \ufffd"
    assert undo(text, repairs) == "ABCä¸\xadæ\xad¢DEF \ud800"


@pytest.mark.parametrize("damaged", ["a\ud800 " * 5001, "a\xad\n" * 5001, "a\ud800\xad" * 5001 + "\n" + "b\xad" * 20])
def test_signs_that_are_too_many_come_back(damaged: str) -> None:
    text, repairs = repair_text(damaged)
    assert undo(text, repairs) == damaged
    assert "\xad" not in text and "\ud800" not in text


@pytest.mark.parametrize(
    ("language", "damaged", "whole"),
    [
        ("he", "ראש העיר אמר…".encode().decode("iso8859-15"), "ראש העיר אמר…"),
        ("de", "Mädchen für schöne Öfen".encode().decode("iso8859-15"), "Mädchen für schöne Öfen"),
        ("vi", "GÃ¶teborg", "Göteborg"),
    ],
)
def test_encodings_beside_the_common_ones_are_known(language: str, damaged: str, whole: str) -> None:
    text, repairs = repair_text(damaged, Surroundings(language))
    assert all(one.certainty != "certain" for one in repairs) or text == whole
    assert not {"\u2028", "\u2029", "\u200a", "\u0326"} & set(text)
    assert text in (whole, damaged)


@pytest.mark.parametrize("codec", ["euc_kr", "big5", "euc_jp"])
@pytest.mark.parametrize("whole", ["Глава города сообщил о новом доме", "ראש העיר אמר היום", "die Ångström-Köche"])
def test_what_may_lack_letters_is_inferred(codec: str, whole: str) -> None:
    damaged = whole.encode().decode(codec, "ignore")
    _, repairs = repair_text(damaged, Surroundings("ru" if "Г" in whole else "de" if "K" in whole else "he"))
    letters = [one for one in repairs if any(char.isalpha() for char in one.after)]
    assert all(one.certainty != "certain" or one.after == "ö" for one in letters)
    assert "гоода" not in {one.after for one in repairs if one.certainty == "certain"}


def test_listed_words_stay_certain_of_decoders_that_drop_letters() -> None:
    text, repairs = repair_text("the caf챕 and the r챕sum챕", Surroundings("en"))
    assert (text, {one.certainty for one in repairs}) == ("the café and the résumé", {"certain"})


@pytest.mark.parametrize(
    "text",
    [
        "\u1820\u180e\u1821",
        "Auf\u200clage",
        "Type &eacute; to get é",
        "Write &amp;amp; for &amp;",
        "the sign “&euro;” means",
    ],
)
def test_signs_that_mean_something_stay(text: str) -> None:
    assert repair_text(text, Surroundings("en")) == (text, [])


def test_a_long_line_of_gaps_is_left() -> None:
    text, repairs = repair_text("鈥 a " * 4_000, Surroundings("en"))
    assert text == "鈥 a " * 4_000
    assert [(one.rule, one.certainty) for one in repairs] == [("too_dense", "marked")]


def test_a_long_line_of_good_letters_with_one_gap_is_read() -> None:
    good = "Глава района сказал, что мост открыт и дорога свободна. "
    text, _ = repair_text(good * 90 + "Мост 鈥 это дорога, сказал он.", Surroundings("ru"))
    assert "鈥" not in text
