"""Settings: every fault at once, each with an example of a good value."""

from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import load
from bot.store.database import parse_url

NO_FILE = Path("/nonexistent/duologue.toml")


def test_without_any_setting_it_is_sqlite_on_port_8080():
    settings = load({}, NO_FILE)

    assert settings.port == 8080
    assert settings.store_url == f"sqlite:///{Path('.duologue').absolute()}/store.db"
    assert settings.own_url == "http://127.0.0.1:8080"
    assert settings.shop_url == "http://127.0.0.1:8081"


def test_the_environment_is_above_the_file(tmp_path: Path):
    file = tmp_path / "duologue.toml"
    file.write_text('port = 9000\npublic_url = "https://chat.example/"\n')

    settings = load({"DUOLOGUE_PORT": "9100"}, file)

    assert (settings.port, settings.own_url) == (9100, "https://chat.example")


def test_all_faults_are_told_together_each_with_a_good_value(tmp_path: Path):
    file = tmp_path / "duologue.toml"
    file.write_text("deadline_s = 0\n")
    wrong = {"DUOLOGUE_PORT": "http", "DUOLOGUE_PUBLIC_URL": "chat.example", "DUOLOGUE_COLOUR": "red", "PATH": "/bin"}

    with pytest.raises(ConfigurationError) as told:
        load(wrong, file)

    lines = sorted(str(told.value).splitlines())
    assert told.value.exit_code == 2
    assert [line.split(" is ")[0] for line in lines] == [
        "DUOLOGUE_COLOUR",
        "DUOLOGUE_DEADLINE_S",
        "DUOLOGUE_PORT",
        "DUOLOGUE_PUBLIC_URL",
    ]
    assert "the settings are DUOLOGUE_BOT_ANSWER_COST" in lines[0]
    assert lines[1].endswith("give e.g. 120.") and lines[2].endswith("give e.g. 8080.")


@pytest.mark.parametrize("port", ["0", "65535", "-1", "8080.5", " "])
def test_a_port_that_leaves_no_room_for_the_shop_is_refused(port: str):
    with pytest.raises(ConfigurationError, match=r"DUOLOGUE_PORT.*8080"):
        load({"DUOLOGUE_PORT": port}, NO_FILE)


def test_a_secret_may_come_from_a_file(tmp_path: Path):
    secret = tmp_path / "url"
    secret.write_text("postgresql+asyncpg://u:p@h/d\n")

    assert load({"DUOLOGUE_DATABASE_URL_FILE": str(secret)}, NO_FILE).database_url == "postgresql+asyncpg://u:p@h/d"
    with pytest.raises(ConfigurationError, match="can't be read"):
        load({"DUOLOGUE_DATABASE_URL_FILE": str(tmp_path / "none")}, NO_FILE)


def test_a_file_that_is_no_toml_is_told(tmp_path: Path):
    file = tmp_path / "duologue.toml"
    file.write_text("port: 8080")

    with pytest.raises(ConfigurationError, match="a good line is"):
        load({}, file)


@pytest.mark.parametrize("url", ["mysql://h/d", "postgresql://h/d", "nonsense", "sqlite+aiosqlite:///x"])
def test_a_database_that_we_do_not_speak_is_refused_without_its_password(url: str):
    with pytest.raises(ConfigurationError, match=r"postgresql\+asyncpg://user") as told:
        parse_url(url.replace("//h", "//user:hunter2@h"))

    assert "hunter2" not in str(told.value)


def test_a_language_model_has_an_address_and_a_name(tmp_path: Path):
    key = tmp_path / "key"
    key.write_text("sk-secret\n")
    given = {"DUOLOGUE_REPHRASE_URL": "http://127.0.0.1:8000/v1/", "DUOLOGUE_REPHRASE_MODEL": "small-one"}

    settings = load(given | {"DUOLOGUE_REPHRASE_KEY_FILE": str(key)}, NO_FILE)

    assert (settings.rephrase_url, settings.rephrase_key) == ("http://127.0.0.1:8000/v1", "sk-secret")
    assert "sk-secret" not in repr(settings)


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://host/v1", "http://", "http://host/v1?key=sk-secret"])
def test_an_address_that_is_none_is_refused_and_not_shown(url: str):
    with pytest.raises(ConfigurationError, match="DUOLOGUE_REPHRASE_URL") as told:
        load({"DUOLOGUE_REPHRASE_URL": url, "DUOLOGUE_REPHRASE_MODEL": "small-one"}, NO_FILE)

    assert "sk-secret" not in str(told.value)


def test_an_address_without_a_model_is_refused():
    with pytest.raises(ConfigurationError, match="DUOLOGUE_REPHRASE_MODEL"):
        load({"DUOLOGUE_REPHRASE_URL": "http://127.0.0.1:8000/v1"}, NO_FILE)
