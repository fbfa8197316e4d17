"""Names: people, houses and agencies apart; roles and addresses removed; nothing invented."""

import pytest

from newsbot.core.authors import find_authors
from newsbot.core.blocks import segment
from newsbot.core.metadata import read_metadata
from newsbot.core.names import names_in
from newsbot.core.page import read_page
from newsbot.core.roles import Role

PERSON, HOUSE, AGENCY = "person", "organization", "agency"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Jane Doe", [("Jane Doe", PERSON)]),
        ("Von Erika Muster und Max Beispiel, Berlin", [("Erika Muster", PERSON), ("Max Beispiel", PERSON)]),
        ("Par Marie Exemple | Publié le 3 mai 2024", [("Marie Exemple", PERSON)]),
        ("Por Juan Ejemplo y María Muestra", [("Juan Ejemplo", PERSON), ("María Muestra", PERSON)]),
        ("Text: Erika Muster", [("Erika Muster", PERSON)]),
        ("Erika Muster (emu)", [("Erika Muster", PERSON)]),
        ("Jane Doe, Senior Political Correspondent", [("Jane Doe", PERSON)]),
        ("Jane Doe jane.doe@example.org @janedoe", [("Jane Doe", PERSON)]),
        ("Jan van der Berg", [("Jan van der Berg", PERSON)]),
        ("dpa", [("dpa", AGENCY)]),
        ("Deutsche Presse-Agentur", [("Deutsche Presse-Agentur", AGENCY)]),
        ("Erika Muster/dpa", [("Erika Muster", PERSON), ("dpa", AGENCY)]),
        ("Redaktion", [("Redaktion", HOUSE)]),
        ("Online-Redaktion Beispiel", [("Online-Redaktion Beispiel", HOUSE)]),
        ("example.org", [("example.org", HOUSE)]),
        ("https://www.facebook.com/example", []),
        ("12 min read", []),
        ("Everything is about to change in the world of news", []),
        ("null", []),
        ("admin", []),
        ("Anónimo", []),
        ("Redaktion: Jane Doe", [("Jane Doe", PERSON)]),
        ("Redaktion Beispielblatt", [("Redaktion Beispielblatt", HOUSE)]),
        ("By Jane Doe And John Public", [("Jane Doe", PERSON), ("John Public", PERSON)]),
        ("Jane Doe im Gespräch mit John Public", [("Jane Doe", PERSON), ("John Public", PERSON)]),
        (">Home>Politics", []),
        ("About Jane Doe", []),
        ("מאת נועה ברק", [("נועה ברק", PERSON)]),
        ("", []),
    ],
)
def test_a_field_of_names_is_taken_apart(text, expected):
    assert [(name.text, name.kind) for name in names_in(text)] == expected


def authors(html, roles, url="https://news.example.org/a"):
    segments = segment(read_page(html.encode(), url))
    return [(one.text, one.kind) for one in find_authors(segments, read_metadata(segments), roles).names]


def article(author):
    return f'<script type="application/ld+json">{{"@type":"NewsArticle","headline":"H","author":{author}}}</script>'


def test_people_of_json_ld_are_the_authors():
    html = article('[{"@type":"Person","name":"Jane Doe"},{"@type":"Person","name":"John Public"}]') + "<h1>H</h1>"
    assert authors(html, [Role.HEADLINE]) == [("Jane Doe", PERSON), ("John Public", PERSON)]


def test_the_printed_byline_adds_whom_json_ld_left_out():
    html = article('{"@type":"Person","name":"Jane Doe"}') + "<h1>H</h1><p>By Jane Doe and John Public</p>"
    assert authors(html, [Role.HEADLINE, Role.CHROME]) == [("Jane Doe", PERSON), ("John Public", PERSON)]


def test_the_house_yields_to_a_printed_person():
    html = article('{"@type":"Organization","name":"The Example"}') + "<h1>H</h1><p>By Jane Doe</p>"
    assert authors(html, [Role.HEADLINE, Role.CHROME]) == [("Jane Doe", PERSON)]


def test_the_house_is_the_author_where_nobody_else_is_named():
    html = article('{"@type":"Organization","name":"The Example"}') + "<h1>H</h1>"
    assert authors(html, [Role.HEADLINE]) == [("The Example", HOUSE)]


