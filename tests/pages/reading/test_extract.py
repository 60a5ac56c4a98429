"""What a page says, and nothing that it hides."""

import pytest

from bot.pages.reading.extract import extract_html, extract_text
from bot.pages.reading.html import parse_html

STORY = "<p>" + "We weave wool blankets in a small mill beside the river, and we have done so since 1921. " * 6 + "</p>"


def lines(html: str) -> list[str]:
    return [block.text for block in extract_html(html).blocks]


def page(body: str, head: str = "") -> str:
    head = f"<head><title>Mill · Shop</title>{head}</head>"
    return f"<!doctype html><html lang='en-IE'>{head}<body><main>{body}</main></body></html>"


def test_title_language_and_headings_are_kept():
    found = extract_html(page(f"<h1>The mill</h1>{STORY}<h2>Wool</h2>{STORY}"))

    assert (found.title, found.language) == ("Mill · Shop", "en-ie")
    assert [(block.level, block.text) for block in found.blocks if block.level] == [(1, "The mill"), (2, "Wool")]


def test_a_heading_that_is_a_link_to_itself_is_kept_without_the_sign_beside_it():
    body = f"""<h1><a href="#felt">Felt</a></h1>{STORY}<h2 id="why">Why does it shrink?<a href="#why">¶</a></h2>{STORY}
    <h2><a href="#how"><code>How</code> to dry</a></h2>{STORY}"""

    found = extract_html(page(body))

    assert [block.text for block in found.blocks if block.level] == ["Felt", "Why does it shrink?", "How to dry"]


def test_a_given_title_wins_and_a_missing_one_is_the_heading_or_the_url():
    assert extract_html(page(STORY), title="Given").title == "Given"
    assert extract_html(f"<h1>The mill</h1>{STORY}").title == "The mill"
    assert extract_html(STORY, url="/mill").title == "/mill"


def test_each_row_of_a_table_reads_by_itself():
    table = """<table><caption>Delivery</caption><tr><th>Country</th><th>Time</th><th>Cost</th></tr>
    <tr><td>Norway</td><td>3 to 5 working days</td><td>9.00 EUR</td></tr>
    <tr><th>Sweden</th><td>2 days</td><td></td></tr></table>"""

    found = extract_html(page(f"<h2>Shipping</h2>{STORY}{table}"))

    rows = [block for block in found.blocks if block.is_row]
    assert [row.text for row in rows] == ["Norway: Time 3 to 5 working days, Cost 9.00 EUR", "Sweden: Time 2 days"]
    assert {row.caption for row in rows} == {"Delivery"}


def test_cells_that_span_rows_and_columns_are_told_where_they_hold():
    table = """<table><tr><th>Day</th><th>Morning</th><th>Afternoon</th></tr>
    <tr><td>Monday</td><td rowspan=2>9 to 12</td><td>13 to 17</td></tr><tr><td>Tuesday</td><td>closed</td></tr>
    <tr><td>Sunday</td><td colspan=2>closed</td></tr></table>"""

    rows = [block.text for block in extract_html(page(STORY + table)).blocks if block.is_row]

    assert rows == [
        "Monday: Morning 9 to 12, Afternoon 13 to 17",
        "Tuesday: Morning 9 to 12, Afternoon closed",
        "Sunday: Morning closed, Afternoon closed",
    ]


def test_a_row_says_all_of_its_cells_also_those_that_are_alike():
    table = """<table><tr><td>Ryan Blaney</td><td>2339</td><td>1</td><td>1</td></tr>
    <tr><td>Kyle Larson</td><td>2339</td><td>1</td><td>0</td></tr>
    <tr><td colspan=4>After ten races</td></tr></table>"""

    rows = [block.text for block in extract_html(page(STORY + table)).blocks if block.is_row]

    assert rows == ["Ryan Blaney: 2339, 1, 1", "Kyle Larson: 2339, 1, 0", "After ten races"]


def test_a_list_of_links_beside_the_story_is_left_out_but_a_number_to_call_is_kept():
    beside = """<dl><dt>News</dt><dd><a href="/a">The mill has a new roof and a new door</a></dd></dl>
    <dl><dt>Phone</dt><dd><a href="tel:+4512345678">+45 12 34 56 78</a></dd></dl>"""

    found = lines(f"<title>Mill</title><main><h1>The mill</h1>{STORY}</main><aside>{beside}</aside>")

    assert "Phone: +45 12 34 56 78" in found
    assert not any("new roof" in line for line in found)


def test_the_text_leaves_out_the_title_and_headings_above_nothing():
    data = """<script type="application/ld+json">{"@type": "Store", "name": "Mill", "telephone": "+45 1"}</script>"""

    found = extract_html(page(f"<h1>The mill</h1><h2>Wool</h2>{STORY}<h2>Read on</h2><h3>Our hats</h3>", data))

    assert found.text.startswith("Wool\n")
    assert "The mill" not in found.text.split("\n")
    assert "Our hats" not in found.text and "telephone" not in found.text
    assert "Mill: telephone +45 1" in [block.text for block in found.blocks]


def test_teasers_below_the_story_are_left_out():
    teasers = "".join(f"<div class='teaser'><h3>Story {n}</h3><p>Read more of it.</p></div>" for n in range(6))

    found = lines(page(f"<h1>The mill</h1>{STORY}{teasers}"))

    assert not any("Story" in line for line in found)


