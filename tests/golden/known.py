"""Write ``known.toml``, ``known_demo.toml`` and ``README.md`` anew, or show what has changed.

    python -m tests.golden.known            # misses that are gone, and new ones
    python -m tests.golden.known --write

A miss that is gone is good news; a new one wants a reason.
"""

from __future__ import annotations

import json
import sys

from tests.golden.demo import ASKED, LAYOUTS, known_shares, share_right
from tests.golden.golden import HERE, PAGES, known, misses, truth_of

_HEAD = """\
# What newsbot gets wrong on the golden pages, by page: a test fails when one of these becomes right.
# Made by `python -m tests.golden.known --write`; the truth of each page stands beside it.
"""
_DEMO_HEAD = """\
# What share of each layout's stories or teasers is right at least, of those fields that are not right everywhere.
# Made by `python -m tests.golden.known --write`; a test fails when a share falls, and when all of it becomes right.
"""
_README = """\
# Golden pages

Pages written by us, each a layout or a phenomenon of real news pages, and what is true of it.

- `pages/NAME/page.html` (or `page.txt`) is what a server sends, `pages/NAME/truth.toml` what is true of it: `[page]`,
  `[story]` (each line of `body` with its kind), a `[[block]]` for each block of teasers in order, and `absent`: texts
  that are neither story nor teaser. A field that is left out is not asked for. That no text is story and teaser at
  once (`overlap`) is asked of every page.
- `test_pages.py` has one test a field. `known.toml` lists the fields that are still wrong: those tests fail when one
  becomes right. `python -m tests.golden.known` shows the difference, `--write` makes the list and this page anew.
- `test_demo_layouts.py` asks the same of every page of the demo newsroom, whose truth comes from the data it was
  made of. `test_sweep.py` cuts and damages all these pages at any byte.

| folder | what it shows |
|---|---|
"""


def main(arguments: list[str]) -> int:
    """Run the command line; 1 if list and pages differ."""
    now = {(name, field) for name, fields in misses().items() for field in fields}
    for sign, pairs in (("gone", known() - now), ("new", now - known())):
        for name, field in sorted(pairs):
            print(f"{sign:4} {name} {field}")
    print(f"{len(now)} misses on {len(PAGES)} pages")
    shares = {pair: share for pair in ASKED if (share := share_right(*pair)[0]) < 1}
    for field, layout in sorted(set(shares) | set(known_shares())):
        before, share = known_shares().get((field, layout), 1.0), shares.get((field, layout), 1.0)
        if share < before or share >= before + 0.05 or (share == 1) != (before == 1):
            print(f"demo {layout} {field}: {before:.2f} -> {share:.2f}")
    print(f"{len(shares)} fields of demo layouts that are not right everywhere")
    if "--write" in arguments:
        lines = [f"{name} = {json.dumps(fields)}" for name, fields in misses().items()]
        (HERE / "known.toml").write_text(_HEAD + "\n".join(lines) + "\n", "utf-8")
        (HERE / "known_demo.toml").write_text(_DEMO_HEAD + _shares_by_layout(shares), "utf-8")
        rows = [f"| `{name}` | {truth_of(name)['shows']} |" for name in PAGES]
        (HERE / "README.md").write_text(_README + "\n".join(rows) + "\n", "utf-8")
        return 0
    return int(now != known() or set(shares) != set(known_shares()))


def _shares_by_layout(shares: dict[tuple[str, str], float]) -> str:
    """A table a layout; cut, not rounded, so that the figure is reached."""
    parts = []
    for layout in LAYOUTS:
        own = [f'"{field}" = {int(share * 100) / 100:.2f}' for (field, of), share in shares.items() if of == layout]
        parts += [f"[{layout}]", *own, ""] if own else []
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
