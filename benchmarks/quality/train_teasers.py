"""Train the forests that find teasers from a kit of labelled pages, and say how well they carry over.

    python -m benchmarks.quality.train_teasers --kit FOLDER            # cross-validation only
    python -m benchmarks.quality.train_teasers --kit FOLDER --write    # and fit on all pages, write the forests

FOLDER holds ``score_teasers.py`` and labelled pages below ``teasers/`` and ``fronts/``. Four forests are fitted one
after another: units, cards, fields of cards, headings of blocks. Folds are whole publishers (registrable domains),
and each forest learns from what the forests before it said of pages they had not seen. The table is made by the
kit's scorer from what the folds' forests find: no page is judged by a forest that saw a page of its publisher.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urljoin

import numpy as np

from benchmarks.quality.train import publisher
from benchmarks.quality.variants import thinned
from newsbot.core import teasers
from newsbot.core.blocks import Block, Segments, segment
from newsbot.core.forest import Forest, pack
from newsbot.core.page import read_page
from newsbot.core.teaser_blocks import HEADING_NAMES, heading_candidates, heading_features
from newsbot.core.teaser_cards import Card, Field
from newsbot.core.teaser_features import card_features, features
from newsbot.core.teaser_fields import field_features
from newsbot.core.teaser_units import LinkMap, Unit, read_links

DATA = Path(__file__).resolve().parents[2] / "newsbot" / "core" / "data"
FOLDS = 14
SETTINGS: dict[str, Any] = {
    "depth": 5,
    "learning_rate": 0.1,
    "l2_leaf_reg": 8,
    "rsm": 0.5,
    "random_seed": 1,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.7,
    "random_strength": 1,
    "allow_writing_files": False,
    "thread_count": 1,
    "verbose": 0,
}
# Trees of each forest; half and double score the same within a point.
ROUNDS = {"units": 90, "cards": 60, "fields": 60, "headings": 120}
# What can only speak for a heading, and what only against one: few headings are labelled, this is known beforehand.
SPEAKS_FOR = ("is_h", "title_hint", "kind_word")
SPEAKS_AGAINST = (
    "distance between longest_between up_h digits closer_h more_word earlier_card_in_scope like_card repeats paid_word"
).split()
# Beside the page as it was served, its thinned variant counts so much.
VARIANT_WEIGHT = 0.4
Rows = list[list[float]]
Placed = tuple[dict[str, Any], dict[str, Any]]  # a label's block, and its teaser


@dataclass(slots=True)
class Page:
    """A labelled page and what the stages made of it so far."""

    kit: str
    weight: float
    label: dict[str, Any]
    segments: Segments
    links: LinkMap
    unit_rows: Rows
    gold: dict[str, list[Placed]]
    neutral: dict[str, list[Placed]]
    cards: list[Card] = field(default_factory=list)
    card_rows: Rows = field(default_factory=list)
    field_rows: Rows = field(default_factory=list)
    candidates: list[list[Block]] = field(default_factory=list)
    heading_rows: Rows = field(default_factory=list)


@dataclass(slots=True)
class Stage:
    """A forest a fold, and the one of all pages."""

    folds: list[Forest]
    whole: Forest


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", type=Path, required=True, help="folder with score_teasers.py, teasers/ and fronts/")
    parser.add_argument("--write", action="store_true", help="write the forests of all pages into the package")
    parser.add_argument("--errors", action="store_true", help="list each page's errors")
    args = parser.parse_args(argv)
    scorer = load_scorer(args.kit)
    pages = [page for kit in ("teasers", "fronts") for page in read_pages(args.kit / kit, kit, scorer)]
    fold = folds_of(pages)
    stages = train(pages, fold, scorer)
    for kit in ("teasers", "fronts", "teasers thinned"):
        report(kit, pages, fold, stages, scorer, list_errors=args.errors)
    if args.write:
        for name, stage in stages.items():
            (DATA / f"teaser_{name}.npz").write_bytes(pack(stage.whole))
    return 0


def load_scorer(kit: Path) -> ModuleType:
    """The kit's scorer as a module: its URLs and texts must be compared as it compares them."""
    spec = importlib.util.spec_from_file_location("score_teasers", kit / "score_teasers.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"no scorer in {kit}")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def read_pages(folder: Path, kit: str, scorer: ModuleType) -> Iterable[Page]:
    """The labelled pages of one part of the kit, each with a thinned variant."""
    for number, label in enumerate(scorer.load_labels(folder / "labels")):
        html = gzip.decompress((folder / "pages" / f"{label['_stem']}.html.gz").read_bytes())
        url = label["url"]
        gold: dict[str, list[Placed]] = {}
        neutral: dict[str, list[Placed]] = {}
        for block in label["blocks"]:
            for teaser in block["teasers"]:
                is_neutral = block["kind"] == "sponsored" or block.get("neutral") or teaser.get("neutral")
                for one in (teaser["url"], *(teaser.get("also") or ())):
                    known = neutral if is_neutral else gold
                    known.setdefault(scorer.canonical_url(one, url), []).append((block, teaser))
        page = read_page(html, url)
        segments = segment(page)
        links = read_links(segments)
        links.units, rows = features(links)
        yield Page(kit, 1.0, label, segments, links, rows, gold, neutral)
        draw = np.random.default_rng(number)
        base = urljoin(url, segments.base_href or "")

        def key(href: str, base: str = base) -> str:
            return str(scorer.canonical_url(href, base))

        other = segment(read_page(thinned(page.html, key, set(gold), draw), url))
        links = read_links(other)
        links.units, rows = features(links)
        left = _left(label, {key(link.href) for link in other.links}, key)
        yield Page(f"{kit} thinned", VARIANT_WEIGHT, left, other, links, rows, gold, neutral)


def _left(label: dict[str, Any], keys: set[str], key: Callable[[str], str]) -> dict[str, Any]:
    """The label of a variant: only the teasers that are still there."""
    blocks = [
        block | {"teasers": [teaser for teaser in block["teasers"] if key(teaser["url"]) in keys]}
        for block in label["blocks"]
    ]
    return label | {"blocks": [block for block in blocks if block["teasers"]]}


def folds_of(pages: list[Page]) -> list[int]:
    """The fold of each page; all pages of a publisher share one."""
    names = sorted({publisher(page.label["url"]) for page in pages})
    numbers = np.random.default_rng(0).permutation(len(names)) % FOLDS
    fold_of = dict(zip(names, numbers.tolist(), strict=True))
    return [fold_of[publisher(page.label["url"])] for page in pages]


def train(pages: list[Page], fold: list[int], scorer: ModuleType) -> dict[str, Stage]:
    """All four stages; each page carries on with what the forests of its fold said."""
    keys = {id(page): Keys(page, scorer) for page in pages}
    stages: dict[str, Stage] = {}

    def advance(name: str, rows: Callable[[Page], tuple[Rows, list[int]]], outputs: int = 1) -> None:
        weights = [page.weight if name != "headings" else float(page.weight == 1.0) for page in pages]
        stages[name] = fit_stage(
            name, [(*rows(page), weight) for page, weight in zip(pages, weights, strict=True)], fold, outputs
        )

    fold_of = {id(page): number for page, number in zip(pages, fold, strict=True)}

    def scores(name: str, page: Page, rows: Rows) -> Any:
        return stages[name].folds[fold_of[id(page)]].scores(rows)

    advance("units", lambda page: keys[id(page)].label_units(page.links.units, page.unit_rows))
    for page in pages:
        page.cards = teasers.likely_cards(page.links, scores("units", page, page.unit_rows)[:, 0].tolist())
        page.card_rows = card_features(page.cards, page.links, page.unit_rows)
    advance("cards", lambda page: keys[id(page)].label_units([card.unit for card in page.cards], page.card_rows))
    for page in pages:
        rates = scores("cards", page, page.card_rows)[:, 0].tolist()
        page.cards = teasers.accepted_cards(page.cards, rates, page.links)
        page.field_rows = field_features(page.cards, page.links)
    advance("fields", lambda page: keys[id(page)].label_fields(page), outputs=4)
    for page in pages:
        teasers.tell_fields(page.cards, scores("fields", page, page.field_rows).tolist())
        page.cards = [card for card in page.cards if card.headline or card.summary]
        page.candidates = heading_candidates(page.cards, page.links)
        page.heading_rows = heading_features(page.cards, page.candidates, page.links)
    advance("headings", lambda page: keys[id(page)].label_headings(page))
    return stages


class Keys:
    """The labels of one page, asked for units, fields and candidates of headings; -1 says: leave it out."""

    def __init__(self, page: Page, scorer: ModuleType) -> None:
        self.page, self.scorer = page, scorer
        self.base = urljoin(page.label["url"], page.segments.base_href or "")

    def key(self, unit: Unit) -> str:
        """Where the unit leads, as the scorer writes it."""
        return str(self.scorer.canonical_url(unit.links[0].href, self.base))

    def label_units(self, units: list[Unit], rows: Rows) -> tuple[Rows, list[int]]:
        """Rows and labels of the units that are no page of its own and not neutral."""
        labels = []
        for unit in units:
            key = self.key(unit)
            unknown = unit.own or (key in self.page.neutral and key not in self.page.gold)
            labels.append(-1 if unknown else int(key in self.page.gold))
        return rows, labels

    def label_fields(self, page: Page) -> tuple[Rows, list[int]]:
        """Which text of each card with several is headline, label and summary."""
        labels = []
        for card in page.cards:
            if len(card.fields) < 2:
                continue
            placed = self.best_match(card)
            for item in card.fields:
                labels.append(-1 if placed is None else self.field_kind(item, placed[1]))
        return page.field_rows, labels

    def best_match(self, card: Card) -> Placed | None:
        """The labelled placement whose texts the card holds most of."""
        norm = self.scorer.norm
        key = self.key(card.unit)
        placements = [*self.page.gold.get(key, ()), *self.page.neutral.get(key, ())]
        text = " ".join(norm(item.text) for item in card.fields)

        def held(placed: Placed) -> int:
            teaser = placed[1]
            parts = ((2, teaser["title"]), (1, teaser["summary"]), (1, teaser["label"]))
            return sum(points for points, part in parts if part is None or norm(part) in text)

        return max(placements, key=held, default=None)

    def field_kind(self, item: Field, teaser: dict[str, Any]) -> int:
        """The role of a text by the label of its card."""
        norm, edge = self.scorer.norm, self.scorer.norm_edge
        text, bare = norm(item.text), edge(item.text)
        title, summary = norm(teaser["title"]), norm(teaser["summary"])
        if title and text == title:
            return teasers.HEADLINE
        if bare and teaser["label"] and bare == edge(teaser["label"]):
            return teasers.LABEL
        if summary and (text == summary or (len(text) > 8 and (text in summary or summary in text))):
            return teasers.SUMMARY
        if title and bare and len(text) >= 3 and text in title:
            return teasers.HEADLINE
        if not teaser["label"] and bare in [edge(other) for other in teaser.get("label_alt") or () if other]:
            return teasers.LABEL
        return teasers.OTHER

    def label_headings(self, page: Page) -> tuple[Rows, list[int]]:
        """Which of the texts before each card is its block's heading: the nearest that says it."""
        labels: list[int] = []
        for card, blocks in zip(page.cards, page.candidates, strict=True):
            wanted = self.headings(card, blocks)
            found = False
            for block in blocks:
                hit = wanted is not None and self.scorer.norm_edge(block.text) in wanted
                labels.append(-1 if wanted is None or (hit and found) else int(hit))
                found = found or hit
        return page.heading_rows, labels

    def headings(self, card: Card, blocks: list[Block]) -> set[str] | None:
        """The right headings of the card, by the placement that has one before it; None: not labelled."""
        edge = self.scorer.norm_edge
        key = self.key(card.unit)
        texts = {edge(block.text) for block in blocks}
        fitting = None
        for block, _ in [*self.page.gold.get(key, ()), *self.page.neutral.get(key, ())]:
            names = {edge(name) for name in (block["heading"], *(block.get("heading_alt") or ())) if name}
            if names & texts:
                fitting = (block, names)
                break
        if fitting is None:
            placed = self.best_match(card)
            if placed is None:
                return None
            block = placed[0]
            fitting = block, {edge(name) for name in (block["heading"], *(block.get("heading_alt") or ())) if name}
        return None if fitting[0]["kind"] == "inline" else fitting[1]


def fit_stage(name: str, labelled: list[tuple[Rows, list[int], float]], fold: list[int], outputs: int) -> Stage:
    """A forest without each fold in turn, and one of all pages."""

    def fitted(without: int | None) -> Forest:
        rows: Rows = []
        labels: list[int] = []
        weights: list[float] = []
        for (page_rows, page_labels, weight), number in zip(labelled, fold, strict=True):
            known = [place for place, label in enumerate(page_labels) if label >= 0 and weight and number != without]
            rows += [page_rows[place] for place in known]
            labels += [page_labels[place] for place in known]
            # A page of hundreds of links may not outvote the small ones.
            weights += [weight * max(len(known), 1) ** -0.5] * len(known)
        return fit(name, np.array(rows, np.float32), np.array(labels), np.array(weights) / np.mean(weights), outputs)

    return Stage([fitted(number) for number in range(FOLDS)], fitted(None))


def fit(name: str, rows: Any, labels: Any, weights: Any, outputs: int) -> Forest:
    """A forest of CatBoost (whose types are not annotated), as arrays."""
    from catboost import CatBoostClassifier

    settings = SETTINGS | {"iterations": ROUNDS[name], "depth": 4 if name in ("fields", "headings") else 5}
    if name == "headings":
        settings["learning_rate"] = 0.05
        settings["monotone_constraints"] = {
            **{HEADING_NAMES.index(one): 1 for one in SPEAKS_FOR},
            **{HEADING_NAMES.index(one): -1 for one in SPEAKS_AGAINST},
        }
    model = CatBoostClassifier(loss_function="Logloss" if outputs == 1 else "MultiClass", **settings)
    model.fit(rows, labels, sample_weight=weights)
    forest = to_forest(model, rows.shape[1], outputs)
    raw = np.reshape(model.predict(rows[:50], prediction_type="RawFormulaVal"), (-1, outputs))
    if not np.allclose(raw, forest.scores(rows[:50]), atol=1e-3):
        raise SystemExit(f"the arrays of {name} do not say what the model says")
    return forest


def to_forest(model: Any, width: int, outputs: int) -> Forest:
    """The model's trees as the arrays of a `Forest`."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        model.save_model(file.name, format="json")
        raw = json.loads(Path(file.name).read_text("utf-8"))
    columns = [one["flat_feature_index"] for one in raw["features_info"]["float_features"]]
    trees = raw["oblivious_trees"]
    depth = max(len(tree["splits"] or ()) for tree in trees)
    feature = np.zeros((depth, len(trees)), np.int32)
    border = np.full((depth, len(trees)), np.inf, np.float32)
    value = np.zeros((len(trees), 2**depth, outputs), np.float32)
    scale, bias = raw["scale_and_bias"]
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"] or ()):
            feature[level, number] = columns[split["float_feature_index"]]
            border[level, number] = split["border"]
        leaves = np.reshape(tree["leaf_values"], (-1, outputs)) * scale
        value[number, : len(leaves)] = leaves
    return Forest(
        feature, border, value.reshape(-1, outputs), np.resize(np.array(bias or [0.0], np.float32), outputs), width
    )


def report(
    kit: str, pages: list[Page], fold: list[int], stages: dict[str, Stage], scorer: ModuleType, *, list_errors: bool
) -> None:
    """Print the scorer's table of what the folds' forests find."""
    results = []
    for page, number in zip(pages, fold, strict=True):
        if page.kit == kit:
            learnt = teasers.Forests(*(stages[name].folds[number] for name in ("units", "cards", "fields", "headings")))
            result = scorer.score_page(page.label, predicted(page, learnt))
            results.append(result | {"error": None, "stem": page.label["_stem"]})
    print(f"{kit}, out of fold")
    scorer.print_summary(scorer.summarise(results) | {"failed": 0})
    if list_errors:
        scorer.print_errors(results, True)


def predicted(page: Page, learnt: teasers.Forests) -> list[dict[str, Any]]:
    """What newsbot finds on the page with these forests, as the scorer reads it."""
    base = urljoin(page.label["url"], page.segments.base_href or "")
    return [
        {
            "url": urljoin(base, (teaser.href or "").strip()),
            "title": teaser.headline,
            "summary": teaser.summary,
            "label": teaser.label,
            "block": block.heading,
        }
        for block in teasers.find_teasers(page.segments, None, learnt).blocks
        for teaser in block.teasers
    ]


if __name__ == "__main__":
    sys.exit(main())
