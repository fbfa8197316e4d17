"""The images and videos of a story.

What comes in: the captions found at the story, the page's metadata. What goes out: `Image` and `Video` items, each
image and each caption once: what the page shows comes first, what it only declares after.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from newsbot.core import declared
from newsbot.core.blocks import Segments
from newsbot.core.captions import Caption, captions
from newsbot.core.credits import CaptionParts, caption_parts, credit_parts
from newsbot.core.dates import read_moment
from newsbot.core.metadata import Metadata
from newsbot.core.roles import Regions
from newsbot.core.urls import absolute_url
from newsbot.items.model import Image, Video

# Where a page loads its images late, ``src`` is a placeholder.
_ADDRESSES = ("data-src", "data-original", "data-lazy-src", "src")


def images_of(segments: Segments, metadata: Metadata, regions: Regions, authors: Sequence[str]) -> list[Image]:
    """Images with a caption on the page, then those that the page declares and does not show with one."""
    found: dict[tuple[str | None, str | None], Image] = {}
    for caption in captions(segments, regions, authors):
        image = _captioned(caption, metadata.base_url)
        found.setdefault((image.url, image.caption), image)
    images = list(found.values())
    known = {_file_name(image.url) for image in images if image.url}
    told = {image.caption for image in images if image.caption}
    for one in declared.declared_images(metadata):
        image = _declared(one)
        if _file_name(one.url) not in known and (image.caption is None or image.caption not in told):
            images.append(image)
    return images


def videos_of(metadata: Metadata) -> list[Video]:
    """The videos that the page declares for its story."""
    return [Video(url=url, caption=caption) for url, caption in declared.declared_videos(metadata)]


def _file_name(url: str | None) -> str:
    """The last part of a URL's path, which an image keeps in its sizes; the whole URL where that says nothing."""
    if not url:
        return ""
    try:
        name = urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return url
    return name if len(name) >= MIN_FILE_NAME_CHARS else url


MIN_FILE_NAME_CHARS = 10


def _captioned(caption: Caption, base_url: str) -> Image:
    image = _image(caption.parts)
    if caption.image is not None:
        attrs = caption.image.attrs
        image.alt = attrs.get("alt") or None
        addresses = [attrs.get(key) or "" for key in _ADDRESSES]
        addresses += [(attrs.get(key) or "").strip().partition(" ")[0].rstrip(",") for key in ("srcset", "data-srcset")]
        address = next((one for one in addresses if one and not one.startswith("data:")), None)
        if address:
            image.url = absolute_url(address, base_url)
    return image


def _image(parts: CaptionParts) -> Image:
    image = Image(caption=parts.caption, credit=parts.credit, photographer=parts.photographer, agency=parts.agency)
    moment = read_moment(parts.date) if parts.date else None
    image.date_taken = moment.text[:10] if moment else None
    return image


def _declared(one: declared.DeclaredImage) -> Image:
    parts = caption_parts(one.caption) if one.caption else CaptionParts(None, None, None, None, None)
    if one.credit:
        parts = credit_parts(CaptionParts(parts.caption, None, None, None, parts.date), one.credit)
    image = _image(parts)
    image.url = one.url
    return image
