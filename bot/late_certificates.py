"""aiohttp that reads the machine's certificates when it first needs them.

It makes two TLS contexts when it is imported and has each read all certificates: a twenty-fifth of a second of every
process of ours, of which hardly one ever calls a server over TLS.
"""

import ssl
import sys
from typing import Any


class LateContext(ssl.SSLContext):
    """Trusts whom the machine trusts from its first connection on; until then it trusts nobody."""

    _is_ready = False

    def wrap_bio(self, *args: Any, **named: Any) -> ssl.SSLObject:
        self._get_ready()
        return super().wrap_bio(*args, **named)

    def wrap_socket(self, *args: Any, **named: Any) -> ssl.SSLSocket:
        self._get_ready()
        return super().wrap_socket(*args, **named)

    def _get_ready(self) -> None:
        if not self._is_ready:
            self.load_default_certs()
            self._is_ready = True


def import_aiohttp() -> None:
    """To be called before anything else imports it; afterwards it does nothing."""
    if "aiohttp" in sys.modules:
        return
    # Covers the built-in method of the base class, and is taken off again below.
    ssl.SSLContext.set_default_verify_paths = lambda _: None  # type: ignore[method-assign, assignment]
    try:
        from aiohttp import connector
    finally:
        del ssl.SSLContext.set_default_verify_paths
    connector._SSL_CONTEXT_VERIFIED.__class__ = LateContext
