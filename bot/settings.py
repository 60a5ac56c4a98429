"""Every setting in one frozen object: environment `DUOLOGUE_*` over `duologue.toml`, all faults told together."""

import os
import tomllib
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

from bot.errors import ConfigurationError

PREFIX = "DUOLOGUE_"
LOOPBACK = "127.0.0.1"
"""What every server of ours listens on; a proxy in front serves the world."""
COST = r"^(\d{1,6}(\.\d{1,6})? [A-Z]{3})?$"
Port = Annotated[int, Field(ge=1, le=65_534)]  # the demonstration shop takes the next one


class Settings(BaseModel):
    """What an operator may choose. Each field is `DUOLOGUE_<NAME>`; secrets also come as `DUOLOGUE_<NAME>_FILE`."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    home: Path = Field(Path(".duologue"), examples=["/var/lib/duologue"], description="where everything is kept")
    port: Port = Field(8080, examples=["8080"], description="of the gateway; the demonstration shop takes the next")
    database_url: str = Field(
        "", examples=["postgresql+asyncpg://user:password@host/duologue"], description="SQLite in the home when empty"
    )
    public_url: str = Field(
        "", examples=["https://chat.example.com"], description="the gateway's address as browsers see it"
    )
    deadline_s: float = Field(
        120, gt=0, le=3600, examples=["120"], description="how long the engine may take to answer"
    )
    rephrase_url: str = Field(
        "",
        examples=["http://127.0.0.1:8000/v1"],
        description="an OpenAI-compatible language model that rephrases answers; none when empty",
    )
    rephrase_model: str = Field("", examples=["qwen2.5-7b-instruct"], description="its name there")
    rephrase_key: str = Field("", repr=False, examples=["sk-…"], description="its key, if it wants one")
    robot_views_a_minute: int = Field(
        60,
        ge=0,
        le=10_000,
        examples=["60"],
        description="page views of a person at the most; 0: no limit",
    )
    country_header: str = Field(
        "",
        pattern=r"^([A-Za-z][A-Za-z0-9-]{1,63})?$",
        examples=["CF-IPCountry"],
        description="in which your proxy tells a visitor's country; none is noted when empty",
    )
    staff_minute_cost: str = Field(
        "", pattern=COST, examples=["0.80 EUR"], description="what a minute of staff costs, for who is profitable"
    )
    bot_answer_cost: str = Field(
        "", pattern=COST, examples=["0.002 EUR"], description="what an answer of the bot costs, for who is profitable"
    )
    smtp_url: str = Field(
        "",
        repr=False,
        examples=["smtp://user:password@mail.example.com:587"],
        description="the server that takes our mail; no mail when empty",
    )
    mail_from: str = Field("", examples=["My shop <help@shop.example>"], description="whom our mail comes from")
    mail_after_min: float = Field(
        5, gt=0, le=1440, examples=["5"], description="how long a visitor is away before an answer goes by mail"
    )
    webhook_hosts: str = Field(
        "",
        examples=["127.0.0.1:8081"],
        description="servers that alerts may be told to wherever they are, HOST:PORT each",
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", examples=["INFO"])

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _one_that_we_speak(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:///", "postgresql+asyncpg://")):
            raise ValueError("it has to begin with sqlite:/// or postgresql+asyncpg://")
        return url

    @field_validator("public_url")
    @classmethod
    def _an_origin(cls, url: str) -> str:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("it has to begin with http:// or https://")
        return url.rstrip("/")

    @field_validator("rephrase_url")
    @classmethod
    def _of_a_model(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
            raise ValueError("it has to be http:// or https://, a host and a path")
        return url.rstrip("/")

    @field_validator("rephrase_model")
    @classmethod
    def _named_with_its_address(cls, name: str, info: ValidationInfo) -> str:
        if info.data.get("rephrase_url") and not name:
            raise ValueError("DUOLOGUE_REPHRASE_URL is set, and a model has to be named there")
        return name

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            good = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            good = False
        if url and (not good or parts.path.strip("/") or parts.fragment or parts.query not in ("", "tls=off")):
            raise ValueError("it has to be smtp:// or smtps://, user:password@ where it wants them, a host and a port")
        if url and parts.query and (parts.password or parts.scheme == "smtps"):
            raise ValueError("tls=off goes with smtp:// and without a password, which everybody could read")
        return url

    @field_validator("mail_from")
    @classmethod
    def _a_sender(cls, sender: str, info: ValidationInfo) -> str:
        if info.data.get("smtp_url") and not sender:
            raise ValueError("DUOLOGUE_SMTP_URL is set, and mail has to come from somebody")
        if sender and (not sender.isprintable() or "@" not in parseaddr(sender)[1].strip("@")):
            raise ValueError("it has to be an address, with or without a name before it")
        return sender

    @field_validator("webhook_hosts")
    @classmethod
    def _servers(cls, hosts: str) -> str:
        for one in hosts.replace(",", " ").split():
            host, _, port = one.rpartition(":")
            if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
                raise ValueError(f"{one} is no host with its port")
        return hosts

    @property
    def mails(self) -> bool:
        """Whether mail is set up."""
        return bool(self.smtp_url)

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'store.db'}"

    @property
    def gateway_url(self) -> str:
        """Where the gateway listens."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def own_url(self) -> str:
        """Where browsers find the gateway."""
        return self.public_url or self.gateway_url

    @property
    def shop_url(self) -> str:
        return f"http://{LOOPBACK}:{self.port + 1}"


def load(environment: Mapping[str, str] = os.environ, file: Path = Path("duologue.toml")) -> Settings:
    """The settings, or one ConfigurationError that names every fault with an example of a good value."""
    faults: list[str] = []
    given = _from_file(file, faults) | _from_environment(environment, faults)
    try:
        settings = Settings(**given)
    except ValidationError as error:
        faults += [_fault(problem["loc"], problem["input"], problem["msg"]) for problem in error.errors()]
    if faults:
        raise ConfigurationError("\n".join(faults))
    return settings


def _from_file(file: Path, faults: list[str]) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        faults.append(f'{file} can\'t be read ({error}); a good line is e.g. port = 8080, home = "/var/lib/duologue".')
        return {}


def _from_environment(environment: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in environment.items():
        field = name.removeprefix(PREFIX).lower()
        if not name.startswith(PREFIX) or field.removeprefix("engine_") != field:
            continue  # DUOLOGUE_ENGINE_* is for the engine's process, which has no other setting
        if field.endswith("_file") and field.removesuffix("_file") in Settings.model_fields:
            try:
                given[field.removesuffix("_file")] = Path(value).read_text(encoding="utf-8").strip()
            except OSError as error:
                faults.append(f"{name} names {value}, which can't be read ({error.strerror}); give a readable file.")
        elif value or field not in Settings.model_fields:
            given[field] = value
    return given


def _fault(where: tuple[int | str, ...], value: object, why: str) -> str:
    field = str(where[0])
    name = PREFIX + field.upper()
    if field not in Settings.model_fields:
        known = ", ".join(sorted(PREFIX + known.upper() for known in Settings.model_fields))
        return f"{name} is not a setting; the settings are {known}."
    if field in ("database_url", "rephrase_url", "rephrase_key", "smtp_url") or "secret" in field:
        value = "(not shown)"
    (example,) = Settings.model_fields[field].examples or [""]
    return f'{name} is "{value}": {why.removeprefix("Value error, ")}; give e.g. {example}.'
