"""Repair: what is undone, with which certainty, and that it can be taken back."""

from __future__ import annotations

import time

import pytest

from newsbot.core.alphabets import script_of_language
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.model import (
    Author,
    BodyBlock,
    Capture,
    Credit,
    Dateline,
    Image,
    PageVisit,
    Repair,
    Rights,
    Story,
    Teaser,
    Video,
)
from newsbot.items.repair import damage, detected_language, repair, repair_text, undo


@pytest.mark.parametrize(
    ("language", "damaged", "whole", "certainty"),
    [
        pytest.param("en", "says the region鈥檚 police", "says the region’s police", "certain", id="gbk-apostrophe"),
        pytest.param("en", "bread 鈥 not for sale, but", "bread — not for sale, but", "inferred", id="gbk-lost-dash"),
        pytest.param("de", "Brot 鈥 nicht verkauft", "Brot – nicht verkauft", "inferred", id="gbk-lost-dash-german"),
        pytest.param("en", "the r茅sum茅 of a ma卯tre", "the résumé of a maître", "certain", id="gbk-accents"),
        pytest.param("en", "they sayâ€™s", "they say’s", "certain", id="cp1252"),
        pytest.param("en", "the town窶冱 mayor", "the town’s mayor", "certain", id="sjis-apostrophe"),
        pytest.param("en", "the town셲 mayor", "the town’s mayor", "inferred", id="euckr-apostrophe"),
        pytest.param("en", "the town閳ユ獨 mayor", "the town’s mayor", "certain", id="gbk-twice"),
        pytest.param("fr", "脿 la caf茅t茅ria", "à la cafétéria", "certain, inferred", id="lone-word-beside-proof"),
        pytest.param("ru", "袩褉懈胁械褌, 屑懈褉", "Привет, мир", "certain", id="gbk-cyrillic"),
        pytest.param("en", "AT&amp;T and it&#8217;s", "AT&T and it’s", "certain", id="entities"),
        pytest.param("fr", "un gar�on heureux", "un garçon heureux", "inferred", id="replaced-letter"),
        pytest.param("de", "die Br��cke", "die Brücke", "inferred", id="replaced-bytes"),
        pytest.param("en", "half\xad way\u200b there\ufeff", "half way there", "certain", id="invisible"),
        pytest.param("en", "half\u180e way\ufffc there", "half way there", "certain", id="format-signs"),
        pytest.param("en", "one\xa0 two", "one two", "certain", id="no-break-space"),
        pytest.param("en", "it\x92s", "it’s", "certain", id="c1"),
        pytest.param("en", "cafe\u0301s", "cafés", "certain", id="nfc"),
        pytest.param("en", "a\ud83d\ude00b\ud800c", "a😀b\ufffdc", "certain", id="surrogates"),
    ],
)
def test_damage_is_undone_with_its_certainty(language: str, damaged: str, whole: str, certainty: str) -> None:
    around = Surroundings(language)
    text, repairs = repair_text(damaged, around)
    assert text == whole
    assert ", ".join(sorted({repair.certainty for repair in repairs})) == certainty
    assert undo(text, repairs) == damaged
    assert repair_text(text, around)[0] == text


def test_quotes_lost_and_whole_are_paired() -> None:
    text, repairs = repair_text("the 鈥楪ive-a-Gift鈥 campaign 鈥渉elps鈥 all, he said.", Surroundings("en"))
    assert text == "the ‘Give-a-Gift’ campaign “helps” all, he said."
    assert [(repair.before, repair.after, repair.certainty) for repair in repairs] == [
        ("鈥楪", "‘G", "certain"),
        ("鈥", "’", "inferred"),
        ("鈥渉", "“h", "certain"),
        ("鈥", "”", "inferred"),
    ]


def test_what_cannot_be_known_is_marked_and_left() -> None:
    text, repairs = repair_text("Gar�xon", Surroundings("fr"))
    assert text == "Gar�xon"
    assert repairs == [
        Repair(
            field="text", kind="mojibake", start=3, end=4, before="�", after="�", rule="replaced", certainty="marked"
        )
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "茅台酒业今天发布公告，猫和帽子都在。“锛”字是乱码，鈥也是。"),
        ("zh", "小学协会写信给母女：木偶戏《三毛》上演。"),
        ("en", "The brand 茅台 (Moutai) and the word 木偶 mean what they mean; Xi Jinping (习近平) came."),
        ("en", "The character 鈥 is often seen in damaged text."),
        ("ja", "銆という字と窶という字を見た。ﾊﾝｶｸも残る。"),
        ("ko", "방탄소년단(BTS)의 K팝 공연, 셲라는 글자는 없다."),
        ("uk", "Він каже: «Віч-на-віч із Сіллю» — їхній вірш."),
        ("el", "Η κυβέρνηση: «Ίσως ναι» – είπε ο υπουργός."),
        ("tr", "İstanbul’da “yağmur” bekleniyor; ılık ve sisli."),
        ("vi", "Việt Nam: “Đổi mới” – câu chuyện của người dân."),
        ("fr", "« Ça va ? » demande-t-il – l’œuvre coûte 5 €."),
        ("en", "Read the HTML &amp; entity guide; use a < b && c > d."),
        ("en", "it would will build"),
        ("th", "ภาษา\u200bไทย"),
        ("fa", "می\u200cخواهم"),
        ("en", "a family 👨\u200d👩\u200d👧 and ±5 µm, ∑x² ≤ 3"),
    ],
)
def test_good_text_stays_byte_for_byte(language: str, text: str) -> None:
    assert repair_text(text, Surroundings(language)) == (text, [])
    assert damage(text, Surroundings(language)) == 0


