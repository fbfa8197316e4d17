"""How well the fields beside the body are found, and what kinds of errors there are: headline, authors, dates.

What comes in: a kit with truth (``pages/truth.jsonl`` and its scorer ``score.py``, whose measures are used). What goes
out: a table a data set, the errors counted by class, and on request the errors themselves. Decides nothing.

    python -m benchmarks.quality.fields --kit FOLDER [--half a|b] [--dataset NAME] [--errors FIELD]

The halves are whole publishers (by a hash of the registrable domain): what is tuned on one is checked on the other.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from newsbot.core.errors import ExtractionError
from newsbot.core.metadata import Candidate
from newsbot.core.urls import host_of, registrable_domain
from newsbot.extract import Explained, explain_page
from newsbot.items.model import Story

FIELDS = ("title", "authors", "noauthor", "day", "minute")
HALVES = ("a", "b")


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of one page: how right it is (0.0 to 1.0), and the class of its error, "" if it is right."""

    dataset: str
    page: str
    field: str
    score: float
    error: str
    given: object
    wanted: object


def half_of(url: str) -> str:
    """``a`` or ``b``: the half to which all pages of this publisher belong."""
    domain = registrable_domain(host_of(url)) or url
    return HALVES[hashlib.sha256(domain.encode()).digest()[0] % 2]


def read_kit(folder: Path, half: str | None, datasets: Sequence[str]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """(truth, bytes) of each page that has the truth of a field, in the kit's order."""
    lines = (folder / "pages" / "truth.jsonl").read_text("utf-8").splitlines()
    for truth in map(json.loads, lines):
        if datasets and truth["dataset"] not in datasets:
            continue
        has_truth = truth.get("title") or truth.get("published") or truth.get("authors") is not None
        if has_truth and (half is None or half_of(truth["url"]) == half):
            yield truth, gzip.decompress((folder / "pages" / truth["file"]).read_bytes())


def load_scorer(folder: Path) -> ModuleType:
    """The kit's own scorer: what counts as equal is its business."""
    spec = importlib.util.spec_from_file_location("kit_score", folder / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(folder / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def findings(truth: dict[str, Any], explained: Explained | None, scorer: ModuleType) -> Iterator[Finding]:
    """What is right and wrong in the fields of one page."""
    story = explained.capture.story if explained is not None else None
    story = story if story is not None else Story()
    candidates = {one.field: one.candidates for one in explained.choices} if explained is not None else {}
    page = (truth["dataset"], truth["id"])
    if truth.get("title"):
        wanted, given = truth["title"], story.headline
        is_right = scorer.norm_title(wanted) == scorer.norm_title(given)
        error = "" if is_right else _title_error(wanted, given, candidates.get("headline", ()), scorer)
        yield Finding(*page, "title", float(is_right), error, given, wanted)
    if truth.get("authors") is not None:
        names = [author.name for author in story.authors]
        score = scorer.author_f1(truth["authors"], names)
        shown = explained.segments.blocks if explained is not None else ()
        text = "\n".join(block.text for block in shown)
        error = "" if score == 1.0 else _author_error(truth["authors"], names, text, scorer)
        yield Finding(*page, "authors" if truth["authors"] else "noauthor", score, error, names, truth["authors"])
    if truth.get("published"):
        day, minute = scorer.compare_dates(truth["published"], story.date_published)
        dates = [*candidates.get("date_published", ()), *candidates.get("date_modified", ())]
        seen = [story.date_published, *(f"{one.source} {one.locator} {one.value}" for one in dates)]
        error = "" if day else _date_error(truth["published"], story.date_published, dates)
        yield Finding(*page, "day", float(day), error, seen, truth["published"])
        if scorer.has_time(truth["published"]):
            yield Finding(*page, "minute", float(minute), "" if minute else "time", seen, truth["published"])


def _title_error(wanted: str, given: str | None, candidates: Sequence[Candidate], scorer: ModuleType) -> str:
    if not given:
        return "none"
    true, found = scorer.norm_title(wanted), scorer.norm_title(given)
    if true.casefold() == found.casefold():
        return "case"
    if scorer.folded(wanted) == scorer.folded(given):
        return "signs"
    elsewhere = {one.locator or one.source for one in candidates if scorer.norm_title(one.value) == true}
    if elsewhere:
        return "lost: " + "+".join(sorted(elsewhere))
    if true in found:
        return "too long"
    return "too short" if found in true else "no candidate"


def _author_error(wanted: Sequence[str], given: Sequence[str], text: str, scorer: ModuleType) -> str:
    if not wanted:
        return "invented" if not any(name.casefold() in text.casefold() for name in given) else "printed, not in truth"
    true, found = ({scorer.norm_author(name) for name in names} for names in (wanted, given))
    if not found:
        return "none" if any(name.casefold() in text.casefold() for name in wanted) else "none, not printed"
    if true < found:
        return "too many"
    if found < true:
        return "too few"
    if {word for name in true for word in name.split()} & {word for name in found for word in name.split()}:
        return "other form"
    return "others"


def _date_error(wanted: str, given: str | None, candidates: Sequence[Candidate]) -> str:
    if given is None:
        return "none"
    same = {one.source for one in candidates if wanted[:10] in one.value}
    return "lost: " + "+".join(sorted(same)) if same else "no candidate of that form"


def measure(folder: Path, half: str | None = None, datasets: Sequence[str] = ()) -> list[Finding]:
    """The findings of all pages of the kit at *folder*."""
    scorer = load_scorer(folder)
    found: list[Finding] = []
    for truth, body in read_kit(folder, half, datasets):
        try:
            explained = explain_page(body, truth["url"])
        except ExtractionError:
            explained = None
        found.extend(findings(truth, explained, scorer))
    return found


def table(found: Sequence[Finding]) -> str:
    """The figures by data set, then the errors by class."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    errors: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in found:
        scores[one.dataset, one.field].append(one.score)
        if one.error:
            errors[one.dataset, one.field][one.error] += 1
    lines = [f"{'data set':<14}" + "".join(f"{field:>17}" for field in FIELDS)]
    for dataset in dict.fromkeys(one.dataset for one in found):
        cells = (scores[dataset, field] for field in FIELDS)
        shown = (f"{sum(cell) / len(cell):.3f} (of {len(cell)})" if cell else "-" for cell in cells)
        lines.append(f"{dataset:<14}" + "".join(f"{cell:>17}" for cell in shown))
    for (dataset, field), classes in errors.items():
        lines.append(f"\n{dataset} {field}")
        lines += [f"  {count:4}  {name}" for name, count in classes.most_common()]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", type=Path, required=True, help="folder with score.py and pages/")
    parser.add_argument("--half", choices=HALVES, help="only the publishers of this half")
    parser.add_argument("--dataset", action="append", default=[], help="only this data set; may be repeated")
    parser.add_argument("--errors", metavar="FIELD", choices=FIELDS, help="list the errors of this field")
    args = parser.parse_args(argv)
    found = measure(args.kit, args.half, args.dataset)
    print(table(found))
    for one in sorted(found, key=lambda one: (one.dataset, one.error, one.page)):
        if one.error and one.field == args.errors:
            print(f"\n{one.dataset} {one.page}  [{one.error}] {one.score:.2f}")
            print(f"  given  {one.given}\n  wanted {one.wanted}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
