"""Somebody else's website, made to be hard on a widget: a page for each hardship."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web

from tests.running import Duologue

KEY = "hosts"
INVITING = "inviting-hosts"
INVITE = "Shall I look something up for you?"
INVITES = f'invites=[{{"id": "help", "text": "{INVITE}"}}]'
CRAWLED_WITHIN_S = 120
NONCE = "r4nd0mN0nc3"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'nonce-{NONCE}'; "
    "connect-src {http} {ws}; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'"
)
FRAME = """<!doctype html>
<html {attributes}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>A page</title>
<style nonce="{nonce}">body{{max-width:44em;margin:2em;font:17px/1.6 system-ui,sans-serif}}</style>{head}</head>
<body><header><a href="#content">Skip to the content</a></header>
<main id="content"><h1>A page</h1><p id="first">What a visitor came to read.</p>{body}
<p><label>Search <input id="search"></label> <button id="own">Our own button</button></p></main>
<footer><p><a id="last" href="#content">To the top</a></p></footer>{tags}</body></html>"""
LONG = (
    "<p>" + "</p><p>".join(f"Line {number} of a page that is longer than any window." for number in range(80)) + "</p>"
)


@dataclass(frozen=True)
class HostPage:
    """`guarded` is a page with the strictest policy that lets any script in."""

    head: str = ""
    body: str = LONG
    attributes: str = 'lang="en"'
    key: str = KEY
    tags: int = 1
    guarded: bool = False


POLLUTED = """<script>
const open = { enumerable: true, configurable: true, writable: true };
Object.defineProperty(Object.prototype, 'extra', { value: 'polluted', ...open });
Object.prototype.ours = function () { return 'ours'; };
Array.prototype.last = function () { return this[this.length - 1]; };
Array.prototype.extra = 'polluted';
String.prototype.shout = function () { return this.toUpperCase(); };
const names = 'url mode method name body token visitor show key headers signal detail text from seq'.split(' ');
for (const name of names)
  Object.defineProperty(Object.prototype, name, {
    configurable: true, get() {}, set(value) { Object.defineProperty(this, name, { value, ...open }); },
  });
</script>"""
AGREED = """<script>
window.duologue ??= (...call) => (window.duologue.q ??= []).push(call);
duologue('consent', { measure: true });
</script>"""
PAGES = {
    "plain": HostPage(),
    "arabic": HostPage(attributes='lang="ar" dir="rtl"'),
    "strict": HostPage(guarded=True),
    "unset": HostPage(head="<style>:not(html,head){all:unset!important;display:none!important}</style>"),
    "hidden": HostPage(head="<style>html>*:not(head,body){display:none!important;visibility:hidden!important}</style>"),
    "shrunk": HostPage(head="<style>button,a,textarea{transform:scale(0)!important;font-size:0!important}</style>"),
    "huge": HostPage(head="<style>html{font-size:64px!important;line-height:3!important;letter-spacing:9px}</style>"),
    "mirrored": HostPage(head="<style>html{direction:rtl!important}</style>"),
    "fixed": HostPage(
        head="<style>iframe,div,ol,li,form{position:fixed!important;inset:0!important;opacity:0!important}</style>"
    ),
    "polluted": HostPage(head=POLLUTED),
    "twice": HostPage(tags=2),
    "wrong-key": HostPage(key="nobody"),
    "inviting": HostPage(key=INVITING, head=AGREED),
}


@dataclass(frozen=True)
class HostSite:
    """Its pages have the widget of the site `KEY`, which answers from the demonstration shop's pages."""

    origin: str

    def page(self, name: str) -> str:
        return f"{self.origin}/{name}"


def _text(page: HostPage, gateway: str) -> str:
    nonce = f' nonce="{NONCE}"' if page.guarded else ""
    tag = f'<script type="module"{nonce} src="{gateway}/widget.js" data-site="{page.key}"></script>'
    return FRAME.format(nonce=NONCE, attributes=page.attributes, head=page.head, body=page.body, tags=tag * page.tags)


async def _serve(gateway: str) -> web.AppRunner:
    async def give(request: web.Request) -> web.Response:
        page = PAGES[request.match_info["name"]]
        told = web.Response(text=_text(page, gateway), content_type="text/html")
        if page.guarded:
            told.headers["Content-Security-Policy"] = POLICY.format(http=gateway, ws=gateway.replace("http", "ws"))
        return told

    async def no_icon(_: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/favicon.ico", no_icon)
    app.router.add_get("/{name}", give)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


@pytest.fixture(scope="session")
async def host_site(duologue: Duologue) -> AsyncIterator[HostSite]:
    """The hard website, known to the gateway, with the shop's pages as what the bot has read."""
    runner = await _serve(duologue.gateway_url)
    host, port = runner.addresses[0][:2]
    site = HostSite(f"http://{host}:{port}")
    added = await duologue.cli("site", "add", KEY, "--name", "Teasel Mill", "--origin", site.origin)
    assert added.code == 0, added.stderr
    shop = duologue.shop_url
    read = await duologue.cli(
        "crawl", f"{shop}/", "--site", KEY, "--allow-host", shop.removeprefix("http://"), within_s=CRAWLED_WITHIN_S
    )
    assert read.code == 0, read.stderr
    for words in (
        ("add", INVITING, "--origin", site.origin, "--holdout", "0"),
        ("set", INVITING, INVITES),
    ):
        told = await duologue.cli("site", *words)
        assert told.code == 0, told.stderr
    yield site
    await runner.cleanup()
