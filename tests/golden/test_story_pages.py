"""Golden pages of our own: one folder a layout or phenomenon, one test a field; and no page crashes, cut anywhere."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from newsbot.core.blocks import segment
from newsbot.core.metadata import claims, read_metadata
from newsbot.core.page import read_page
from newsbot.core.regions import split
from newsbot.core.roles import Regions, Role

FOLDER = Path(__file__).parent / "story"
PAGES = sorted(path.name for path in FOLDER.iterdir())
STORIES = [name for name in PAGES if name != "front_page"]


def url_of(name: str) -> str:
    return "https://courier.example/" if name == "front_page" else f"https://courier.example/news/{name}-4410"


def regions_of_html(html: bytes, name: str) -> Regions:
    segments = segment(read_page(html, url_of(name)))
    return split(segments, claims(read_metadata(segments)))


@cache
def regions_of(name: str) -> Regions:
    return regions_of_html((FOLDER / name / "page.html").read_bytes(), name)


def expected(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_body(name: str) -> None:
    assert [part.text for part in regions_of(name).body] == expected(name)["body"]


@pytest.mark.parametrize("name", STORIES)
def test_headline(name: str) -> None:
    assert regions_of(name).headline == expected(name)["headline"]


@pytest.mark.parametrize("name", PAGES)
def test_lead(name: str) -> None:
    assert regions_of(name).lead == expected(name)["lead"]


@pytest.mark.parametrize("name", [name for name in PAGES if expected(name)["kinds"] is not None])
def test_kinds_of_the_parts(name: str) -> None:
    assert [part.kind for part in regions_of(name).body] == expected(name)["kinds"]


@pytest.mark.parametrize("name", PAGES)
def test_captions(name: str) -> None:
    assert [caption.text for caption in regions_of(name).captions] == expected(name)["captions"]


@pytest.mark.parametrize("name", PAGES)
def test_page_type(name: str) -> None:
    assert regions_of(name).page_type == expected(name)["page_type"]


@pytest.mark.parametrize("name", PAGES)
def test_roles_add_up_to_all_text(name: str) -> None:
    segments = segment(read_page((FOLDER / name / "page.html").read_bytes(), url_of(name)))
    roles = split(segments, claims(read_metadata(segments))).roles
    chars = dict.fromkeys(Role, 0)
    for block, role in zip(segments.blocks, roles, strict=True):
        chars[role] += len(block.text)
    assert sum(chars.values()) == sum(len(block.text) for block in segments.blocks)


def test_class_names_decide_nothing() -> None:
    classic, meaningless = regions_of("classic"), regions_of("meaningless_classes")
    assert (meaningless.roles, meaningless.body) == (classic.roles, classic.body)


@pytest.mark.parametrize("name", PAGES)
def test_a_cut_page_is_still_explained(name: str) -> None:
    html = (FOLDER / name / "page.html").read_bytes()
    for cut in range(1, len(html), 97):
        regions = regions_of_html(html[:cut], name)
        assert all(part.block < len(regions.roles) for part in regions.body)


def test_explanation_names_the_role_and_what_tipped_it() -> None:
    segments = segment(read_page((FOLDER / "classic" / "page.html").read_bytes(), url_of("classic")))
    regions = split(segments, claims(read_metadata(segments)), explain=True)
    first = regions.body[1].block
    assert regions.reasons[first].startswith("body; story 0.9")
    assert list(regions.reasons) == list(range(len(segments.blocks)))
    assert split(segments, claims(read_metadata(segments))).reasons == {}


def test_forced_roles_win() -> None:
    segments = segment(read_page((FOLDER / "classic" / "page.html").read_bytes(), url_of("classic")))
    plain = split(segments)
    dropped, added = plain.body[2].block, 0
    forced = split(segments, forced={dropped: Role.CHROME, added: Role.BODY})
    found = [part.block for part in forced.body]
    assert found == sorted({added, *(part.block for part in plain.body)} - {dropped})
    assert (forced.roles[dropped], forced.roles[added]) == (Role.CHROME, Role.BODY)