@pytest.mark.parametrize(
    ("language", "damaged", "whole"),
    [
        pytest.param("en", "Teamâ€™s â€œgreatâ€ comeback: 5â€“4", "Team’s “great” comeback: 5–4", id="cp1252-lost"),
        pytest.param("en", "袦芯褋褌 褔械褉械蟹 褉械泻褍 鈥 芯褌泻褉褘褌", "Мост через реку — открыт", id="beneath"),
        pytest.param("en", "GruziÅ†u vÄ«ni Å¡odien", "Gruziņu vīni šodien", id="foreign"),
        pytest.param("en", "the workers鈥 and their children", "the workers鈥 and their children", id="open"),
        pytest.param("da", "i ���Bikuben���", "i ���Bikuben���", id="no-partner"),
        pytest.param("cs", "žlu聽ouký kůň", "žlu聽ouký kůň", id="two-decoders"),
    ],
)
def test_lost_signs_are_told_on_evidence_only(language: str, damaged: str, whole: str) -> None:
    text, repairs = repair_text(damaged, Surroundings(language))
    assert text == whole
    assert text != damaged or {record.certainty for record in repairs} <= {"marked"}


def test_the_language_of_a_page_is_told_beneath_its_damage() -> None:
    whole = "Глава района сообщил, что работы идут по плану. Мост через реку откроют осенью. Жители ждут этого давно."
    damaged = "\n".join([whole.encode().decode("gb18030", "ignore")] * 3)
    assert script_of_language(detected_language([damaged]) or "") == "cyrillic"


def test_capture_is_repaired_in_place_and_twice_is_once() -> None:
    body = "She said鈥攁nd meant\xadit.\nThe town鈥檚 hall is a caf茅 now."
    story = Story(
        headline="The town鈥檚 hall",
        body=body,
        body_blocks=[
            BodyBlock(kind="paragraph", start=0, end=body.index("\n")),
            BodyBlock(kind="paragraph", start=body.index("\n") + 1, end=len(body)),
        ],
        keywords=["caf茅"],
        language="en",
    )
    capture = Capture(
        page=PageVisit(url="https://a.test/1"), story=story, teasers=[Teaser(summary="quilts 鈥 not for sale")]
    )
    assert repair(capture) is capture
    assert (story.headline, story.body, story.keywords) == (
        "The town’s hall",
        "She said—and meantit.\nThe town’s hall is a café now.",
        ["café"],
    )
    assert [story.body[block.start : block.end] for block in story.body_blocks] == story.body.split("\n")
    assert capture.teasers[0].summary == "quilts — not for sale"
    assert [record.field for record in story.repairs] == ["headline", "body", "body", "body", "body", "keywords[0]"]
    of_body = [record for record in story.repairs if record.field == "body"]
    assert undo(story.body, of_body) == body
    before = list(story.repairs)
    assert repair(capture).story is not None and story.repairs == before


BROKEN = "says the province鈥檚 watchdog"


@pytest.mark.parametrize(
    ("field", "story"),
    [
        *((name, Story(**{name: BROKEN})) for name in ("headline", "alternative_headline", "description", "body")),
        *((name, Story(**{name: BROKEN})) for name in ("publisher", "section", "date_published_raw")),
        *((f"{n}[0]", Story(**{n: [BROKEN]})) for n in ("headline_variants", "agencies", "keywords", "corrections")),
        ("authors[0].name", Story(authors=[Author(name=BROKEN)])),
        ("credits[0].name", Story(credits=[Credit(role="editor", name=BROKEN)])),
        *(
            (f"images[0].{name}", Story(images=[Image(**{name: BROKEN})]))
            for name in ("caption", "credit", "photographer", "agency", "alt")
        ),
        ("videos[0].caption", Story(videos=[Video(caption=BROKEN)])),
        ("dateline.text", Story(dateline=Dateline(text=BROKEN))),
        ("dateline.place", Story(dateline=Dateline(text="x", place=BROKEN))),
        ("dateline.agency", Story(dateline=Dateline(text="x", agency=BROKEN))),
        ("rights.copyright_notice", Story(rights=Rights(copyright_notice=BROKEN))),
    ],
)
def test_damage_in_one_text_alone_is_seen(field: str, story: Story) -> None:
    repair(Capture(page=PageVisit(), story=story))

    assert [one.field for one in story.repairs] == [field]


