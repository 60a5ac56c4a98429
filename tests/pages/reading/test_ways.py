"""What a visitor of a page can reach a person by, wherever in the page it stands."""

import pytest

from bot.pages.reading.ways import ways_on

STORY = "<main><h1>The mill</h1><p>We weave wool blankets beside the river.</p></main>"
HOME = "https://shop.example/blankets/"


def ways(body: str, *, url: str = HOME) -> tuple[str, ...]:
    return ways_on(f"<!doctype html><title>Mill</title><body>{body}{STORY}</body>", url=url)


def link(href: str, text: str = "here") -> str:
    return f"<footer><a href='{href}'>{text}</a></footer>"


def form(fields: str, more: str = "") -> str:
    return f"<form {more}>{fields}<button>Send</button></form>"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (link("mailto:hello@shop.example"), ("mail",)),
        (link("MAILTO:hello%40shop.example?subject=Hats"), ("mail",)),
        (link("/cdn-cgi/l/email-protection#0a1b"), ("mail",)),
        ("<footer>Write to hello@shop.example</footer>", ("mail",)),
        (link("tel:+353209150142", "☎"), ("phone",)),
        ("<header>Tel. (020) 915 0142</header>", ("phone",)),
        ("<footer>+353 20 915 0142</footer>", ("phone",)),
        (link("/about.html", "Contact us"), ("contact",)),
        (link("https://help.example/new", "Get in touch"), ("contact",)),
        (link("/contact-us/"), ("contact",)),
        (link("contact.html"), ("contact",)),
        (link("/about#contact"), ("contact",)),
        ("<nav><a href='/c' aria-label='Contact'><svg><title>x</title></svg></a></nav>", ("contact",)),
        (form("<textarea name=message></textarea>"), ("form",)),
        (form("<input name=your_question>"), ("form",)),
        (form("<input name=your_topic>", "class=research-team"), ("form",)),
        (form("<textarea name=message></textarea>", "action=/search-and-ask"), ("form",)),
        (form("<input name=mail placeholder='Your e-mail'><input name=your_message>"), ("form",)),
        (form("<input type=email name=mail><input type=tel name=phone>"), ("form",)),
        (link("mailto:a@shop.example") + link("tel:020 915 0142") + form("<textarea></textarea>") + link("/contact"),
         ("mail", "phone", "form", "contact")),
    ],
)  # fmt: skip
def test_what_can_be_used_is_found(body: str, found: tuple[str, ...]):
    assert ways(body) == found


@pytest.mark.parametrize(
    "body",
    [
        "",
        link("/shipping.html", "Shipping"),
        # Shares the page with the visitor's own friends.
        link("mailto:?subject=Look&body=https://shop.example/"),
        link("tel:"),
        link("/contact-lenses.html", "Contact lenses"),
        link("/contactless.html", "Contactless payment"),
        link("https://other.example/contact", "the weavers of Cork"),
        # These open a chat at most.
        link("#", "Contact us"),
        link("javascript:duologue('open')", "Contact us"),
        "<script type='module' src='https://chat.example/widget.js' data-site='my-shop'></script>",
        "<button>Contact us</button>",
        "<footer>Company number 353 209 1501 42, since 1921-2026</footer>",
        form("<input type=search name=anything>"),
        form("<input name=q><input type=hidden name=lang>"),
        form("<textarea name=q></textarea>"),
        form("<input name=what>", "role=search"),
        form("<input name=what>", "action=/search/news"),
        form("<input type=search name=word><input name=word>"),
        form("<input name=x12 placeholder='Your e-mail address'>"),
        form("<input type=email name=email><input name=x12><input name=company>"),
        form("<input type=email name=email>"),
        form("<input name=firstname><input name=newsletter_mail>"),
        form("<input name=user><input type=password name=pass><input name=answer>"),
        form("<input name=quantity value=1><input name=coupon>"),
        form("<input name=full><input name=line1 autocomplete=street-address><input type=tel name=t>"),
        form("<input type=checkbox name=agree><select name=size><option>S</option></select>"),
        form("<input name=note readonly><input name=other disabled>"),
        # Nobody sees these.
        form("<textarea name=g style='display:none'></textarea>"),
        form("<textarea name=g-recaptcha-response></textarea>"),
        "<div hidden>" + form("<textarea name=message></textarea>") + "</div>",
        "<template>" + link("mailto:a@shop.example") + "</template>",
        "<div style='display:none'>" + link("tel:020 915 0142") + "</div>",
        "<!-- " + link("mailto:a@shop.example") + " -->",
        "<input name=question><textarea name=message></textarea>",
    ],
)
def test_what_leads_to_nobody_is_no_way(body: str):
    assert ways(body) == ()


@pytest.mark.parametrize(
    "text", ["", "\0", "<", "plain words", "<form><form><input name=q><a href='http://[x/contact'>y</a>"]
)
def test_what_is_hardly_html_has_no_ways(text: str):
    assert ways_on(text, url=HOME) == ()


def test_a_page_of_a_great_many_links_and_fields_is_read_at_once():
    many = "".join(f"<form>{'<input name=q>' * 50}</form>{link('/x', 'tel ' * 50)}" for _ in range(500))

    assert ways(many) == ()
