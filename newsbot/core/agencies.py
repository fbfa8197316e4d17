"""The news agencies of the world, by the marks with which they sign.

What comes in: a short text. What goes out: the agency that it names. A list of facts, not of sites that are crawled.
"""

from __future__ import annotations

# Signs and names as printed, folded; the value is the name that records use.
_AGENCIES = {
    sign: name
    for name, signs in {
        "Reuters": "reuters|thomson reuters|rtr|rtrs",
        "AP": "ap|associated press|the associated press",
        "AFP": "afp|agence france-presse|agence france presse",
        "dpa": "dpa|deutsche presse-agentur|deutsche presse agentur|dpa-afx|dpa-infocom",
        "APA": "apa|austria presse agentur|apa-ots",
        "SID": "sid|sport-informations-dienst",
        "epd": "epd|evangelischer pressedienst",
        "KNA": "kna|katholische nachrichten-agentur",
        "dts": "dts|dts nachrichtenagentur",
        "Keystone-SDA": "sda|keystone-sda|keystone|ats|keystone-ats",
        "ANSA": "ansa|agenzia ansa",
        "AGI": "agi",
        "Adnkronos": "adnkronos",
        "EFE": "efe|agencia efe",
        "Europa Press": "europa press|europapress",
        "Lusa": "lusa|agência lusa",
        "Belga": "belga|agence belga",
        "ANP": "anp",
        "PA Media": "pa|pa media|press association|pa news agency",
        "The Canadian Press": "the canadian press|canadian press|la presse canadienne",
        "AAP": "aap|australian associated press",
        "UPI": "upi|united press international",
        "Bloomberg": "bloomberg|bloomberg news",
        "TASS": "tass|тасс|itar-tass",
        "RIA Novosti": "ria novosti|риа новости",
        "Interfax": "interfax|интерфакс",
        "Ukrinform": "ukrinform|укрінформ",
        "Xinhua": "xinhua|新华社|新華社|新华网",
        "CNA": "cna|中央社",
        "Kyodo": "kyodo|kyodo news|共同通信|共同",
        "Jiji Press": "jiji|jiji press|時事通信|時事",
        "Yonhap": "yonhap|연합뉴스|뉴시스|newsis",
        "PTI": "pti|press trust of india",
        "IANS": "ians",
        "ANI": "ani",
        "Antara": "antara",
        "Bernama": "bernama",
        "Anadolu": "anadolu|anadolu agency|anadolu ajansı|anadolu agentur|aa",
        "DHA": "dha|demirören haber ajansı",
        "IHA": "iha|ihlas haber ajansı",
        "IRNA": "irna",
        "WAFA": "wafa",
        "SPA": "spa|saudi press agency",
        "NTB": "ntb",
        "Ritzau": "ritzau",
        "TT": "tt|tt nyhetsbyrån",
        "STT": "stt",
        "BNS": "bns",
        "ELTA": "elta",
        "LETA": "leta",
        "PAP": "pap|polska agencja prasowa",
        "ČTK": "čtk|ctk|četka",
        "TASR": "tasr",
        "SITA": "sita",
        "MTI": "mti",
        "Agerpres": "agerpres",
        "BTA": "bta",
        "Tanjug": "tanjug",
        "Hina": "hina",
        "Télam": "télam|telam",
        "Notimex": "notimex",
        "Agência Brasil": "agência brasil|agencia brasil",
        "SAPA": "sapa",
        "NAN": "nan|news agency of nigeria",
    }.items()
    for sign in signs.split("|")
}
# Short signs are words of some language too: they count in the agency's own spelling only.
_CASED = {
    "ap",
    "pa",
    "aa",
    "spa",
    "ani",
    "nan",
    "cna",
    "tt",
    "sita",
    "agi",
    "sid",
    "apa",
    "pap",
    "ats",
    "keystone",
    "hina",
}


def agency_of(text: str) -> str | None:
    """The agency that *text* names and nothing else, or None.

    >>> agency_of("Deutsche Presse-Agentur"), agency_of("(AP)"), agency_of("Ap")
    ('dpa', 'AP', None)
    """
    sign = " ".join(text.split()).strip(" ()[]./|-–—:*")
    if not 2 <= len(sign) <= 40:
        return None
    folded = sign.casefold()
    if folded in _CASED and not sign.isupper():
        return None
    return _AGENCIES.get(folded)
