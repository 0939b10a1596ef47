"""Draws the icon anew, by hand: `.venv/bin/python tests/login/icon.py` after the figure has changed.

The icons of Windows and macOS hold the same pictures. Needs rsvg-convert (Debian's librsvg2-bin). What it writes goes
into the repository, as nothing else needs that program.
"""

import struct
import subprocess
from collections.abc import Mapping

from remind.core.drawing import drawing, outline
from remind.files import shipped
from remind.login.launchers import SIZES
from remind.settings.routines import poses

FOLDER = shipped() / "icons"
_ICO = (16, 24, 32, 48, 256)
_ICNS = {32: b"ic11", 64: b"ic12", 128: b"ic07", 256: b"ic08"}
"""The types of the PNG files in an icon of macOS, by their size in pixels."""
_COLOURS = {
    "skin near": "#e3ad84", "skin far": "#b57d55", "shirt near": "#5aa0ea", "shirt far": "#356ead",
    "shorts near": "#f2f4f8", "shorts far": "#b9c2d0", "hair": "#5d4030", "ear": "#b57d55", "eye": "#3b2a20",
    "worked": "#ff7a1a",
}  # fmt: skip
"""What is drawn of the figure; the floor and the arrows would be specks at 16 pixels."""


def icon() -> str:
    """Return the lean at the wall before a night sky, as large as the square allows."""
    body = []
    for shape in drawing(poses()["wall-lean-single"], "right"):
        colour = _COLOURS.get(shape.kind)
        if colour:
            edge = ' stroke="#ffe9d0" stroke-width="2.5"' if shape.kind == "worked" else ""
            body.append(f'<path fill="{colour}"{edge} d="{"".join(map(outline, shape.hulls))}"/>')
    figure = "\n".join(body)
    return (
        # A notification server without a setting of its own draws it in its natural size.
        '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 256 256">\n'
        '<rect width="256" height="256" rx="56" fill="#16324f"/>\n'
        '<path fill="#ffe08a" d="M71 28a38 38 0 1 0 27 66a32 32 0 0 1-27-66z"/>\n'
        '<path stroke="#9db4cc" stroke-width="11" stroke-linecap="round" d="M219 34v188"/>\n'
        f'<g transform="translate(-6 -9) scale(1.25)">\n{figure}\n</g>\n</svg>\n'
    )


def ico(pictures: Mapping[int, bytes]) -> bytes:
    """Return an icon of Windows with the PNG files `pictures`, by their size in pixels."""
    held = {size: pictures[size] for size in _ICO}
    head, at = struct.pack("<HHH", 0, 1, len(held)), 6 + 16 * len(held)
    for size, picture in held.items():
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), at)
        at += len(picture)
    return head + b"".join(held.values())


def icns(pictures: Mapping[int, bytes]) -> bytes:
    """Return an icon of macOS with the PNG files `pictures`, by their size in pixels."""
    body = b"".join(kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for size, kind in _ICNS.items())
    return b"icns" + struct.pack(">I", 8 + len(body)) + body


def main() -> None:
    """Write the icon, a picture of it in each size that a menu asks for, and the icons that hold several."""
    FOLDER.mkdir(exist_ok=True)
    drawn = FOLDER / "remind.svg"
    drawn.write_text(icon(), encoding="utf-8")
    for size in SIZES:
        command = ["rsvg-convert", "-w", str(size), "-h", str(size), "-o", FOLDER / f"remind-{size}.png", drawn]
        subprocess.run(command, check=True)
    pictures = {size: (FOLDER / f"remind-{size}.png").read_bytes() for size in SIZES}
    (FOLDER / "remind.ico").write_bytes(ico(pictures))
    (FOLDER / "remind.icns").write_bytes(icns(pictures))


if __name__ == "__main__":
    main()
