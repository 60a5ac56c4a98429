"""Whom we trust over TLS is read when it is first needed, and is the same as ever."""

import subprocess
import sys

import pytest

FIRST = "from bot import late_certificates; late_certificates.import_aiohttp(); import ssl, aiohttp.connector as c;"
CONTEXT = "context = c._SSL_CONTEXT_VERIFIED;"
AT_FIRST_USE = (
    f"{FIRST}{CONTEXT} assert not context.cert_store_stats()['x509_ca'];"
    "context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname='shop.example');"
    "assert context.cert_store_stats() == ssl.create_default_context().cert_store_stats()"
)
AS_STRICT = (
    f"{FIRST}{CONTEXT} usual = ssl.create_default_context();"
    "assert (context.check_hostname, context.verify_mode, context.options) == "
    "(usual.check_hostname, usual.verify_mode, usual.options)"
)
OTHERS = f"{FIRST} import bot.late_certificates as l; assert type(ssl.create_default_context()) is ssl.SSLContext"


@pytest.mark.parametrize("what_holds", [AT_FIRST_USE, AS_STRICT, OTHERS], ids=["read then", "as strict", "others"])
def test_a_start_reads_no_certificates_and_trusts_nobody_else(what_holds: str) -> None:
    subprocess.run([sys.executable, "-c", what_holds], check=True)
