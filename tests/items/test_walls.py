"""Rejected pages: walls in many languages go, short and odd stories stay."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsbot.items.model import Author, BodyBlock, Capture, Contamination, PageVisit, Story, Teaser
from newsbot.items.validate import Problem, validate

# Code and headline, then the text.
WALLS = """

consent | Before you continue
    We and our partners use cookies and tracking to show advertising. Accept all or reject all; your
    consent covers personal data and legitimate interest.

consent | Mit Werbung weiterlesen
    Mit Ihrer Zustimmung verarbeiten wir und unsere Partner personenbezogene Daten und setzen Cookies.
    Ihre Einwilligung können Sie in den Datenschutzeinstellungen widerrufen.

consent | Votre vie privée
    Avec votre consentement, nos partenaires et nous utilisons des cookies et des traceurs pour traiter
    des données personnelles. Accepter ou continuer sans accepter.

consent | Twoja prywatność
    Za Twoją zgodą my i nasi partnerzy przetwarzamy dane i używamy cookie. Zgody możesz cofnąć w
    ustawieniach prywatności.

consent | プライバシー設定
    当社とパートナーはクッキーを使用します。同意すると、クッキーによる広告に同意したことになります。

challenge | Just a moment...
    Checking your browser. Enable JavaScript and cookies to continue. Ray ID: 7c1a

challenge | Access denied
    You have been blocked by our security service. Reference #18.2 IP address 192.0.2.1

challenge | Are you a robot?
    Please make sure your browser supports JavaScript and cookies and that you are not blocking them.
    Unusual activity from your network was detected.

challenge | Доступ ограничен
    Подтвердите, что вы не робот, и включите JavaScript в браузере.

soft404 | Page not found
    Sorry, the page you are looking for does not exist. Try the search.

soft404 | 404
    The link may be broken or the page may have been removed. Go to the homepage.

soft404 | Seite nicht gefunden
    Die Seite existiert nicht mehr. Zurück zur Startseite.

soft404 | Página no encontrada
    La página que busca no existe. Volver al inicio.

soft404 | Страница не найдена
    Такой страницы не существует. Вернитесь на главную страницу.

soft404 | ページが見つかりません
    お探しのページは移動または削除されました。 トップページへ

parked | paper.test
    This domain is for sale! Buy now or make an offer. Related searches: loans, hosting.

parked | Domain zu verkaufen
    Die Domain paper.test steht zum Verkauf. Domain jetzt kaufen.
"""


def _walls() -> Iterator[tuple[str, str, str]]:
    for entry in WALLS.strip().split("\n\n"):
        first, *lines = entry.splitlines()
        code, headline = first.split(" | ")
        yield code, headline, " ".join(line.strip() for line in lines)


@pytest.mark.parametrize(("code", "headline", "body"), list(_walls()))
def test_wall_is_rejected_with_its_reason(code: str, headline: str, body: str) -> None:
    story = Story(headline=headline, body=body)
    page = PageVisit(url="https://paper.test/2026/story", outcome="story")
    capture = Capture(page=page, story=story, teasers=[Teaser(headline="Bridge reopens")])
    assert validate(capture) == [Problem(code, "body", headline, fatal=True)]
    assert (page.outcome, page.reasons, capture.story, capture.teasers) == ("rejected", [code], None, [])
    assert validate(capture) == []


_COOKIES = "Lawmakers voted to end the consent banners that greet readers, after a debate of six hours in the chamber. "
STORIES = [
    Story(headline="Parliament votes to ban cookie banners", body=_COOKIES * 8),
    Story(headline="Missing hiker not found after three days", body="Rescue teams searched the slopes again on Sunday,"
          " but the man was not seen, police said. Snow is expected on Monday and the search will end then."),
    Story(headline="Robots take over the harbour cranes", body="The port said on Tuesday that ten robot cranes have"
          " been working since spring, and that no human driver has lost a job so far."),
    Story(headline="Access denied to the beach for a third summer", body="Residents were angry on Monday when the"
          " council put a fence across the dunes again; the mayor said that the sand was not safe to walk on."),
    Story(headline="Website domain for sale: town sells its name", body="The town sold its web address on Monday.",
          date_published="2026-03-01T09:00:00+00:00", authors=[Author(name="Ida Holm")]),
    Story(headline="In brief", body="Rain later."),
    Story(headline=None, body="A short notice with no headline, and nothing else on the page but this line."),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.headline))
def test_story_stays_a_story(story: Story) -> None:
    capture = Capture(page=PageVisit(url="https://paper.test/s", outcome="story"), story=story)
    assert validate(capture) == []
    assert capture.story is story and capture.page.outcome == "story"


_ENGLISH = "The two towns agreed on Thursday to share the ferry, and the mayors signed the paper at the pier. "


def _story(lines: list[str], **fields: object) -> Story:
    blocks, at = [], 0
    for line in lines:
        blocks.append(BodyBlock(kind="paragraph", start=at, end=at + len(line)))
        at += len(line) + 1
    return Story(body="\n".join(lines), body_blocks=blocks, language="en", **fields)  # type: ignore[arg-type]


def test_injected_name_is_set_apart() -> None:
    story = _story(["红莲影视", _ENGLISH * 2, _ENGLISH], headline="Ferry shared", publisher="红莲影视")
    capture = Capture(page=PageVisit(url="https://mirror.test/1"), story=story)
    assert validate(capture) == []
    assert story.body == f"{_ENGLISH * 2}\n{_ENGLISH}"
    assert [story.body[block.start : block.end] for block in story.body_blocks] == [_ENGLISH * 2, _ENGLISH]
    assert (story.publisher, story.headline) == (None, "Ferry shared")
    assert story.contamination == [
        Contamination(field="publisher", text="红莲影视", reason="foreign_script"),
        Contamination(field="body", text="红莲影视", reason="foreign_script"),
    ]
    assert validate(capture) == [] and len(story.contamination) == 2


@pytest.mark.parametrize(
    ("url", "lines", "publisher"),
    [
        pytest.param("https://paper.cn/1", ["新华网", _ENGLISH * 2, _ENGLISH], "新华网", id="own-country"),
        pytest.param("https://p.test/1", [_ENGLISH * 2, "你好，世界", _ENGLISH], "Paper", id="inside-the-story"),
        pytest.param("https://p.test/1", ["你好", _ENGLISH * 2 + "你好 means hello.", _ENGLISH], "Paper", id="quoted"),
        pytest.param("https://p.test/1", [_ENGLISH * 2, _ENGLISH, "* * *"], "Ærø Avis", id="latin"),
    ],
)
def test_foreign_text_that_belongs_stays(url: str, lines: list[str], publisher: str) -> None:
    story = _story(lines, publisher=publisher)
    validate(Capture(page=PageVisit(url=url), story=story))
    assert (story.body, story.publisher, story.contamination) == ("\n".join(lines), publisher, [])
