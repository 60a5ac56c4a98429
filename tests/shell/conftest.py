from tests.gateway.conftest import client, engine, listener, settings  # noqa: F401
