"""What a page holds and its readers don't see, as far as its HTML alone can tell: taken out before anything is read."""

import re
from collections.abc import Mapping
from typing import Any

NEVER_SHOWN = frozenset({
    "script", "style", "template", "noscript", "head", "svg", "canvas", "iframe", "object", "embed", "math",
    "select", "option", "datalist", "textarea", "input", "button", "audio", "video",
})  # fmt: skip
LEAST_FONT = {"px": 2.0, "pt": 1.5, "em": 0.13, "rem": 0.13, "%": 13.0, "vw": 0.2, "vh": 0.2}
"""A font smaller than this is no text for readers; a bare number counts as pixels."""
FAR_OUT = 500.0
"""So many pixels (or 50 em) outside the window nobody looks."""
# A page that lets its parts appear one by one writes them with opacity 0: they are seen in the end.
_APPEARS = ("transform", "transition", "will-change", "animation")
_NAMED = {"white": "fff", "black": "000"}
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIZE = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+))\s*([a-z%]*)")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})(?:f|ff)?(?![0-9a-f])")
_RGB = re.compile(r"rgba?\(\s*(\d+)[\s,]+(\d+)[\s,]+(\d+)")
_NO_ALPHA = re.compile(r"rgba?\((?:[^,\s/)]+[,\s/]+){3}0(?:\.0+)?%?\s*\)")


def drop_hidden(root: Any) -> None:
    """Takes out of the tree what no reader sees: a hidden instruction is never indexed, let alone quoted."""
    _show_what_a_press_opens(root)
    doomed = [
        element
        for element in root.iter()
        if element is not root
        and element.tag != "body"
        and (not isinstance(element.tag, str) or element.tag in NEVER_SHOWN or _is_hidden(element))
    ]
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _show_what_a_press_opens(root: Any) -> None:
    """Keeps from being hidden what waits to be opened by a button or link of the page, as an accordion's answers do.

    `aria-hidden` alone hides from screen readers only; other readers see what it is on, or do so after the press.
    """
    opened = {id_ for one in root.xpath("//*[@aria-controls]") for id_ in one.get("aria-controls").split()}
    for element in root.xpath("//*[@aria-hidden]"):
        if element.get("id") in opened:
            del element.attrib["aria-hidden"]


def _is_hidden(element: Any) -> bool:
    if "hidden" in element.attrib and (element.get("hidden") or "").lower() != "until-found":
        return True
    # Doubles and ornaments: what was said is said once more where everybody hears it.
    if (element.get("aria-hidden") or "").strip().lower() == "true":
        return True
    if element.tag == "font" and _is_same_colour(element, _colour(element.get("color") or "")):
        return True
    told = element.get("style")
    return bool(told) and _style_hides(element, declarations(told))


def declarations(style: str) -> dict[str, str]:
    """What a style attribute declares, in small letters; the last of several counts."""
    parts = (one.partition(":") for one in _COMMENT.sub("", style).lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in parts if value.strip()}


def _style_hides(element: Any, style: Mapping[str, str]) -> bool:
    if style.get("display") == "none" or style.get("visibility") in ("hidden", "collapse"):
        return True
    if style.get("content-visibility") == "hidden" or _is_tiny(style.get("font-size", "")):
        return True
    if _is_zero(style.get("opacity", "")) and not any(name.startswith(_APPEARS) for name in style):
        return True
    # The picture behind is cut to the letters: they are the ornament of many a heading.
    if "text" in (style.get("background-clip"), style.get("-webkit-background-clip")):
        return False
    return _is_out_of_sight(style) or _is_same_colour(element, _colour(style.get("color", "")))


def _is_tiny(size: str) -> bool:
    if (found := _SIZE.match(size)) is None:
        return False
    number, unit = float(found[1]), found[2] or "px"
    return number <= 0 or number < LEAST_FONT.get(unit, 0.0)


def _is_out_of_sight(style: Mapping[str, str]) -> bool:
    """Beyond the window's edges, or in a box without room that cuts off what does not fit."""
    if _is_far_out(style.get("text-indent", "")):
        return True
    if style.get("position") in ("absolute", "fixed"):
        if any(_is_far_out(style.get(edge, "")) for edge in ("left", "top", "right", "bottom", "margin-left")):
            return True
        if style.get("clip", "").replace(" ", "").replace("px", "").replace(",", "") in ("rect(0000)", "rect(1111)"):
            return True
    no_room = any(_is_zero(style.get(side, "")) for side in ("height", "max-height", "width", "max-width"))
    return no_room and style.get("overflow", "").startswith(("hidden", "clip"))


def _is_far_out(length: str) -> bool:
    found = _SIZE.match(length)
    return found is not None and float(found[1]) * (10 if found[2] in ("em", "rem", "%") else 1) <= -FAR_OUT


def _is_zero(value: str) -> bool:
    found = _SIZE.match(value)
    return found is not None and float(found[1]) == 0


def _is_same_colour(element: Any, colour: str) -> bool:
    """Whether words of this colour stand on the same one, where the HTML itself tells what they stand on."""
    if not colour:
        return False
    return colour == "transparent" or colour == _background(element)


def _background(element: Any) -> str:
    """The nearest background that an attribute declares; empty for a picture, or where none does."""
    for one in (element, *element.iterancestors()):
        style = declarations(one.get("style") or "")
        told = style.get("background-color") or style.get("background") or (one.get("bgcolor") or "").lower()
        if told and told not in ("transparent", "none", "inherit"):
            return "" if "url(" in told or "gradient" in told else _colour(told)
    return ""


def _colour(told: str) -> str:
    """As six hexadecimal digits, "transparent", or nothing for one that is not understood."""
    told = told.strip().lower()
    if told.startswith("transparent") or _NO_ALPHA.match(told):
        return "transparent"
    if rgb := _RGB.match(told):
        return "".join(f"{min(int(part), 255):02x}" for part in rgb.groups())
    given = _HEX.match("#" + _NAMED[told.split()[0]] if told and told.split()[0] in _NAMED else told)
    digits = given[1] if given else ""
    return "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
