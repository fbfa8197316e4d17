"""Write the pages that are made from the code: the JSON Schemas and ``docs/output.md``.

What comes in: `newsbot.items.schema`. What goes out: files; a test asks that they are fresh. ``make docs`` runs this.
"""

from __future__ import annotations

import json
from pathlib import Path

from newsbot.items.schema import RECORDS, json_schema, output_page

ROOT = Path(__file__).parent.parent


def pages() -> dict[Path, str]:
    """Path below the repository -> its text."""
    schemas = {
        Path(f"newsbot/items/schemas/{kind.folder}.json"): json.dumps(json_schema(kind), indent=1, ensure_ascii=False)
        + "\n"
        for kind in RECORDS
    }
    return {**schemas, Path("docs/output.md"): output_page()}


def main() -> None:
    """Write all pages and name those that changed."""
    for path, text in pages().items():
        target = ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")
            print(f"wrote {path}")


if __name__ == "__main__":
    main()
