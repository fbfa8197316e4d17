"""What the splitting of a golden page says of itself: roles that add up, reasons, a site file's word."""

from __future__ import annotations

import pytest

from newsbot.core.blocks import Segments, segment
from newsbot.core.metadata import claims, read_metadata
from newsbot.core.page import read_page
from newsbot.core.regions import Regions, split
from newsbot.core.roles import Role
from tests.golden.golden import PAGES, bytes_of, capture_of, truth_of


def segments_of(name: str) -> Segments:
    return segment(read_page(bytes_of(name), truth_of(name)["url"]))


def regions_of(name: str, *, explain: bool = False) -> Regions:
    segments = segments_of(name)
    return split(segments, claims(read_metadata(segments)), explain=explain)


@pytest.mark.parametrize("name", PAGES)
def test_roles_add_up_to_all_text(name: str) -> None:
    chars = capture_of(name).page.role_chars
    text = sum(len(block.text) - block.text.count(" ") for block in segments_of(name).blocks)

    assert sum(getattr(chars, role) for role in chars.__slots__) == text


def test_class_names_decide_nothing() -> None:
    classic, meaningless = regions_of("classic"), regions_of("meaningless_classes")

    assert (meaningless.roles, meaningless.body) == (classic.roles, classic.body)


def test_explanation_names_the_role_and_what_tipped_it() -> None:
    regions = regions_of("classic", explain=True)

    assert regions.reasons[regions.body[1].block].startswith("body; story 0.9")
    assert list(regions.reasons) == list(range(len(regions.roles)))
    assert regions_of("classic").reasons == {}


def test_forced_roles_win() -> None:
    segments = segments_of("classic")
    plain = split(segments)
    dropped, added = plain.body[2].block, 0

    forced = split(segments, forced={dropped: Role.CHROME, added: Role.BODY})

    assert [part.block for part in forced.body] == sorted({added, *(part.block for part in plain.body)} - {dropped})
    assert (forced.roles[dropped], forced.roles[added]) == (Role.CHROME, Role.BODY)
