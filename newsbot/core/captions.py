"""The captions of a story's images: which image each belongs to, its text without controls, its credit.

What comes in: `Segments`, the roles of the blocks, and the runs of blocks that stand where captions stand. What goes
out: `Caption` values; runs that are no caption (an icon's label, the portrait of an author) give none. Reads elements
and words; knows no publisher.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsbot.core.blocks import Block, ImageRef, Node, Piece, Segments
from newsbot.core.credits import CaptionParts, caption_parts, credit_parts, is_credit, once
from newsbot.core.roles import CaptionRegion, Regions, Role

STEPS = 6
MAX_GALLERY_CAPTIONS = 300
# An image that says it is smaller than this is an icon or a portrait.
MIN_IMAGE_PX = 90
# Words beside the name in the line of an author's portrait ("Chief reporter").
MAX_PORTRAIT_CHARS = 80

_CREDIT_HINT = re.compile(
    r"credit|copyright|photographer|fotograf|attribution|imagesource|image-source|img-source|rights"
)
_FIGURE = frozenset(("figure", "figcaption"))
# What players and galleries write around a caption: whole elements, then the counters at its start.
_CONTROL = re.compile(
    r"(?:open|close|enlarge|expand|zoom|full ?screen|toggle|show|hide|view|next|previous|play|autoplay|pause|loading|"
    r"share|download|save|buy|click|tap|swipe|read more|see more|advertisement|image|photo|video|audio|caption|"
    r"copyright|gallery|picture|source|"
    r"bild|foto|vergrößern|öffnen|schließen|schliessen|einblenden|ausblenden|anzeigen|weiterlesen|herunterladen|grafik|"
    r"quelle|zurück|weiter|anzeige|abspielen|agrandir|fermer|ouvrir|partager|publicité|ampliar|cerrar|abrir|imagen|"
    r"compartir|ingrandisci|chiudi|visa|mer|helskärm|stäng|vis|lukk|vergroten|sluiten|delen|powiększ|zamknij)\b",
    re.IGNORECASE,
)
_CONTROL_FILL = re.compile(
    r"\b(?:more|less|in|the|a|an|to|of|for|your|this|all|zu|das|im|en|la|l'image|galerie|image|\d{1,3})\b|[^\w\s]"
)
_COUNTER = re.compile(
    r"(?:view \d{1,3} images?|\[?\d{1,3}\s?(?:/|of|von|de|sur|di|av|из)\s?\d{1,3}\]?\s?[|:]?)\s?", re.IGNORECASE
)
MAX_CONTROL_CHARS = 40


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption taken apart, and its image."""

    parts: CaptionParts
    image: ImageRef | None


def captions(segments: Segments, regions: Regions, authors: Sequence[str]) -> Iterator[Caption]:
    """The captions of the story in document order; portraits of *authors* (names) are left out."""
    names = [name.casefold() for name in authors]
    for region in _with_gallery(segments, regions):
        if not region.blocks or max(region.blocks) >= len(segments.blocks):
            parts = caption_parts(region.text)
            yield Caption(parts, None)
            continue
        blocks = [segments.blocks[index] for index in region.blocks]
        figure = _figure(blocks[0])
        image = _image(segments, figure, region)
        parts = _parts(blocks, regions.roles)
        below = region.blocks[-1] + 1
        if parts.credit is None and below < len(regions.roles) and regions.roles[below] is Role.CREDIT:
            parts = credit_parts(parts, segments.blocks[below].text)
        text = parts.caption or ""
        if (text or parts.credit) and _is_caption(parts, figure, image) and not _is_portrait(text, names):
            yield Caption(parts, image)


def _with_gallery(segments: Segments, regions: Regions) -> Sequence[CaptionRegion]:
    """The runs found at the story; in a gallery, whose pictures follow the text, every figure that is no teaser's."""
    if regions.page_type != "gallery":
        return regions.captions
    known = {index for region in regions.captions for index in region.blocks}
    found = list(regions.captions)
    for node in segments.nodes:
        if node.tag == "figcaption" and len(found) < MAX_GALLERY_CAPTIONS:
            blocks = tuple(range(node.first_block, node.end_block))
            if (
                blocks
                and not known.intersection(blocks)
                and Role.TEASER not in regions.roles[blocks[0] : blocks[-1] + 1]
            ):
                found.append(CaptionRegion(" ".join(segments.blocks[index].text for index in blocks), blocks, None))
    return sorted(found, key=lambda region: region.blocks)


