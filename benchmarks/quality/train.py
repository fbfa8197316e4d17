"""Train the judgement of blocks from a kit of pages with truth, and say how well it carries over.

    python -m benchmarks.quality.train --kit FOLDER --check outputs.jsonl   # cross-validation only
    python -m benchmarks.quality.train --kit FOLDER --write                 # fit on all, write the model

The model is a forest of symmetric boosted trees (CatBoost; an extra that is needed here only) that judges each block
by `newsbot.core.features.measure`. Folds are whole publishers (registrable domains) over all data sets, so that no
page is judged by a model that saw a page of its publisher. ``--check`` writes what the folds say, in the form that
the kit's ``score.py --replay`` reads.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.truth import UNKNOWN, label_blocks
from newsbot.core.blocks import Segments, segment
from newsbot.core.feature_text import CLAIM_NAMES
from newsbot.core.features import NAMES, measure
from newsbot.core.forest import Forest, pack
from newsbot.core.metadata import claims, read_metadata
from newsbot.core.page import read_page

DATA = Path(__file__).resolve().parents[2] / "newsbot" / "core" / "data"
FOLDS = 5
# Pages of this share are shown to the model without what their metadata claim, so that it can do without.
CLAIMLESS = 0.1
CLAIM_COLUMNS = tuple(NAMES.index(name) for name in CLAIM_NAMES)
SETTINGS: dict[str, Any] = {
    "rsm": 0.2,
    "border_count": 32,
    "bootstrap_type": "Bernoulli",
    "subsample": 0.7,
    "random_seed": 1,
    "verbose": 0,
    "thread_count": 2,
    "allow_writing_files": False,
}
FOREST = {"iterations": 260, "depth": 6, "learning_rate": 0.1, "l2_leaf_reg": 5}


@dataclass(slots=True)
class Kit:
    """All blocks of all pages: features, labels, and where each page's rows are.

    ``matrix``, ``label``, ``weight``, ``fold`` have an entry for each block that is judged; page *k* has
    ``start[k]:start[k + 1]``. ``texts`` and ``lost`` (story in blocks that are not judged) are by page.
    """

    truths: list[dict[str, Any]]
    texts: list[list[str]]
    lost: list[int]
    matrix: NDArray[np.float32]
    label: NDArray[np.int64]
    weight: NDArray[np.float64]
    start: list[int]
    fold: NDArray[np.int64]
    claimless: NDArray[np.bool_]


def load_kit(folder: Path) -> Kit:
    """Read, segment, measure and label every page of ``FOLDER/pages`` and ``FOLDER/fronts``.

    A front page has no story: all its blocks are labelled so.
    """
    lines = (folder / "pages" / "truth.jsonl").read_text("utf-8").splitlines()
    truths = [{**json.loads(line), "folder": "pages"} for line in lines]
    for path in sorted((folder / "fronts" / "labels").glob("*.json")):
        front = json.loads(path.read_text("utf-8"))
        file = f"pages/{path.stem}.html.gz"
        truths.append({"dataset": "fronts", "id": front["id"], "url": front["url"], "file": file, "folder": "fronts",
                       "paragraphs": []})  # fmt: skip
    matrices, texts, lost, labels, weights, start = [], [], [], [], [], [0]
    for truth in truths:
        segments = read_segments(folder, truth)
        one = measure(segments, claims(read_metadata(segments)))
        matrices.append(one.matrix)
        rows = one.rows.tolist()
        texts.append([segments.blocks[row].text for row in rows])
        found = label_blocks(truth, segments)
        labels += [found.label[row] for row in rows]
        weights += [found.weight[row] for row in rows]
        lost.append(found.label.count(1) - sum(found.label[row] == 1 for row in rows))
        start.append(start[-1] + len(rows))
    rng = np.random.default_rng(0)
    publishers = sorted({publisher(truth["url"]) for truth in truths})
    fold_of = dict(zip(publishers, rng.permutation(len(publishers)) % FOLDS, strict=True))
    page_fold = np.array([fold_of[publisher(truth["url"])] for truth in truths])
    sizes = np.diff(start)
    return Kit(
        truths=truths,
        texts=texts,
        lost=lost,
        matrix=np.concatenate(matrices, axis=1).T,
        label=np.array(labels),
        weight=np.array(weights),
        start=start,
        fold=np.repeat(page_fold, sizes),
        claimless=np.repeat(rng.random(len(truths)) < CLAIMLESS, sizes),
    )


def read_segments(folder: Path, truth: dict[str, Any]) -> Segments:
    """The segments of one page of the kit."""
    html = gzip.decompress((folder / truth["folder"] / truth["file"]).read_bytes())
    return segment(read_page(html, truth["url"]))


def publisher(url: str) -> str:
    """The registrable domain of *url*."""
    import tldextract

    parts = tldextract.TLDExtract(suffix_list_urls=())(url)
    return f"{parts.domain}.{parts.suffix}"


def fit(matrix: NDArray[np.float32], label: NDArray[np.int64], weight: NDArray[np.float64]) -> Any:
    """A trained classifier (of CatBoost, whose types are not annotated)."""
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(**SETTINGS, **FOREST)
    model.fit(matrix, label, sample_weight=weight)
    return model


def blind(matrix: NDArray[np.float32], rows: NDArray[np.bool_], columns: tuple[int, ...]) -> NDArray[np.float32]:
    """A copy of *matrix* in which *rows* do not have *columns*."""
    out = matrix.copy()
    out[np.ix_(np.flatnonzero(rows), np.array(columns))] = 0.0
    return out


def partly_blind(kit: Kit) -> NDArray[np.float32]:
    """What the model is trained on: some pages lack what their metadata claim."""
    return blind(kit.matrix, kit.claimless, CLAIM_COLUMNS)


def across_folds(kit: Kit) -> NDArray[np.float64]:
    """The log-odds of each block by the model that never saw its publisher."""
    out = np.zeros(len(kit.matrix))
    matrix = partly_blind(kit)
    for fold in range(FOLDS):
        train = (kit.fold != fold) & (kit.label != UNKNOWN)
        model = fit(matrix[train], kit.label[train], kit.weight[train])
        asked = kit.fold == fold
        out[asked] = model.predict(kit.matrix[asked], prediction_type="RawFormulaVal")
    return out


def save(model: Any, names: tuple[str, ...], path: Path) -> None:
    """Write *model* as a file of `newsbot.core.forest`."""
    raw = path.with_suffix(".json")
    model.save_model(str(raw), format="json")
    content = json.loads(raw.read_text("utf-8"))
    raw.unlink()
    trees = content["oblivious_trees"]
    depth = max(len(tree["splits"]) for tree in trees)
    feature = np.zeros((depth, len(trees)), np.int32)
    border = np.full((depth, len(trees)), np.inf, np.float32)  # a shallower tree's last answers are always no
    value, counts = np.zeros((len(trees), 1 << depth)), np.zeros((len(trees), 1 << depth))
    for number, tree in enumerate(trees):
        for level, split in enumerate(tree["splits"]):
            feature[level, number], border[level, number] = split["float_feature_index"], split["border"]
        value[number, : len(tree["leaf_values"])] = tree["leaf_values"]
        counts[number, : len(tree["leaf_weights"])] = tree["leaf_weights"]
    scale, bias = content["scale_and_bias"]
    forest = Forest(
        feature=feature,
        border=border,
        value=(value * scale).astype(np.float32).reshape(-1, 1),
        bias=np.array(bias, np.float32),
        features=len(names),
        names=names,
        counts=counts.astype(np.float32).ravel(),
    )
    path.write_bytes(pack(forest))


def report(kit: Kit, name: str, log_odds: NDArray[np.float64], say: Callable[[str], object] = print) -> None:
    """One line: log loss, wrong blocks, and the share of pages of each data set without a wrong block."""
    known = kit.label != UNKNOWN
    loss = np.logaddexp(0, np.where(kit.label == 1, -log_odds, log_odds))
    wrong = ((log_odds > 0) != (kit.label == 1)) & known
    by_fold = [f"{loss[known & (kit.fold == fold)].mean():.4f}" for fold in range(FOLDS)]
    clean: dict[str, list[bool]] = {}
    for truth, lost, a, b in zip(kit.truths, kit.lost, kit.start, kit.start[1:], strict=False):
        clean.setdefault(truth["dataset"], []).append(not lost and not wrong[a:b].any())
    shares = "  ".join(f"{key} {100 * sum(pages) / len(pages):.1f}%" for key, pages in clean.items())
    say(f"{name}: log loss {loss[known].mean():.4f} (folds {' '.join(by_fold)}), clean pages: {shares}")


def write_outputs(kit: Kit, log_odds: NDArray[np.float64], name: str, path: Path) -> None:
    """What the folds say, as the kit's ``score.py --replay`` reads it."""
    with path.open("w", encoding="utf-8") as out:
        for truth, texts, a in zip(kit.truths, kit.texts, kit.start, strict=False):
            body = "\n".join(text for text, odds in zip(texts, log_odds[a : a + len(texts)], strict=True) if odds > 0)
            line = {"extractor": name, "dataset": truth["dataset"], "id": truth["id"], "body": body}
            out.write(json.dumps(line, ensure_ascii=False) + "\n")


def main(argv: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", type=Path, required=True, help="folder with pages/truth.jsonl")
    parser.add_argument("--check", type=Path, metavar="FILE", help="write the folds' outputs for score.py --replay")
    parser.add_argument("--write", action="store_true", help="fit on all pages and write the model")
    args = parser.parse_args(argv)
    kit = load_kit(args.kit)
    print(f"{len(kit.truths)} pages, {len(kit.label)} blocks, {(kit.label != UNKNOWN).sum()} labelled", flush=True)
    if args.check:
        found = across_folds(kit)
        report(kit, "out of fold", found)
        write_outputs(kit, found, "out_of_fold", args.check)
    if args.write:
        known = kit.label != UNKNOWN
        model = fit(partly_blind(kit)[known], kit.label[known], kit.weight[known])
        save(model, NAMES, DATA / "story.npz")
    return 0


if __name__ == "__main__":
    sys.exit(main())
