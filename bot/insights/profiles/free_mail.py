"""Where everybody can have an address, so that it says nothing of where somebody works."""

_HOSTS = (
    "aim.com aol.com arcor.de bluewin.ch btinternet.com comcast.net duck.com email.de fastmail.com free.fr freenet.de"
    " gmail.com googlemail.com gmx.at gmx.ch gmx.com gmx.de gmx.net hey.com hotmail.co.uk hotmail.com hotmail.de"
    " hotmail.fr hushmail.com icloud.com laposte.net libero.it live.com live.de live.nl mac.com mail.com mail.de"
    " mail.ru mailbox.org me.com msn.com online.de orange.fr outlook.com outlook.de outlook.fr pm.me posteo.de"
    " proton.me protonmail.com qq.com rocketmail.com seznam.cz sky.com t-online.de tutanota.com"
    " tuta.io vodafone.de wanadoo.fr web.de wp.pl yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru"
    " ymail.com zoho.com 163.com privaterelay.appleid.com"
)
HOSTS = frozenset(_HOSTS.split())


def work_host(address: str) -> str | None:
    """The host of an address that an employer gave; None of one that anybody can have, or that is none."""
    name, at, host = address.strip().lower().rpartition("@")
    sound = at and name and "." in host.strip(".") and not any(sign.isspace() for sign in host)
    return host if sound and host not in HOSTS else None
