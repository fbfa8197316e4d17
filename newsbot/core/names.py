"""Names of people and organisations: candidates for authors.

What comes in: metadata and the bylines as printed. What goes out: `Name` values. Never invents a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsbot.core.metadata import Candidate, Metadata, texts


def author_candidates(metadata: Metadata, bylines: Sequence[str]) -> Iterator[Candidate]:
    """Names of authors, best source first."""
    authors = metadata.article.get("author")
    for one in authors if isinstance(authors, list) else [authors]:
        for name in texts(metadata.resolved(one)):
            yield Candidate(name, "jsonld", "author")
    for name in metadata.metas.get("author", ()):
        yield Candidate(name, "meta", "author")
