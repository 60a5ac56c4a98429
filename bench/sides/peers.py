"""The chat widgets that are measured: ours, and three from npm as their READMEs embed them."""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from sides.prepared import CACHE

QUESTION, ANSWER = "Do you ship to Norway?", "Norway takes 5 to 8 working days"


class NotInstalled(Exception):
    """A peer that npm did not bring, or that is not the one we pinned."""


@dataclass(frozen=True)
class Widget:
    """A way to chat on a page. `markup` is what goes into the page; nothing on a blank one."""

    name: str
    markup: str = ""
    launcher: str = ""
    """What opens it; empty when it always is open."""
    field: str = ""


@dataclass(frozen=True)
class Peer:
    widget: Widget
    package: str
    version: str
    sha512: str
    """Of the packed package, in base64."""

    @property
    def folder(self) -> Path:
        return CACHE / "peers" / f"{self.widget.name}-{self.version}"

    def install(self) -> None:
        """Takes the package as it is published, by npm; its dependencies are in the bundle that a page loads."""
        if self.folder.exists():
            return
        aside = self.folder.with_suffix(".new")
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        packed = aside / self._pack(aside)
        found = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if found != self.sha512:
            raise NotInstalled(f"{self.package}@{self.version} has the SHA-512 {found}, not {self.sha512}.")
        with tarfile.open(packed) as archive:
            archive.extractall(aside, filter="data")
        (aside / "package").rename(self.folder)
        shutil.rmtree(aside)
        sys.stderr.write(f"Installed {self.package}@{self.version}\n")

    def _pack(self, into: Path) -> str:
        npm = shutil.which("npm")
        if npm is None:
            raise NotInstalled("npm is missing: install it (Debian: npm), or the peers can't be measured.")
        command = [npm, "pack", "--silent", "--ignore-scripts", f"{self.package}@{self.version}"]
        told = subprocess.run(command, cwd=into, capture_output=True, text=True, check=False)
        if told.returncode:
            raise NotInstalled(f"npm did not bring {self.package}@{self.version}: {told.stderr.strip()[-300:]}")
        return told.stdout.split()[-1]


DEEP_CHAT = """<script type="module" src="/deep-chat/dist/deepChat.bundle.js"></script>
<deep-chat connect='{"url":"/reply"}'></deep-chat>"""
RASA_WEBCHAT = """<script>!(function () {
  let e = document.createElement("script"), t = document.head || document.getElementsByTagName("head")[0];
  (e.src = "/rasa-webchat/lib/index.js"), (e.async = !0),
  (e.onload = () => { window.WebChat.default({ customData: { language: "en" }, socketUrl: location.origin }, null); }),
  t.insertBefore(e, t.firstChild);
})();</script>"""
N8N = """<link href="/n8n-chat/dist/style.css" rel="stylesheet">
<script type="module">import { createChat } from "/n8n-chat/dist/chat.bundle.es.js";
createChat({ webhookUrl: location.origin + "/reply" });</script>"""

BLANK = Widget("blank")
PEERS = (
    Peer(
        Widget("deep-chat", DEEP_CHAT, field="#text-input"),
        "deep-chat",
        "2.4.2",
        "wQNd6Z6HDoH7OMeoQKpmxDm9XdWrRjMkBJ2yl5tsYND9Dz2UCv/BdGVM8vK2V0mhO1u+OniHYPWDGvjlNxjCeQ==",
    ),
    Peer(
        Widget("rasa-webchat", RASA_WEBCHAT, ".rw-launcher", ".rw-new-message"),
        "rasa-webchat",
        "1.0.1",
        "Ld1zVJvTAaTrs6A5p8t70agNNrKYRyXlvqXZRgBoDvKKUXbA0jhJKECi5bdPGlaR6jsmqWtVylHS+YqIqo0x8w==",
    ),
    Peer(
        Widget("n8n-chat", N8N, ".chat-window-toggle", ".chat-input textarea"),
        "@n8n/chat",
        "1.37.0",
        "V1EQxDp/+rW6o/5OZgbwDfgPJXG8Jrn3TIdq7Z/26QTP90Uo3g2gv8CMnaQcphdTQVR+K06X34DOCRHXa8Tqnw==",
    ),
)


def ours(gateway_url: str, site: str, name: str = "duologue") -> Widget:
    tag = f'<script type="module" src="{gateway_url}/widget.js" data-site="{site}"></script>'
    return Widget(name, tag, "#launcher", "#field")
