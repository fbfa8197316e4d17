"""A page of plain text comes apart like one of markup: story, captions, credits, teaser blocks, chrome."""

import pytest

from newsbot.core.page import read_page
from newsbot.core.plaintext import is_plain_text, segment_text, split_text
from newsbot.core.roles import Role

CAPTION = "The harbour bridge in Saltmere at low tide. (NORTHWIRE/Ann Lee)"
STORY = [
    "Harbour bridge to close for a year as the county mends its pillars",
    f"{CAPTION} {CAPTION}",
    "Share",
    "SALTMERE -",
    "The county will close the harbour bridge in Saltmere for a year from May, it said on Thursday.",
    "Two of the bridge's pillars stand on wood that has begun to rot, engineers told the county in a report.",
    "Ferries are to carry people across the harbour every ten minutes while the bridge is closed, the county said.",
    "(Reporting by Ann Lee; Editing by Bo Ek)",
]
TEASERS = [
    "Top Stories",
    "Why some cats come home after years",
    "A vet explains what is known about how animals find their way over long distances.",
    "A woman of 91 has swum across Lake Tarn for the fortieth time, in a new best time.",
    "opinion",
    "opinion How to argue with a tax inspector and stay friends",
    "Our columnist has tried for thirty years, and has three pieces of advice to give.",
    "Local Spotlight",
    "A bakery in Brindle gives its old bread to a brewery, which makes beer of it.",
    "The choir of Port Alder looks for tenors, and for somewhere warm to sing.",
    "Stay Connected",
]
CHROME = ["Skip to main content", "News Sport Culture"]


def split(text, url="https://courier.example/a"):
    segments = segment_text(read_page(text.encode(), url, content_type="text/plain"))
    return segments, split_text(segments)


@pytest.fixture(params=["blank lines", "one a line", "windows line ends"])
def page(request):
    lines = [*CHROME, *STORY, *TEASERS]
    separator = {"blank lines": "\n\n", "one a line": "\n", "windows line ends": "\r\n"}[request.param]
    return split(separator.join(lines))


def test_the_body_is_the_story_and_nothing_else(page):
    _, regions = page
    assert [part.text for part in regions.body] == STORY[4:7]
    assert regions.headline == STORY[0]
    assert (regions.dateline, regions.wire_credits) == ("SALTMERE -", (STORY[7],))


def test_a_caption_that_stands_twice_is_one_caption(page):
    _, regions = page
    assert [caption.text for caption in regions.captions] == [
        "The harbour bridge in Saltmere at low tide. (NORTHWIRE/Ann Lee)"
    ]


def test_teasers_stand_in_their_blocks(page):
    _, regions = page
    assert [
        (block.heading, [(card.label, card.headline, card.summary) for card in block.teasers])
        for block in regions.teaser_blocks
    ] == [
        ("Top Stories", [(None, TEASERS[1], TEASERS[2]), (None, None, TEASERS[3])]),
        ("opinion", [("opinion", "How to argue with a tax inspector and stay friends", TEASERS[6])]),
        ("Local Spotlight", [(None, None, TEASERS[8]), (None, None, TEASERS[9])]),
    ]


def test_every_line_has_one_role_and_the_rest_is_chrome(page):
    segments, regions = page
    assert len(regions.roles) == len(segments.blocks)
    chrome = [block.text for block, role in zip(segments.blocks, regions.roles, strict=True) if role is Role.CHROME]
    assert chrome == [*CHROME, "Share", "Stay Connected"]


def test_every_line_has_a_reason_when_asked(page):
    segments, regions = page
    assert regions.reasons == {}
    explained = split_text(segments, explain=True)
    assert explained.roles == regions.roles
    assert list(explained.reasons) == list(range(len(segments.blocks)))
    assert explained.reasons[0].endswith("(by itself the line is like: none of prose, title, caption)")


def test_a_name_in_a_foreign_script_is_contamination():
    _, regions = split("\n\n".join(["某某影视", *STORY, *TEASERS]))
    assert regions.contamination == ("某某影视",)
    _, regions = split("\n\n".join(["日本語", *STORY, *TEASERS]))
    assert regions.contamination == ()


def test_lines_broken_at_a_margin_are_one_paragraph():
    paragraph = " ".join(STORY[4:7])
    words, lines = paragraph.split(), [""]
    for word in words:
        if len(lines[-1]) + len(word) > 70:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    segments, _ = split(STORY[0] + "\n\n" + "\n".join(lines) + "\n\nEnd")
    assert [block.text for block in segments.blocks] == [STORY[0], paragraph, "End"]


def test_a_dateline_in_the_first_paragraph_is_named_and_kept_in_the_text():
    first = "SALTMERE (Northwire) - " + STORY[4]
    _, regions = split("\n\n".join([STORY[0], first, *STORY[5:7]]))
    assert regions.dateline == "SALTMERE (Northwire)"
    assert regions.body[0].text == first