def test_a_table_that_only_lays_out_the_page_is_no_data():
    layout = f"<table role='presentation'><tr><td>{STORY}</td><td>Side</td></tr><tr><td>x</td><td>y</td></tr></table>"

    assert not any(block.is_row for block in extract_html(page(layout)).blocks)


def test_definitions_and_questions_are_kept():
    body = """<dl><dt>Material</dt><dd>Irish wool</dd><dt>Is it warm?</dt><dd>Yes, very.</dd></dl>
    <details><summary>Does it itch?</summary><p>Not at all.</p></details>
    <h3><button aria-expanded="false">Can I wash it?</button></h3><div><p>By hand only.</p></div>"""

    found = extract_html(page(STORY + body))

    assert "Material: Irish wool" in [block.text for block in found.blocks if block.is_row]
    headings = [block.text for block in found.blocks if block.level]
    assert headings == ["Is it warm?", "Does it itch?", "Can I wash it?"]
    assert {"Yes, very.", "Not at all.", "By hand only."} <= set(lines(page(STORY + body)))


def test_structured_data_is_read_when_the_text_lacks_it():
    data = """<script type="application/ld+json">{"@graph": [
    {"@type": "Product", "name": "Ridge Hat", "offers": [{"price": 39.0, "priceCurrency": "EUR",
     "availability": "https://schema.org/InStock"}]},
    {"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "Is it warm?",
     "acceptedAnswer": {"@type": "Answer", "text": "<p>Yes, <b>very</b>.</p>"}}]}]}</script>"""

    found = {block.text: block.under for block in extract_html(page(STORY, data)).blocks}

    assert found["Ridge Hat: price 39.0 EUR, in stock"] == ("Ridge Hat",)
    assert found["Yes, very."] == ("Is it warm?",)


def test_opening_hours_are_read_of_any_place_that_tells_them():
    data = """<script type="application/ld+json">[{"@type": "BookStore", "name": "Pages", "telephone": "+45 1",
    "openingHours": ["Mo-Fr 09:00-17:30", "Sa,Su 10:00-14:00", "by appointment", 7]},
    {"@type": "Museum", "name": "Wool", "openingHoursSpecification": [
     {"dayOfWeek": ["https://schema.org/Monday", "Tuesday"], "opens": "10:00", "closes": "17:00"},
     {"dayOfWeek": "Sunday", "opens": "00:00", "closes": "00:00"}]}]</script>"""

    assert [text for text in lines(page(STORY, data)) if ":" in text] == [
        "Pages: telephone +45 1",
        "Pages, Monday to Friday: open 09:00 to 17:30",
        "Pages, Saturday, Sunday: open 10:00 to 14:00",
        "Wool, Monday, Tuesday: open 10:00 to 17:00",
        "Wool, Sunday: closed",
    ]


@pytest.mark.parametrize(
    "data", ["{", "[[[[", "null", '{"@type": 7, "name": []}', '{"@type": "Product", "name": true}']
)
def test_broken_structured_data_is_passed_over(data: str):
    assert extract_html(page(STORY, f'<script type="application/ld+json">{data}</script>')).has_text


def test_characters_that_nobody_sees_are_gone():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")

    assert lines(page(f"<p>The\u200b price\u00ad is\u202e 9{hidden} EUR\x00.</p>")) == ["The price is 9 EUR."]


def test_what_the_page_calls_main_is_not_lost_on_a_page_of_small_pieces():
    cards = "".join(f"<li><h3>Hat {n}</h3><p>Warm</p><p>€{n}9.00</p></li>" for n in range(1, 5))

    found = lines(page(f"<h1>Hats</h1><ul>{cards}</ul>"))

    assert {"Hat 1", "€19.00", "Hat 4", "€49.00"} <= set(found)


@pytest.mark.parametrize("html", ["", "   ", "\0\0", "<!-- -->", "<?xml version='1.0' encoding='utf-8'?>", "<table>"])
def test_a_page_with_nothing_on_it_has_no_text(html: str):
    assert not extract_html(html).has_text


@pytest.mark.parametrize(
    "page", ["<title>T</title><main><h1>H</h1><p>Text.</p></main>", "<title>T</title><article>Text."]
)
def test_a_page_without_body_tags_is_read(page: str):
    assert "Text." in lines(page)


def test_a_page_nested_beyond_reason_is_read_without_harm():
    extract_html("<div>" * 100_000 + "deep")
    extract_html("<table><tr><td>" * 2_000 + "deep")


def test_an_element_with_endless_attributes_costs_no_endless_time_and_keeps_its_text():
    crowd = " ".join(f"a{number}='>' b{number}=/x c{number}" for number in range(100_000))

    root = parse_html(f"<p {crowd}>Hats cost 39 EUR.</p><p {'x ' * 100} id=few title='a > b'>Wash by hand.</p>")

    assert root is not None
    assert [(one.text, len(one.attrib)) for one in root.iter("p")] == [("Hats cost 39 EUR.", 0), ("Wash by hand.", 3)]


def test_plain_text_is_split_at_blank_lines():
    found = extract_text("First\nline.\n\nSecond.\r\n\r\n\n", title="Notes", url="/notes")

    assert found.title == "Notes"
    assert [block.text for block in found.blocks] == ["First line.", "Second."]
