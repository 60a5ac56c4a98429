"""An experiment as rows, definitions and a way to count again: whoever doubts a number recomputes it without us.

The same store and window give the same bytes. Nobody is in it by an id of ours: people are hashed with the site's salt,
of which only a fingerprint is told.
"""

import csv
import hashlib
import io
import json
import platform
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.errors import ConfigurationError
from bot.insights.exports.whole import whole
from bot.insights.lift.reading import Experiment
from bot.insights.lift.report import Asked, looked_at
from bot.insights.window import span_of
from bot.interactions import Microseconds, SiteKey, rfc3339
from bot.money import DIGITS
from bot.store.experiments import periods
from bot.store.sites import Site, find_site
from bot.store.store import Store

SEED = 0
"""Of what is drawn again for intervals."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
ARMS = {True: "offered", False: "held_out"}
ASSIGNMENT = ("person", "drawn_at", "arm")
OUTCOMES = ("person", "exposed", "talked", "bought", "spent_minor", "before_minor", "in_both_arms", "noise")
RECOMPUTE = """import csv
arms = {row["person"]: row["arm"] for row in csv.DictReader(open("assignment.csv"))}
people = {"offered": 0, "held_out": 0}
buyers = dict(people)
for row in csv.DictReader(open("outcomes.csv")):
    people[arms[row["person"]]] += 1
    buyers[arms[row["person"]]] += row["bought"] == "1"
share = {arm: buyers[arm] / people[arm] for arm in people if people[arm]}
print(share["offered"] - share["held_out"] if len(share) == 2 else "one arm is empty")
"""
README = """# An experiment, to be counted again

Who was offered the chat was drawn by lot. `report.json` is the report about it; its number `conversion_difference` is
the share of buyers among those offered, less that among those held out. From the rows, in this folder:

    python3 recompute.py

which is:

{program}
It prints that number, to the last digit.

- `assignment.csv`: everybody who was drawn in the window: `person` (a hash that stands for nobody outside this bundle),
  `drawn_at` (RFC 3339, UTC), `arm` (offered, held_out: the one of their first browser).
- `outcomes.csv`: the same people. `exposed`: the button appeared, or would have. `talked`: they were answered at least
  once after they were drawn. `bought`: their purchases less refunds since then are above zero, in any currency.
  `spent_minor`: these in the minor unit (cents) of the report's currency. `before_minor`: the same of the 180 days
  before. `in_both_arms`: another browser of theirs was drawn into the other arm. `noise`: a robot's or one of staff.
  1 is yes.
- `definition.json`: the window, the share held out, the definition of each number, the salt's fingerprint, the seed of
  what is drawn again, and the versions that counted.
- `SHA256SUMS`: `sha256sum -c SHA256SUMS` says whether all files are as they were written.
"""


@dataclass(frozen=True)
class Bundle:
    files: dict[str, bytes]
    rows: int


async def bundle(store: Store, site: str, *, since: str | None, until: str | None, log: Path | None) -> Bundle:
    """Of the experiment that runs, or that which the window touches; without an end, until the end of today (UTC)."""
    found = await store.read(find_site, SiteKey(site))
    if found is None or not await store.read(periods, SiteKey(site)):
        raise ConfigurationError(f'There is no site "{site[:40]}"; `duologue site list` tells them.')
    ends = until or datetime.now(UTC).date().isoformat()
    asked, experiment, told = await looked_at(store, span_of(site, since, ends), log=log)
    persons = [_person(found, browser) for browser in experiment.people.browsers.to_pylist()]
    files = {
        "README.md": README.format(program="\n".join(f"    {line}" for line in RECOMPUTE.splitlines()) + "\n").encode(),
        "recompute.py": RECOMPUTE.encode(),
        "assignment.csv": _csv(ASSIGNMENT, _assignment(persons, experiment)),
        "outcomes.csv": _csv(OUTCOMES, _outcomes(persons, experiment)),
        "definition.json": _json(_definition(found, asked, experiment, told)),
        "report.json": _json(told),
    }
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return Bundle(files | {"SHA256SUMS": sums.encode()}, len(persons))


def write_zip(made: Bundle, into: Path) -> None:
    with ZipFile(into, "w") as zip:
        for name in sorted(made.files):
            entry = ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            zip.writestr(entry, made.files[name])


def write_out(made: Bundle, out: Path) -> None:
    """A zip where `out` is named so, else a folder, which must not be there yet; whole or not at all."""
    if out.suffix == ".zip":
        with whole(out) as part:
            write_zip(made, part)
        return
    if out.exists():
        raise ConfigurationError(f"{out} is there already; give a folder that is not, or a name that ends with .zip.")
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    for name, content in made.files.items():
        (part / name).write_bytes(content)
    part.rename(out)


def _person(site: Site, browser: str) -> str:
    key = site.salt.encode()[:64]
    return hashlib.blake2b(browser.encode(), key=key, person=b"bundle", digest_size=16).hexdigest()


def _assignment(persons: list[str], experiment: Experiment) -> Iterator[tuple[object, ...]]:
    people = experiment.people
    for person, at, offered in zip(persons, people.at.tolist(), people.offered.tolist(), strict=True):
        yield person, rfc3339(Microseconds(at)), ARMS[offered]


def _outcomes(persons: list[str], experiment: Experiment) -> Iterator[tuple[object, ...]]:
    people = experiment.people
    columns = (
        people.exposed, people.talked, people.bought, people.spent, people.before, people.in_both_arms, people.noise,
    )  # fmt: skip
    for person, *cells in zip(persons, *(column.tolist() for column in columns), strict=True):
        yield person, *(int(cell) for cell in cells)


def _definition(site: Site, asked: Asked, experiment: Experiment, told: dict[str, object]) -> dict[str, object]:
    names = ("name", "title", "unit", "label", "definition")
    rows: list[dict[str, object]] = told["rows"]  # type: ignore[assignment]
    return {
        "site": site.key,
        "since": rfc3339(asked.span.since),
        "until": rfc3339(asked.span.until),
        "experiment_since": rfc3339(asked.period.since),
        "holdout": asked.period.holdout,
        "currency": experiment.currency,
        "minor_digits": DIGITS.get(experiment.currency, 2),
        "headline": "conversion_difference",
        "figures": [{name: row[name] for name in names} for row in rows],
        "salt_sha256": hashlib.sha256(site.salt.encode()).hexdigest()[:16],
        "seed": SEED,
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("duologue", "duckdb", "numpy", "scipy")},
    }


def _csv(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    """In the order of the hashes, which says nothing."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(sorted(rows))
    return out.getvalue().encode()


def _json(told: object) -> bytes:
    return (json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
