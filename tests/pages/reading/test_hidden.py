"""What readers don't see never becomes text, and what they do see or can open stays."""

import pytest

from bot.pages.reading.extract import extract_html
from bot.pages.reading.passages import split

STORY = "<p>" + "We weave wool blankets in a small mill beside the river, and we have done so since 1921. " * 6 + "</p>"


def told(body: str) -> str:
    """All that a crawl would keep of the page."""
    found = extract_html(f"<!doctype html><title>Mill</title><body><main><h1>The mill</h1>{STORY}{body}{STORY}</main>")
    assert found.has_text
    return "\n".join((found.title, found.text, *(" ".join((*one.heading, one.text)) for one in split(found))))


HIDDEN = [
    "<p hidden>SECRET</p>",
    "<h2 hidden>SECRET</h2><p>Open.</p>",
    "<p aria-hidden='true'>SECRET</p>",
    "<template><p>SECRET</p></template>",
    "<noscript>SECRET</noscript>",
    "<script>SECRET</script>",
    "<!-- SECRET -->",
    "<table hidden><tr><th>a</th><th>b</th></tr><tr><td>SECRET</td><td>1</td></tr></table>",
    "<table><tr><th>a</th><th>b</th></tr><tr style='display:none'><td>SECRET</td><td>1</td></tr></table>",
    "<table><tr><th>a</th><th>b</th></tr><tr><td>x</td><td>1<span style='font-size:0'>SECRET</span></td></tr></table>",
    "<dl hidden><dt>SECRET</dt><dd>1</dd></dl>",
    "<dl><dt>Wool</dt><dd>Irish <span hidden>SECRET</span></dd></dl>",
    "<font color='#FFFFFF'><font color='white' style='background:#fff'>SECRET</font></font>",
    "<div style='background:#fff'><div><font color=white>SECRET</font></div></div>",
    "<table bgcolor=white><tr><td><font color='#fff'>SECRET</font></td></tr></table>",
]
HIDING = [
    "display: none",
    "color:red;DISPLAY:NONE !important",
    "display:/* a remark */none",
    "visibility:hidden",
    "visibility: collapse",
    "content-visibility:hidden",
    "font-size:0",
    "font-size:0.0px",
    "font-size:.01em",
    "font-size:1px",
    "opacity:0",
    "opacity: 0.0",
    "color:#fff;background:#fff",
    "color:white;background-color:rgb(255, 255, 255)",
    "background:WHITE;color:#FFFFFF",
    "color:transparent",
    "color:rgba(0, 0, 0, 0)",
    "position:absolute;left:-9999px",
    "position:fixed;top:-100em",
    "text-indent:-9999px",
    "position:absolute;clip:rect(0, 0, 0, 0)",
    "position:absolute;clip:rect(1px 1px 1px 1px)",
    "height:0;overflow:hidden",
    "width:0px;overflow-x:auto;overflow:hidden",
]
SHOWN = [
    "opacity:0;transform:translateY(20px)",
    "opacity:0;transition:opacity 1s",
    "opacity:0.5",
    "font-size:0.8em",
    "font-size:12px",
    "color:white",
    "color:#fff;background:#000",
    "color:#fff;background:#fff url(hero.jpg)",
    "color:transparent;-webkit-background-clip:text;background:linear-gradient(red, blue)",
    "color:rgba(0,0,0,0.8)",
    "position:absolute;left:-10px",
    "text-indent:-2em",
    "height:0",
    "color:;;font-size:nonsense",
]


@pytest.mark.parametrize("hidden", HIDDEN)
def test_hidden_text_is_never_taken(hidden: str):
    assert "SECRET" not in told(hidden)


@pytest.mark.parametrize("style", HIDING)
def test_text_that_its_style_hides_is_never_taken(style: str):
    assert "SECRET" not in told(f"<p style='{style}'>SECRET</p>")
    assert "SECRET" not in told(f"<div style='{style}'><h2>SECRET</h2><p>SECRET, and more of it.</p></div>")
    assert "SECRET" not in told(f"<p>We ship to Norway.<span style='{style}'> SECRET</span> It takes a week.</p>")


@pytest.mark.parametrize("style", SHOWN)
def test_text_that_readers_see_stays(style: str):
    assert "We ship to Norway in a week" in told(f"<p style='{style}'>We ship to Norway in a week.</p>")


def test_white_on_a_dark_part_of_a_white_page_stays():
    dark = "<div style='background:#123'><p style='color:white'>We ship to Norway.</p></div>"

    assert "We ship to Norway." in told(f"<div style='background:#fff'>{dark}</div>")


def test_what_a_press_opens_stays():
    answer = "<div id='a1' aria-hidden='true'><p>By hand, in cold water.</p></div>"

    assert "By hand" in told(
        f"<h3><button aria-controls='a1' aria-expanded='false'>Can I wash it?</button></h3>{answer}"
    )
    assert "By hand" in told("<details><summary>Can I wash it?</summary><p>By hand, in cold water.</p></details>")
    assert "By hand" in told("<h3>Can I wash it?</h3><p hidden='until-found'>By hand, in cold water.</p>")
    assert "By hand" not in told(f"<h3>Can I wash it?</h3>{answer}")


def test_characters_without_width_hide_nothing_between_words():
    assert "The price is 9 EUR." in told("<p>The\u200b pri\u200dce\u00ad is\u2060 9\ufeff EUR.</p>")
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "SECRET")

    assert "The price is 9 EUR." in told(f"<p>The price is 9{tags} EUR.</p>")
