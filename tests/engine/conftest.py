from tests.engine_fixture import engine, running_engine  # noqa: F401