def test_a_page_of_chinese_text_is_read_by_signs():
    lines = [
        "首页",
        "港口大桥将关闭一年维修桥墩",
        "县政府星期四表示，从五月起，萨特米尔的港口大桥将关闭一年，以便维修桥墩，预计费用为四千万元，工程由两家公司承担。",
        "工程师在报告中说，大桥的两个桥墩建在已经开始腐烂的木头上，必须在冬天到来之前更换，否则大桥可能无法继续使用。",
        "县政府说，大桥关闭期间，渡轮将每十分钟运送一次居民过港，票价不变，学生和老人可以免费乘坐，直到大桥重新开放为止。",
        "版权所有",
    ]
    _, regions = split("\n".join(lines))
    assert regions.headline == lines[1]
    assert [part.text for part in regions.body] == lines[2:5]


def test_text_without_a_story_has_none():
    _, regions = split("Home\nNews\nSport\nContact us")
    assert (regions.page_type, regions.headline, regions.body) == ("other", None, ())


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b"Just words.", "text/plain; charset=utf-8", True),
        (b"<!DOCTYPE html><p>Words.</p>", "text/plain", False),
        (b"<p>Words.</p>", None, False),
        (b"Just words.", None, True),
        (b"Just words.", "text/html", False),
    ],
)
def test_what_counts_as_plain_text(body, content_type, expected):
    assert is_plain_text(read_page(body, "https://courier.example/a", content_type=content_type)) is expected


def test_every_cut_of_a_page_is_read():
    text = "\n".join([*CHROME, *STORY, *TEASERS])
    for end in range(1, len(text), 7):
        segments, regions = split(text[:end])
        assert len(regions.roles) == len(segments.blocks)


PROSE = [
    "The county will close the harbour bridge in Saltmere for a year from May, it said on Thursday afternoon.",
    "Two of the bridge's pillars stand on wood that has begun to rot, engineers told the county in a report.",
    "Ferries are to carry people across the harbour every ten minutes while the bridge is closed, it said.",
]


def regions_of(*texts):
    page = read_page("\n".join(texts).encode(), "https://courier.example/a", content_type="text/plain")
    return split_text(segment_text(page))


def test_a_lead_stands_between_headline_and_byline():
    lead = "Engineers found rotten wood below two of its pillars in the autumn, and the county has no other way."
    regions = regions_of("Harbour bridge in Saltmere closes", lead, "By Jane Doe", "3 March 2026 at 10:00", *PROSE)
    assert regions.lead == lead
    assert [(part.kind, part.text) for part in regions.body] == [
        ("lead", lead),
        *(("paragraph", text) for text in PROSE),
    ]


def test_an_advertisement_label_does_not_end_the_story():
    regions = regions_of("Harbour bridge in Saltmere closes", "By Jane Doe", PROSE[0], "Advertisement", *PROSE[1:])
    assert [part.text for part in regions.body] == PROSE


def test_a_headline_is_signed_though_its_words_do_not_come_back():
    regions = regions_of(
        "What the tide takes with it", "By Jane Doe", *PROSE, "Write to the desk: desk@courier.example"
    )
    assert regions.headline == "What the tide takes with it"


def test_numbers_inside_a_title_and_the_imprint_are_left_alone():
    story = ["Saltmere Courier", "Harbour bridge in Saltmere closes", "By Jane Doe", *PROSE]
    imprint = "Saltmere Courier, 4 Customs Quay, Saltmere. Founded in 1871 by two brothers and a press."
    regions = regions_of(
        *story, "Most read", "1 One boat and 430 people on an island", "2 Rents up by 9 per cent", imprint
    )
    assert [card.headline for block in regions.teaser_blocks for card in block.teasers] == [
        "One boat and 430 people on an island",
        "Rents up by 9 per cent",
    ]


def test_a_front_page_without_a_story_is_a_list_of_teasers():
    _, regions = split("\n\n".join(["Saltmere Courier", *TEASERS, "© 2026 Saltmere Courier"]))
    assert (regions.page_type, regions.headline, regions.body) == ("section", None, ())
    assert [len(block.teasers) for block in regions.teaser_blocks] == [2, 1, 2]


def test_ranks_on_lines_of_their_own_head_no_block():
    ranked = ["Most read", "1", "Why some cats come home after years", "2.", "How to argue with a tax inspector"]
    _, regions = split("\n".join([*CHROME, *STORY, *ranked]))
    assert [(block.heading, [card.headline for card in block.teasers]) for block in regions.teaser_blocks] == [
        ("Most read", [ranked[2], ranked[4]])
    ]


def test_a_caption_within_the_story_is_none_of_its_text():
    inner = "A diver looks at the foot of a pillar. Photo: Ann Lee"
    _, regions = split("\n".join([*STORY[:5], inner, *STORY[5:]]))
    assert [part.text for part in regions.body] == STORY[4:7]
    assert [caption.text for caption in regions.captions] == [CAPTION, inner]


@pytest.mark.parametrize("sign", ["(dpa)", "(Avec AFP)", "(Reuters/AFP)"])
def test_the_sign_of_an_agency_ends_the_story(sign):
    _, regions = split("\n".join([*STORY[:7], sign, "Ferries are to be free of charge while the bridge is closed."]))
    assert ([part.text for part in regions.body], regions.wire_credits) == (STORY[4:7], (sign,))


def test_a_date_below_the_first_paragraph_makes_it_no_lead():
    first = "SALTMERE - The county will close the harbour bridge in Saltmere for a year from May, it said."
    _, regions = split("\n".join([STORY[0], first, *STORY[5:7], "This report was first published March 3, 2026."]))
    assert (regions.lead, regions.body[0].text) == (None, first)
