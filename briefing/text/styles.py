"""Which inline styles and style-sheet declarations keep words from a reader's eyes.

What is weighed is what one rule or one ``style`` attribute says by itself; a page can also hide
words by a style sheet elsewhere or by a script, which cannot be seen here.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping

Colour = tuple[float, float, float, float]
"""Red, green, blue and opacity, each 0 to 1."""

_FAINT = 0.1  # opacity at which nobody reads any more
_CONTRAST = 1.2  # WCAG contrast ratio; light grey on white, which many pages use, has 1.6
_TINY = 2.0  # pixels of letters that nobody reads
_OFF = {"px": 100.0, "": 100.0}  # pixels off the screen that are enough
_FAR = 300.0  # the same in units that layouts also use to move things a little
_PIXELS = {
    "": 1.0, "px": 1.0, "pt": 1.33, "pc": 16.0, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0,
    "cm": 38.0, "mm": 3.8, "in": 96.0, "q": 1.0, "vw": 10.0, "vh": 8.0, "vmin": 8.0, "vmax": 10.0,
    "%": 3.0,
}  # fmt: skip
_NUMBER = re.compile(r"(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?)\s*([a-z]*|%)")
_FONT = re.compile(r"([\d.]+[a-z%]*)\s*/|(?:^|\s)([\d.]+[a-z%]+)\s")  # size of the shorthand
_EDGES = frozenset({
    "left", "right", "top", "bottom", "text-indent", "margin-left", "margin-right", "inset",
    "inset-inline-start", "inset-inline-end", "inset-block-start", "inset-block-end",
})  # fmt: skip
_SIZES = frozenset(
    {"height", "max-height", "width", "max-width", "block-size", "inline-size", "line-height"}
)
_NAMED = {
    "white": "#ffffff", "black": "#000000", "snow": "#fffafa", "ivory": "#fffff0",
    "whitesmoke": "#f5f5f5", "ghostwhite": "#f8f8ff", "floralwhite": "#fffaf0",
    "azure": "#f0ffff", "aliceblue": "#f0f8ff", "mintcream": "#f5fffa", "honeydew": "#f0fff0",
    "seashell": "#fff5ee", "lightyellow": "#ffffe0", "gainsboro": "#dcdcdc", "red": "#ff0000",
    "silver": "#c0c0c0", "gray": "#808080", "grey": "#808080", "maroon": "#800000",
    "yellow": "#ffff00", "olive": "#808000", "lime": "#00ff00", "green": "#008000",
    "aqua": "#00ffff", "teal": "#008080", "blue": "#0000ff", "navy": "#000080",
    "fuchsia": "#ff00ff", "purple": "#800080", "orange": "#ffa500",
    "transparent": "#00000000",
}  # fmt: skip
WHITE: Colour = (1.0, 1.0, 1.0, 1.0)
"""The ground of a page that names none."""


def declared(style: str) -> dict[str, str]:
    """The declarations of a rule's body or a ``style`` attribute, in small letters.

    Comments go and escapes are read, as a browser does; of several the last holds.
    """
    text = re.sub(r"/\*.*?(?:\*/|\Z)", "", style[:20_000], flags=re.S)
    text = re.sub(r"\\([0-9a-fA-F]{1,6})\s?", _unescaped, text).replace("\\", "").lower()
    found: dict[str, str] = {}
    for each in text.split(";"):
        name, colon, value = each.partition(":")
        if colon:
            found[name.strip()] = re.sub(r"\s*!\s*important", "", value).strip()
    return found


def hides(says: Mapping[str, str]) -> bool:
    """Whether these declarations keep the words of an element from a reader."""
    return (
        _shows_nothing(says)
        or _is_tiny(says)
        or _is_off(says)
        or _is_clipped(says)
        or _is_faint(says)
        or says.get("unicode-bidi", "") in ("bidi-override", "isolate-override")
        or says.get("-webkit-text-security", "none") != "none"
    )


def same_colour(says: Mapping[str, str], ground: Colour | None) -> bool:
    """Whether it is written in the colour of its ground: its own, else ``ground``."""
    ink = colour(says.get("color", ""))
    own = background(says)
    ground = own if own is not None else ground
    if ink is None or ground is None:
        return False
    one, other = sorted((_luminance(ink), _luminance(ground)))
    return (other + 0.05) / (one + 0.05) < _CONTRAST


def background(says: Mapping[str, str]) -> Colour | None:
    """The colour of the ground that these declarations lay; None when they lay none."""
    value = says.get("background-color") or says.get("background", "")
    found = colour(value) or next(filter(None, map(colour, value.split())), None)
    return found if found and found[3] > _FAINT else None


def lays_a_picture(says: Mapping[str, str]) -> bool:
    """Whether the ground is a picture, whose colour nobody knows here."""
    laid = f"{says.get('background', '')} {says.get('background-image', '')}"
    return "url(" in laid or "gradient(" in laid


def colour(value: str) -> Colour | None:
    """The colour that a CSS value names, in hex, by name, or as rgb() or hsl()."""
    value = _NAMED.get(value.strip(), value.strip())
    if re.fullmatch(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", value):
        digits = value[1:] if len(value) > 5 else "".join(2 * digit for digit in value[1:])
        parts = [int(digits[n : n + 2], 16) / 255 for n in range(0, len(digits), 2)]
        return parts[0], parts[1], parts[2], parts[3] if len(parts) > 3 else 1.0
    if match := re.fullmatch(r"(rgb|hsl)a?\(([^()]*)\)", value):
        numbers = [(float(n), unit) for n, unit in _NUMBER.findall(match[2])]
        if len(numbers) in (3, 4):
            alpha = _share(*numbers[3]) if len(numbers) == 4 else 1.0
            if match[1] == "rgb":
                red, green, blue = (n / (100 if unit == "%" else 255) for n, unit in numbers[:3])
            else:
                hue, saturation, light = numbers[0][0] / 360, numbers[1][0], numbers[2][0]
                red, green, blue = colorsys.hls_to_rgb(hue % 1, light / 100, saturation / 100)
            return red, green, blue, alpha
    return None


def _shows_nothing(says: Mapping[str, str]) -> bool:
    return (
        says.get("display") == "none"
        or says.get("visibility") in ("hidden", "collapse")
        or says.get("content-visibility") == "hidden"
        or says.get("mso-hide") == "all"
    )


def _is_tiny(says: Mapping[str, str]) -> bool:
    size = says.get("font-size", "")
    if not size and (match := _FONT.search(says.get("font", ""))):
        size = match[1] or match[2]
    if match := re.fullmatch(r"([\d.]+)(%|[a-z]*)", size):
        number = _float(match[1])
        return number * (0.16 if match[2] == "%" else _PIXELS.get(match[2], 16.0)) <= _TINY
    return _share_of(says.get("zoom", "")) == 0


def _is_off(says: Mapping[str, str]) -> bool:
    for name, value in says.items():
        if name in _EDGES:
            for number, unit in _NUMBER.findall(value):
                if -_float(number) * _PIXELS.get(unit, 1.0) >= _OFF.get(unit, _FAR):
                    return True
    moved = f"{says.get('transform', '')} translate({says.get('translate', '')})"
    return any(
        abs(_float(number)) * _PIXELS.get(unit, 1.0) >= _FAR
        for inside in re.findall(r"translate\w*\(([^)]*)", moved)
        for number, unit in _NUMBER.findall(inside)
    )


def _is_clipped(says: Mapping[str, str]) -> bool:
    clip = re.sub(r"\s+", "", says.get("clip", ""))
    path = re.sub(r"\s+", "", says.get("clip-path", says.get("-webkit-clip-path", "")))
    turned = re.sub(r"\s+", "", says.get("transform", ""))
    if (
        re.match(r"rect\((?:0|1px)", clip)
        or re.match(r"inset\((?:[5-9]\d|1\d\d)%|(?:circle|ellipse)\(0(?![.\d]*[1-9])", path)
        or re.fullmatch(r"polygon\([^1-9]*\)", path)
        or re.search(r"scale(?:[xy]|3d)?\((?:[1-9.]*,)?0(?:\.0+)?[,)]|rotate[xy]\(90deg", turned)
        or _share_of(says.get("scale", "")) == 0
    ):
        return True
    cut = any(
        says.get(name, "").split(" ")[0] in ("hidden", "clip")
        for name in ("overflow", "overflow-x", "overflow-y")
    )
    return cut and any(
        re.fullmatch(r"0*(?:\.0+|0|1)?(?:px|pt|r?em|%)?", says[name]) is not None
        for name in _SIZES & says.keys()
        if says[name]
    )


def _is_faint(says: Mapping[str, str]) -> bool:
    share = _share_of(says.get("opacity", ""))
    through = re.search(r"opacity\(([^)]*)\)", says.get("filter", ""))
    clipped = "text" in says.get("background-clip", says.get("-webkit-background-clip", ""))
    inks = [colour(says.get(name, "")) for name in ("color", "-webkit-text-fill-color")]
    return (
        (share is not None and share <= _FAINT)
        or (through is not None and (_share_of(through[1]) or 0.0) <= _FAINT)
        or (not clipped and any(ink is not None and ink[3] <= _FAINT for ink in inks))
    )


def _luminance(ink: Colour) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (min(max(part, 0.0), 1.0) for part in ink[:3])
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _share_of(value: str) -> float | None:
    match = re.fullmatch(r"([\d.]+)\s*(%?)", value.strip())
    return _share(_float(match[1]), match[2]) if match else None


def _share(number: float, unit: str) -> float:
    return number / 100 if unit == "%" else number


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0  # "1.2.3" is no number


def _unescaped(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if 31 < number < 0xD800 else ""