def test_a_login_yields_to_the_printed_name():
    html = article('{"@type":"Person","name":"jane.doe"}') + "<h1>H</h1><p>By Jane Doe</p>"
    assert authors(html, [Role.HEADLINE, Role.CHROME]) == [("Jane Doe", PERSON)]


def test_bylines_of_teasers_are_left_alone():
    html = "<h1>H</h1><p>By Jane Doe</p>"
    assert authors(html, [Role.HEADLINE, Role.TEASER]) == []


def test_a_meta_name_that_the_page_does_not_print_is_not_taken():
    html = '<meta name="author" content="Web Master"><h1>H</h1><p>Text of the story.</p>'
    assert authors(html, [Role.HEADLINE, Role.BODY]) == []


def test_names_in_elements_that_touch_are_told_from_roles():
    html = '<h1>H</h1><p class="byline">By <a href="/authors/jane-doe/"><b>Jane Doe</b><i>Crime Reporter</i></a></p>'
    assert authors(html, [Role.HEADLINE, Role.CHROME]) == [("Jane Doe", PERSON)]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        pytest.param('<div class="entry-author">by Jane Doe</div>', Role.CAPTION, id="beside a portrait"),
        pytest.param("<p>Posted by Jane Doe under Politics</p>", Role.CHROME, id="named in passing"),
        pytest.param("<p>Jane Doe · 2 March 2026, 14:05</p>", Role.DATE, id="beside the date"),
        pytest.param("<p>By Jane Doe in Paris</p>", Role.CHROME, id="with the place"),
    ],
)
def test_a_byline_is_read_where_it_is_less_than_plain(line, role):
    assert authors(f"<h1>H</h1>{line}<p>Text.</p>", [Role.HEADLINE, role, Role.BODY]) == [("Jane Doe", PERSON)]


@pytest.mark.parametrize(
    ("line", "role"),
    [
        pytest.param('<figcaption class="author-photo">Jane Doe</figcaption>', Role.CAPTION, id="caption"),
        pytest.param('<ul class="main-menu"><li>Author: Jane Doe</ul>', Role.CHROME, id="menu"),
        pytest.param("<p>Photos: Jane Doe</p>", Role.CHROME, id="photographer"),
    ],
)
def test_a_name_that_is_no_byline_is_no_author(line, role):
    assert authors(f"<h1>H</h1>{line}<p>Text.</p>", [Role.HEADLINE, role, Role.BODY]) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param("2026年03月03日 18:20 来源：北岸日报 记者 周明", "周明", id="chinese"),
        pytest.param("입력 2026.03.03 18:20 | 김서연 기자 seoyeon@courier.example", "김서연", id="korean"),
    ],
)
def test_a_reporter_is_named_in_a_line_of_the_date(line, name):
    assert authors(f"<h1>H</h1><p>{line}</p>", [Role.HEADLINE, Role.DATE]) == [(name, PERSON)]


@pytest.mark.parametrize(
    "line", ["Topic of the Day · 2 March 2026", "Norvik News · Sport · 2 March 2026", "2 March 2026"]
)
def test_a_line_of_the_date_without_a_name_has_no_author(line):
    assert authors(f"<h1>H</h1><p>{line}</p>", [Role.HEADLINE, Role.DATE]) == []


def test_a_form_that_names_the_house_names_no_author():
    html = article('{"@type":"Person","name":"News"}').replace("NewsArticle", "Recipe") + "<h1>H</h1>"
    assert authors(html, [Role.HEADLINE], "https://news.example/a") == []


def test_a_printed_house_is_the_author_where_nothing_is_declared():
    html = "<h1>H</h1><p>By Example Press Office</p>"
    assert authors(html, [Role.HEADLINE, Role.CHROME]) == [("Example Press Office", HOUSE)]


def test_sources_that_cannot_decide_are_read_for_an_explanation_only():
    html = article('{"@type":"Person","name":"Jane Doe"}') + '<meta name="author" content="Web Master"><h1>H</h1>'
    segments = segment(read_page(html.encode(), "https://news.example.org/a"))
    metadata = read_metadata(segments)
    crawled = find_authors(segments, metadata, [Role.HEADLINE])
    explained = find_authors(segments, metadata, [Role.HEADLINE], explain=True)
    assert [one.value for one in crawled.candidates] == ["Jane Doe"]
    assert ([one.value for one in explained.candidates], explained.won) == (["Jane Doe", "Web Master"], 1)
