"""Pages that stand where a story should: consent dialogues, robot checks, soft 404s, parked domains.

What comes in: the loaded texts of a page. What goes out: which of these it is, or ``None``. Knows no site and no
markup: each kind is told by how much of a short, undated text is its vocabulary, in the languages of the web's papers.
A story about cookies or domains is longer, dated or signed, and uses the words less often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsbot.items.model import PageVisit, Story


@dataclass(frozen=True, slots=True)
class _Wall:
    """One kind: ``phrases`` that tell it in a headline, ``words`` that fill its text, and when these are enough."""

    code: str
    phrases: tuple[str, ...]
    words: tuple[str, ...]
    max_words: int
    min_hits: int
    min_share: float


def _any_of(text: str) -> tuple[str, ...]:
    """The lines of *text*, each a plain piece of a sentence in lower case."""
    return tuple(line.strip() for line in text.strip().splitlines())


def _has_one(text: str, pieces: tuple[str, ...]) -> bool:
    return any(piece in text for piece in pieces)


def _hits(text: str, pieces: tuple[str, ...]) -> int:
    return sum(text.count(piece) for piece in pieces)


_CONSENT = _Wall(
    "consent",
    _any_of("""
before you continue
your privacy
we value your privacy
we care about your privacy
cookie settings
cookie preferences
cookies on
ihre privatsphäre
datenschutzeinstellungen
cookie-einstellungen
werbung und tracking
mit werbung weiterlesen
votre vie privée
gestion des cookies
tu privacidad
su privacidad
la tua privacy
la sua privacy
a sua privacidade
uw privacy
jouw privacy
cookievoorkeuren
twoja prywatność
vaše soukromí
din integritet
dit privatliv
ditt personvern
gizliliğiniz
ваша конфиденциальность
ваша приватність
プライバシー設定
您的隐私
개인정보 설정
"""),
    _any_of("""
cookie
consent
privacy
personal data
tracking
partners
vendors
legitimate interest
advertis
accept all
reject all
einwilligung
zustimm
datenschutz
personenbezogen
akzeptier
consentement
traceurs
vie privée
données personnelles
accepter
consentimiento
privacidad
aceptar
consenso
accetta
consentimento
aceitar
toestemming
gegevens
zgod
przetwarza
prywatno
souhlas
soukrom
samtyck
samtykk
suostum
hozzájárul
consimț
çerez
kişisel veri
согласи
згод
куки
クッキー
同意
쿠키
동의
"""),
    600,
    4,
    0.04,
)
_CHALLENGE = _Wall(
    "challenge",
    _any_of("""
just a moment
attention required
access denied
access to this page has been denied
are you a robot
are you human
verify you are human
verifying you are human
security check
checking your browser
pardon our interruption
request blocked
you have been blocked
unusual traffic
one more step
please enable javascript
please enable cookies
captcha
zugriff verweigert
sicherheitsüberprüfung
sind sie ein mensch
kein roboter
accès refusé
vérification de sécurité
êtes-vous un robot
acceso denegado
no soy un robot
accesso negato
accesso bloccato
acesso negado
toegang geweigerd
dostęp zabroniony
přístup odepřen
åtkomst nekad
adgang nægtet
erişim engellendi
доступ запрещен
доступ ограничен
я не робот
访问被拒绝
人机验证
アクセスが拒否
ロボットではありません
접근이 거부
로봇이 아닙니다
"""),
    _any_of("""
robot
captcha
human
browser
javascript
cookies
blocked
denied
ray id
reference #
incident
security service
ip address
unusual
automated
network
mensch
gesperrt
roboter
navigateur
bloqué
navegador
bloqueado
verifica
blokk
браузер
робот
浏览器
验证
ブラウザ
브라우저
"""),
    200,
    3,
    0.04,
)
_NOT_FOUND = _Wall(
    "soft404",
    _any_of("""
