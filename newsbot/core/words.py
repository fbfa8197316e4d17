"""Words that hint at what a block is: of class and id attributes, and of short texts.

What comes in: nothing. What goes out: two tables, word → number of its group. A hint is one column among many
for the model, which is trained to do without it. No word here is the name of a publisher or of one site's layout.
"""

from __future__ import annotations

_HINTS = {
    "caption": """
        caption figcaption credit credits photo image img legend bildunterschrift picture media gallery foto
        slideshow
    """,
    "byline": """
        byline author authors autor autoren auteur signature writer contributor profile bio biography reporter
    """,
    "date": """
        date time timestamp datum published updated pubdate datetime dateline
    """,
    "related": """
        related recommend recommended recommendations teaser teasers more most popular trending promo card cards
        recirc recirculation sidebar rail latest outbrain taboola similar also readmore suggestions associated
        linklist
    """,
    "social": """
        share sharing social comment comments follow facebook twitter whatsapp disqus discussion reactions
        toolbar tools
    """,
    "nav": """
        nav navigation menu breadcrumb breadcrumbs footer topbar navbar pagination pager masthead skip offcanvas
    """,
    "offer": """
        newsletter subscribe subscription signup paywall abo login register registration offer cookie consent
        banner modal popup overlay cta donate donation membership regwall marketing
    """,
    "advert": """
        ad ads advert advertisement advertising sponsor sponsored anzeige werbung dfp gpt adslot
    """,
    "lead": """
        lead lede intro introduction standfirst summary dek deck subtitle subheadline subhead excerpt chapo
        entradilla ingress abstract description sapo vorspann bajada strapline subheading sottotitolo
    """,
    "body": """
        body content text story paragraph entry post copy richtext prose wysiwyg articlebody
    """,
    "article": """
        article artikel articulo articolo news single
    """,
    "label": """
        tag tags topic topics keyword keywords category categories label kicker section rubric eyebrow badge
    """,
    "box": """
        infobox factbox box note disclaimer correction embed aside widget info fact facts explainer sidebox
        inset
    """,
    "quote": """
        quote pullquote blockquote zitat citation
    """,
    "headline": """
        headline title heading titre titel header hed
    """,
    "list": """
        list item items grid carousel slider swiper slide feed row column
    """,
    "live": """
        live liveblog ticker timeline update updates
    """,
    "audio": """
        audio video player podcast listen playlist
    """,
}

_TEXT = {
    "house": """
        newsletter facebook twitter instagram whatsapp telegram youtube cookie cookies e-mail email login
        premium subscribe subscriber subscribers subscription abonnement abo abonnieren podcast app copyright
        rights reserved tiktok linkedin bluesky threads rss google
    """,
    "agency": """
        reuters afp dpa ap apa ansa efe getty imago shutterstock epa pa tass xinhua ritzau ntb tt belga lusa pti
        ani
    """,
    "photo": """
        photo foto photograph photograph: bild image picture photo: fotó kuva фото imagem fotografie getty
    """,
    "also": """
        related lesen mehr lire aussi leggi anche také czytaj też także leia lea también läs lees les også read
        more читайте также podobne mohlo watch see also
    """,
    "comment": """
        comment comments kommentar kommentare kommentieren commentaires comentarios reacties kommentarer
    """,
    "author": """
        by von par por di door av af od autor author autorin redaktion editor writer reporter correspondent
    """,
    "update": """
        updated published aktualisiert veröffentlicht publié modifié stand actualizado publicado aggiornato uhr
    """,
    "advert": """
        advertisement anzeige werbung publicité publicidad sponsored ad advertentie annons reklama annonce
    """,
}

HINT_GROUPS = tuple(_HINTS)
HINT_OF_WORD = {word: number for number, words in enumerate(_HINTS.values()) for word in words.split()}
TEXT_GROUPS = tuple(_TEXT)
TEXT_OF_WORD = {word: number for number, words in enumerate(_TEXT.values()) for word in words.split()}