def _figure(block: Block) -> Node | None:
    """The element that makes the block a caption: a figure, else the nearest one that holds an image too."""
    node: Node | None = block.pieces[0].node
    nearest = None
    for _ in range(STEPS):
        if node is None:
            break
        if node.tag == "figure":
            return node
        if nearest is None and node.first_image < node.end_image:
            nearest = node
        node = node.parent
    return nearest


def _image(segments: Segments, figure: Node | None, region: CaptionRegion) -> ImageRef | None:
    """The image of the figure; else the last one before the caption."""
    if figure is not None and figure.first_image < figure.end_image:
        inner = segments.images[figure.first_image : figure.end_image]
        return next((image for image in inner if not _is_icon(image)), inner[0])
    return segments.images[region.image] if region.image is not None else None


def _is_icon(image: ImageRef) -> bool:
    attrs = image.attrs
    address = (attrs.get("src") or attrs.get("data-src") or "").partition("?")[0].lower()
    if address.endswith((".svg", ".ico", ".gif")):
        return True
    sizes = (attrs.get("width", ""), attrs.get("height", ""))
    return any(size.isdecimal() and len(size) < 6 and int(size) < MIN_IMAGE_PX for size in sizes)


def _is_caption(parts: CaptionParts, figure: Node | None, image: ImageRef | None) -> bool:
    """Whether a run is a caption: in a figure, or beside an image that is no icon, and more than a label."""
    if image is not None and _is_icon(image):
        return False
    if figure is not None and figure.tag == "figure":
        return True
    text = parts.caption or ""
    return image is None or parts.credit is not None or len(text) >= MIN_CAPTION_CHARS or " " in text


MIN_CAPTION_CHARS = 16


def _is_portrait(text: str, names: Sequence[str]) -> bool:
    """Whether *text* is an author's name with little else, and no sentence."""
    folded = text.casefold()
    return text[-1:] not in (".", "!", "?") and any(
        name in folded and len(folded) <= len(name) + MAX_PORTRAIT_CHARS for name in names if len(name) > 3
    )


def _parts(blocks: Sequence[Block], roles: Sequence[Role]) -> CaptionParts:
    """Caption and credit: by the elements that say which is which, else by the words."""
    shown: list[str] = []
    credits: list[str] = []
    for block in blocks:
        shown_here = once(block.text)
        if shown_here != block.text:  # the caption stands twice: its words say what is the credit
            shown.append(shown_here)
            continue
        shown_here = ""
        for text, piece in _runs(block):
            if _is_control(text):
                continue
            is_own = piece.node is not block.node or len(blocks) > 1
            if roles[block.index] is Role.CREDIT or (is_own and _CREDIT_HINT.search(piece.node.hint) is not None):
                credits.append(text.strip())
            else:
                shown_here += text
        if any(map(str.isalnum, shown_here)):
            shown.append(shown_here.strip())
    if not credits and len(shown) > 1 and is_credit(shown[-1]):
        credits.append(shown.pop())
    text = _COUNTER.sub("", " ".join(dict.fromkeys(shown)), count=1) if shown else ""
    parts = caption_parts(text)
    for credit in dict.fromkeys(credits):
        parts = credit_parts(parts, credit)
    return parts


def _runs(block: Block) -> Iterator[tuple[str, Piece]]:
    """The texts of the block by the element that holds them, with the white space behind each."""
    start = 0
    pieces = block.pieces
    for at, piece in enumerate(pieces):
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        if following is None or following.node is not piece.node or following.tag != piece.tag:
            end = following.start if following is not None else len(block.text)
            if start < end:
                yield block.text[start:end], piece
            start = end


def _is_control(text: str) -> bool:
    """Whether *text* is what a player or gallery writes: control words and nothing else."""
    text = text.strip()
    if len(text) > MAX_CONTROL_CHARS or not _CONTROL.search(text):
        return False
    return not _CONTROL_FILL.sub("", _CONTROL.sub("", text)).strip()
