"""What remind costs, each figure beside another one of the same run. Run by hand on a quiet machine:

    python tests/bench [--json] [PART …]

Without a part, all run but `hidden`, which takes six minutes. CONTRIBUTING.md says what each is expected to give.
"""

import argparse
import importlib
import json
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).parents[1]
sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "desktop" / "real"), str(TESTS / "service")]

from measure import Row  # noqa: E402

PARTS = ("idle", "start", "moment", "session", "page", "growth", "simulation", "completion")
ONLY_NAMED = ("hidden",)


def main() -> int:
    """Run the parts, print what they find, and return 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python tests/bench")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"one of {', '.join(PARTS + ONLY_NAMED)}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    said = parser.parse_args()
    for name in said.parts:
        if name not in PARTS + ONLY_NAMED:
            parser.error(f"there is no part {name!r}")
    rows: list[tuple[str, Row]] = []
    notes: list[str] = []
    for part in said.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="bench", ignore_cleanup_errors=True) as folder:
            for found in importlib.import_module(part).measured(Path(folder)):
                if isinstance(found, str):
                    notes.append(f"{part}: {found}")
                else:
                    rows.append((part, found))
                    if not said.json:
                        print(_line(part, found), flush=True)
    if said.json:
        figures = [{"part": part, **row._asdict(), "ratio": row.ratio, "holds": row.holds} for part, row in rows]
        print(json.dumps({"rows": figures, "notes": notes}, indent=2))
    else:
        print(*notes, sep="\n")
    return int(not all(row.holds for _, row in rows))


def _line(part: str, row: Row) -> str:
    bar = "" if row.bar is None else f"  bar {row.bar:.2f}{'' if row.holds else '  MISSED'}"
    figure, beside = f"{row.figure:.1f} {row.unit}", f"{row.other:.1f} {row.beside}"
    return f"{part:<11} {row.what:<42} {figure:>14}  {beside:<38} {row.ratio:6.2f} ×{bar}"


if __name__ == "__main__":
    sys.exit(main())