404
page not found
page doesn't exist
page doesn’t exist
page does not exist
no longer available
can't find that page
can’t find that page
cannot be found
could not be found
couldn't find
couldn’t find
article not found
story not found
nothing was found
seite nicht gefunden
nicht gefunden
existiert nicht
nicht mehr verfügbar
page introuvable
page non trouvée
n'existe pas
n’existe pas
n'existe plus
n’existe plus
página no encontrada
no encontrada
no se encuentra
no existe
pagina non trovata
non trovata
non esiste
página não encontrada
não encontrada
não existe
pagina niet gevonden
niet gevonden
bestaat niet
nie znaleziono
strona nie istnieje
stránka nenalezena
nebyla nalezena
nenájden
sidan hittades inte
hittades inte
kunne ikke findes
ikke fundet
ikke funnet
finnes ikke
sivua ei löytynyt
ei löydy
nem található
nu a fost găsit
sayfa bulunamadı
bulunamadı
страница не найдена
не найдена
не существует
не знайдено
δεν βρέθηκε
ページが見つかりません
見つかりませんでした
页面不存在
找不到
頁面不存在
페이지를 찾을 수 없
không tìm thấy
الصفحة غير موجودة
הדף לא נמצא
"""),
    _any_of("""
not found
page
link
address
url
search
homepage
home page
moved
removed
deleted
exist
gefunden
seite
startseite
adresse
introuvable
accueil
página
inicio
pagina
stron
stránk
sida
side
страниц
页面
ページ
페이지
"""),
    150,
    2,
    0.03,
)
_PARKED = _Wall(
    "parked",
    _any_of("""
domain is for sale
domain for sale
domain may be for sale
buy this domain
domain name is for sale
this domain is parked
parked domain
domain parking
domain has expired
domain steht zum verkauf
domain zu verkaufen
domaine est à vendre
nom de domaine est
dominio está en venta
dominio è in vendita
domínio está à venda
domein is te koop
domena jest na sprzedaż
doména je na prodej
домен продается
домен продаётся
域名出售
此域名
このドメイン
도메인을 판매
"""),
    _any_of("""
domain
for sale
buy now
registrar
related searches
related links
sponsored listings
hosting
whois
auction
make an offer
verkauf
vendre
venta
vendita
te koop
sprzeda
продаж
域名
ドメイン
도메인
"""),
    300,
    3,
    0.03,
)
_WALLS = (_CHALLENGE, _CONSENT, _NOT_FOUND, _PARKED)
_MAX_HEADLINE_WORDS = 14
_MAX_CHARS = 6_000  # no wall is as long
_WALL_PATH = re.compile(r"/(?:cookie-?)?consent\b|/cookiewall|/captcha|/challenge\b|/404\b|[?&]consent", re.IGNORECASE)


def wall(page: PageVisit, story: Story) -> str | None:
    """``challenge``, ``consent``, ``soft404`` or ``parked`` if *story* is no story but such a page.

    Real stories are the worse error: one that has a date or an author of its own is never taken for a wall.
    """
    body = story.body or ""
    if len(body) > _MAX_CHARS:
        return None
    count = len(body.split())
    if (story.date_published or story.authors) and (story.authors or count >= 25):
        return None  # dates of robot checks, which hold hardly more than their headline, are today's
    if count > max(kind.max_words for kind in _WALLS):
        return None
    is_wall_url = _WALL_PATH.search(page.url or "") is not None
    headline, body = (story.headline or "").lower(), body.lower()
    for kind in _WALLS:
        if count <= kind.max_words and _is_of(kind, headline, body, count, is_wall_url=is_wall_url):
            return kind.code
    return None


def _is_of(kind: _Wall, headline: str, body: str, count: int, *, is_wall_url: bool) -> bool:
    in_headline = len(headline.split()) <= _MAX_HEADLINE_WORDS and _has_one(headline, kind.phrases)
    in_body = _has_one(body[:500], kind.phrases)
    if not (in_headline or in_body or is_wall_url):
        return False
    hits = _hits(body, kind.words) + _hits(body, kind.phrases)
    share = hits / max(count, 1)
    if in_headline:
        return hits >= kind.min_hits // 2 and (share >= kind.min_share / 2 or count < 25)
    enough = hits >= kind.min_hits and share >= kind.min_share
    return enough and (in_body or is_wall_url) and (is_wall_url or count <= kind.max_words // 2)
