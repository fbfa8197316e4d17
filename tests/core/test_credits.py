"""Datelines, wire credits and captions come apart."""

import pytest

from newsbot.core.credits import caption_parts, dateline_parts, wire_credits


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("OTTAWA -", "OTTAWA", None),
        ("OTTAWA (Reuters) —", "OTTAWA", "Reuters"),
        ("PORT ALDER/NORVIK, March 3 (Reuters) -", "PORT ALDER/NORVIK", "Reuters"),
        ("OSLO, 3. mars -", "OSLO", None),
        ("Berlin (dpa) -", "Berlin", "dpa"),
        ("Berlin/dpa -", "Berlin", "dpa"),
        ("WASHINGTON, D.C. –", "WASHINGTON, D.C", None),
        ("(AP)", None, "AP"),
        ("PORT ALDER (Northwire) —", "PORT ALDER", "Northwire"),
        ("LONDON (Ont.) -", "LONDON", None),
    ],
)
def test_a_dateline_has_place_and_agency(text, place, agency):
    parts = dateline_parts(text)
    assert (parts.text, parts.place, parts.agency) == (text, place, agency)


@pytest.mark.parametrize(
    ("text", "credits", "agencies"),
    [
        ("(Reporting by Ann Lee; Editing by Bo Ek)", [("reporter", "Ann Lee"), ("editor", "Bo Ek")], []),
        (
            "Reporting by Ann Lee and Cy Day in Oslo, writing by Di Fox; editing by Bo Ek",
            [("reporter", "Ann Lee"), ("reporter", "Cy Day"), ("writer", "Di Fox"), ("editor", "Bo Ek")],
            [],
        ),
        ("With files from The Canadian Press", [], ["The Canadian Press"]),
        ("(dpa)", [], ["dpa"]),
        ("AFP, AP", [], ["AFP", "AP"]),
        ("Something else entirely", [], []),
    ],
)
def test_a_wire_credit_names_people_and_agencies(text, credits, agencies):
    found, named = wire_credits(text)
    assert ([(one.role, one.name) for one in found], named) == (credits, agencies)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A dam. (AP Photo/Ann Lee)", ("A dam.", "AP Photo/Ann Lee", "Ann Lee", "AP")),
        ("A dam. Foto: Ann Lee/dpa", ("A dam.", "Ann Lee/dpa", "Ann Lee", "dpa")),
        ("A dam. (AP) A dam. (AP)", ("A dam.", "AP", None, "AP")),
        ("© Getty Images", (None, "Getty Images", None, "Getty Images")),
        ("A dam. Foto: Ann Lee/dpa | ANN LEE", ("A dam.", "Ann Lee/dpa", "Ann Lee", "dpa")),
        ("A dam. (Northwire/Ann Lee)", ("A dam.", "Northwire/Ann Lee", "Ann Lee", "Northwire")),
        ("A dam. Foto: © Ann Lee", ("A dam.", "Ann Lee", "Ann Lee", None)),
        (
            "A dam. NORTHERN Foto Services | Ann Lee",
            ("A dam.", "NORTHERN Foto Services | Ann Lee", "Ann Lee", "NORTHERN Foto Services"),
        ),
        ("A dam. Ann Lee / Pool via Reuters", ("A dam.", "Ann Lee / Pool via Reuters", "Ann Lee", "Reuters")),
        ("A dam in May (Image: PA", ("A dam in May", "PA", None, "PA Media")),
        ("A dam. (Image: Ann Lee)", ("A dam.", "Ann Lee", "Ann Lee", None)),
        ("河上的水坝。周明 摄", ("河上的水坝。", "周明", None, None)),
        ("川のダム＝北浜市で、佐藤健撮影", ("川のダム＝北浜市で", "佐藤健", None, None)),
        ("강의 댐. 사진=이준호", ("강의 댐.", "이준호", None, None)),
        ("סכר בנהר. צילום: דן לוי", ("סכר בנהר.", "דן לוי", "דן לוי", None)),
        ("A dam on Monday. (Ann Lee)", ("A dam on Monday.", "Ann Lee", "Ann Lee", None)),
        ("A dam. (Ann Lee/Courier)", ("A dam.", "Ann Lee/Courier", "Ann Lee", "Courier")),
        ("The keeper (Ann Lee)", ("The keeper (Ann Lee)", None, None, None)),
        ("A dam in the north (left) and its keeper.", ("A dam in the north (left) and its keeper.", None, None, None)),
    ],
)
def test_a_caption_and_its_credit_come_apart(text, expected):
    parts = caption_parts(text)
    assert (parts.caption, parts.credit, parts.photographer, parts.agency) == expected


def test_a_date_in_a_caption_is_kept_as_printed():
    assert caption_parts("A dam, Friday, Sept. 8, 2023. (AP)").date == "Sept. 8, 2023"
