"""The links of a Link header, after RFC 8288."""

from __future__ import annotations

import pytest

from newsbot.core.link_header import links_in_header


@pytest.mark.parametrize(
    ("value", "links"),
    [
        ("", []),
        ("</mill>; rel=canonical", [("/mill", "canonical")]),
        ('< /mill >;REL = "Canonical  up" , <>; rel=next', [("/mill", "canonical"), ("/mill", "up"), ("", "next")]),
        ('</other>; title="a; rel=canonical"; rel="prev"', [("/other", "prev")]),
        (r'</other>; title="a \"; rel=canonical, </b>; \""; rel=prev', [("/other", "prev")]),
        ("</other>; rel=prev; rel=canonical", [("/other", "prev")]),
        ("</other>; xrel=canonical; rel-x=canonical; rel*=canonical", []),
        ('</other>; rel=canonical; anchor="/third", </mill>; rel=license', [("/mill", "license")]),
        ("</a,b;c>; rel=canonical;;", [("/a,b;c", "canonical")]),
        ("</a>; crossorigin; rel=preload, </b>", [("/a", "preload")]),
        ('</a>; title="never closed; rel=canonical, </b>; rel=prev', []),
        ("rel=canonical; </a>; rel=canonical", []),
    ],
)
def test_each_link_has_the_relations_it_gives_itself(value: str, links: list[tuple[str, str]]) -> None:
    assert list(links_in_header(value)) == links


@pytest.mark.parametrize("part", ["<", '<a>;x="', r"\"", ";", "=", " ", '<a>;rel="', "<a>,", '<a>;a=b;"', ";x=", '"; '])
def test_no_value_takes_more_than_a_moment(part: str) -> None:
    value = "</a>; title=" + part * 30_000
    assert all(len(href) <= len(value) for href, _ in links_in_header(value))