@pytest.mark.parametrize(
    "unit", ["\ufffd\u00ad\u200b ", "\ufffd ", "a\u9225\u6a9a ", "\u00c2\u00a9 ", "\u00ad", "&amp;#8217; "]
)
def test_noise_costs_no_more_than_a_page(unit: str) -> None:
    """A text of nothing but damage is no text; looking into each place would take minutes."""
    start = time.process_time()
    text, _ = repair_text(unit * 30_000)
    assert time.process_time() - start < 8
    assert repair_text(text)[0] == text
    assert "\u00ad" not in text


def test_what_is_whole_elsewhere_mends_what_is_broken() -> None:
    story = Story(
        headline="Neue M��hle in K��lbrunn",
        headline_variants=["Neue Mühle in Kölbrunn eröffnet"],
        body="In K�lbrunn steht die Mühle.",
        body_blocks=[BodyBlock(kind="paragraph", start=0, end=28)],
        language="de",
    )
    teaser = Teaser(headline="Kr�wenbach feiert")
    repair(Capture(page=PageVisit(url="https://a.test/1"), story=story, teasers=[teaser]), ["Kräwenbach feiert heute"])
    assert (story.headline, story.body, teaser.headline) == (
        "Neue Mühle in Kölbrunn",
        "In Kölbrunn steht die Mühle.",
        "Kräwenbach feiert",
    )
    records = [*story.repairs, *teaser.repairs]
    assert {record.certainty for record in records} == {"inferred"}
    assert [record.rule for record in records] == ["elsewhere", "elsewhere", "replaced:word", "elsewhere"]
    of_headline = [record for record in story.repairs if record.field == "headline"]
    assert undo(story.headline or "", of_headline) == "Neue M��hle in K��lbrunn"


def test_a_long_text_is_repaired_in_windows_to_its_end() -> None:
    line = "The town鈥檚 baker sells quilts 鈥 not bread 鈥 by the river"
    whole = "The town’s baker sells quilts — not bread — by the river"
    for separator in ("\n", " "):
        damaged = separator.join([line] * 1_000)
        text, repairs = repair_text(damaged, Surroundings("en"))
        assert text == separator.join([whole] * 1_000)
        assert undo(text, repairs) == damaged
        assert repair_text(text, Surroundings("en")) == (text, [])


def test_what_is_too_much_for_a_page_is_marked_and_stays() -> None:
    line = "The town鈥檚 hall is open.\n"
    story = Story(body=line * 9_000, language="en")
    repair(Capture(page=PageVisit(), story=story))
    assert story.body is not None
    assert story.body.startswith("The town’s hall") and story.body.endswith(line)
    left = [record for record in story.repairs if record.certainty == "marked"]
    assert {record.rule for record in left} == {"too_dense"}
    assert undo(story.body, story.repairs) == line * 9_000


_DAMAGED = "the town鈥檚 hall"


@pytest.mark.parametrize(
    ("field", "story"),
    [
        ("headline", Story(headline=_DAMAGED)),
        ("date_published_raw", Story(date_published_raw=_DAMAGED)),
        ("corrections[1]", Story(corrections=["none", _DAMAGED])),
        ("authors[0].name", Story(authors=[Author(name=_DAMAGED)])),
        ("credits[0].name", Story(credits=[Credit(role="photo", name=_DAMAGED)])),
        ("images[0].alt", Story(images=[Image(alt=_DAMAGED)])),
        ("images[0].caption", Story(images=[Image(caption=_DAMAGED)])),
        ("videos[0].caption", Story(videos=[Video(caption=_DAMAGED)])),
        ("dateline.place", Story(dateline=Dateline(text="", place=_DAMAGED))),
        ("rights.copyright_notice", Story(rights=Rights(copyright_notice=_DAMAGED))),
    ],
)
def test_damage_in_one_field_alone_is_found(field: str, story: Story) -> None:
    story.language = "en"
    repair(Capture(page=PageVisit(), story=story))
    assert [(record.field, record.before, record.after) for record in story.repairs] == [(field, "鈥檚", "’s")]


def test_a_long_line_beyond_repair_is_marked() -> None:
    text, repairs = repair_text("x鈥\ufffd\ufffdz " * 1_000, Surroundings("en"))
    assert text == "x鈥\ufffd\ufffdz " * 1_000
    assert [(record.rule, record.certainty) for record in repairs] == [("too_dense", "marked")]


def test_damage_throughout_is_marked() -> None:
    text, repairs = repair_text("\ufffd " * 20_000)
    assert text == "\ufffd " * 20_000
    assert {(record.rule, record.certainty) for record in repairs} == {("too_dense", "marked")}


def test_a_sign_that_repair_itself_has_put_is_not_marked_later() -> None:
    story = Story(headline="GarÃ§on and the ï¿½ of Vendée Â© 2026", language="fr")
    page = Capture(page=PageVisit(), story=story)
    repair(page)
    records, headline = list(story.repairs), story.headline
    assert headline is not None and "\ufffd" in headline
    repair(page)
    assert (story.repairs, story.headline) == (records, headline)
