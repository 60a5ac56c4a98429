"""The `duologue` command. Each subcommand imports what it needs when it runs, so that `--help` is quick."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import ConfigurationError, DuologueError

# Read when numpy is first imported, also by the processes we start: its matrices are small, and threads that wait for
# one another take twice the CPU.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; 0 done, 1 failed, 2 wrong usage, 3 not reachable."""
    given = _parse(arguments)
    # What we keep holds what people said and the sites' secrets: for nobody else on this machine.
    os.umask(0o077)
    try:
        result: int | None = given.run(given)
    except DuologueError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output (`| head`) has enough.
        sys.stderr.close()
        return 0
    return result or 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    top = parser()
    given, left = top.parse_known_args(arguments)
    if left and not (hasattr(given, "settings") and all("=" in one and one[0] != "-" for one in left)):
        top.error(f"unrecognized arguments: {' '.join(left)}")
    # Values that come after an option are left over: argparse gives a `*` all it will ever get at once.
    if left:
        given.settings += left
    return given


class _Version(argparse.Action):
    """Looks the version up when it is asked for: that reads about every package that is installed."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        sys.stdout.write(f"duologue {version('duologue')}\n")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="duologue",
        description="Turns a website's one-way pages into a two-way conversation.",
        epilog="Settings: DUOLOGUE_HOME, DUOLOGUE_PORT, DUOLOGUE_DATABASE_URL, DUOLOGUE_PUBLIC_URL, or duologue.toml.",
    )
    top.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True)

    _add(commands, "up", "start everything, with the demonstration shop; Ctrl-C stops it", _up)
    _add(commands, "serve", "the gateway alone; `up` starts it", _serve)
    _add(commands, "work", "crawl the sites whose time has come, and end; `up` starts it", _work)
    train = _add(commands, "train", "train the bot, when its inputs have changed", _train, output=True)
    train.add_argument("--force", action="store_true", help="also when nothing has changed")

    crawl = _add(
        commands, "crawl", "read a site's pages, so that the bot can answer from them", _crawl, site=True, output=True
    )
    crawl.add_argument("origin", nargs="?", metavar="URL|DIR|FILE.jsonl", help="where the pages are")
    crawl.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="a host with a private address that may be read",
    )
    crawl.add_argument("--base", metavar="URL", help="the address that the pages of a folder have on the site")
    crawl.add_argument("--limit", type=int, default=500, metavar="N", help="pages at most (500)")
    crawl.add_argument("--depth", type=int, default=5, metavar="N", help="links from the first page at most (5)")
    crawl.add_argument("--time-limit", default="1h", metavar="TIME", help="in all, e.g. 90s, 30m (1h)")
    crawl.add_argument(
        "--megabytes", type=int, default=1_000, metavar="N", help="of all answers together, unpacked (1000)"
    )
    crawl.add_argument("--fresh", action="store_true", help="fetch what has not changed too")
    crawl.add_argument("--show", action="store_true", help="crawl nothing; show the last crawls and when the next is")
    crawl.add_argument("--quiet", action="store_true", help="no progress")

    ask = _add(commands, "ask", "ask the pages a question, without the bot", _ask, site=True, output=True)
    ask.add_argument("question", nargs="?", help="the question")
    ask.add_argument("--page", metavar="URL", help="the page that the visitor is on")
    ask.add_argument("--batch", type=Path, metavar="FILE.jsonl", help="questions, one a line")

    shell = _add(
        commands, "shell", "talk with the bot that runs, and see why it answers so", _shell, site=True, output=True
    )
    shell.add_argument(
        "--page", default="", metavar="URL", help="the page that you are on; a path is one of the site's"
    )
    shell.add_argument("--language", metavar="CODE", help="of your browser, e.g. de")
    shell.add_argument("--keep", action="store_true", help="do not erase the conversation at its end")

    questions = _add(
        commands, "questions", "what no page answers, grouped by meaning", _questions, site=True, output=True
    )
    questions.add_argument(
        "act",
        nargs="?",
        choices=("replay", "learn"),
        help="ask all questions again, and tell what changed; or learn from what visitors told of the answers",
    )
    _window(questions)
    questions.add_argument("--page", metavar="URL", help="only what was asked on this page")
    questions.add_argument(
        "--limit", type=int, metavar="N", help="groups, or rows of each list, at most (20; as JSON all)"
    )
    questions.add_argument("--strict", action="store_true", help="of replay: 1 when an answer is lost")
    questions.add_argument("--apply", action="store_true", help="of learn: answer by what was learned, if it is better")
    questions.add_argument("--force", action="store_true", help="with --apply: also when it is not")
    questions.add_argument("--forget", action="store_true", help="of learn: answer by the shipped weights again")

    insights = _add(commands, "insights", "who converses, who buys, what pages do", _insights, site=True, output=True)
    insights.add_argument(
        "name",
        metavar="NAME",
        help="segments, profiles, pages, conversations, lift, value, likeness, channels, listening, objectives,"
        " fixes, report",
    )
    _window(insights)
    insights.add_argument("--by", metavar="WHAT", help="of segments and listening: channel, …; of likeness: buyers, …")
    insights.add_argument(
        "--rule", metavar="RULE", help="of channels: who gets credit for an order; first, last or linear"
    )
    insights.add_argument("--audience", metavar="PLATFORM", help="of likeness: hashed addresses, for google or meta")
    insights.add_argument(
        "--agreed", type=Path, metavar="FILE", help="with --audience: more who agreed, an address a line"
    )
    insights.add_argument("--again", action="store_true", help="of conversations: judge all anew, not only what is new")
    insights.add_argument("--format", choices=("html", "pdf"), help="of report: a file of one page")
    insights.add_argument(
        "--out", type=Path, metavar="FILE", help="of report: a file; of listening: a folder of CSV files"
    )

    objective = _add(
        commands, "objective", "what is wanted, by when: set down, change, close or list", _objective, site=True,
        output=True,
    )  # fmt: skip
    objective.add_argument("act", choices=("add", "set", "close", "list"))
    objective.add_argument("what", nargs="?", metavar="NAME|ID", help="of add: its name; else its id")
    objective.add_argument(
        "--measure", help="awareness, engagement, feedback, leads, sales, loyalty or support: one of them"
    )
    objective.add_argument("--owner", metavar="NAME", help="whose it is, of the staff; told by mail when it is reached")
    objective.add_argument("--target", metavar="VALUE", help='e.g. "15 %%", 1200, 4.50')
    objective.add_argument("--smallest", metavar="CHANGE", help="the smallest change that matters, in the same unit")
    objective.add_argument("--baseline", metavar="VALUE", help="what it was; else as many days before tell it")
    objective.add_argument("--since", metavar="DAY", help="its first day (today)")
    objective.add_argument("--until", metavar="DAY", help="its last day")
    objective.add_argument("--pages", action="append", metavar="PAGE", help="about this page; may be given again")
    objective.add_argument("--campaign", help="about who came by it, as addresses have it (utm_campaign)")
    objective.add_argument("--channel", help="about who came by it: search, mail, paid, …")
    objective.add_argument("--currency", metavar="CODE", help="of sales (EUR)")
    objective.add_argument("--name", help="of set: another name")
    objective.add_argument("--why", metavar="WORDS", help="of close: the reason")

    demo = _add(commands, "demo", "an invented year, to look at the reports with", _demo, output=True)
    demo.add_argument("--history", action="store_true", help="make it, in the site `invented`; again makes it anew")
    demo.add_argument("--remove", action="store_true", help="take it away with all that is of it")

    taken = _add(commands, "import", "take in a file of orders, contacts or spend", _import, site=True, output=True)
    taken.add_argument("act", choices=("orders", "contacts", "spend", "list", "undo"))
    taken.add_argument("what", nargs="?", metavar="FILE|ID", help="CSV or JSON Lines; - is standard input. Of undo: ID")
    taken.add_argument("--dry-run", action="store_true", help="only say what would be imported, and what is wrong")
    taken.add_argument("--map", action="append", default=[], metavar="THEIRS=OURS", help="what a column is, e.g. Nr=id")
    taken.add_argument("--currency", metavar="CODE", help="of orders that tell none, e.g. EUR")
    taken.add_argument("--timezone", metavar="ZONE", help="of times that tell none, e.g. Europe/Vienna (the site's)")
    taken.add_argument("--dates", choices=("dmy", "mdy"), help="whether 03/04/2026 is in April or in March")
    taken.add_argument(
        "--decimals", choices=("point", "comma"), help="what they stand after, if 1.234 may be a thousand"
    )
    taken.add_argument("--errors", type=Path, metavar="FILE.csv", help="writes down all rows that are wrong")
    taken.add_argument("--skip-errors", action="store_true", help="import what is right all the same")

    export = _add(commands, "export", "what is in the store, a row each", _export, site=True)
    export.add_argument("kind", metavar="KIND", help="interactions, conversations, messages, profiles, purchases, …")
    export.add_argument("--format", default="csv", help="csv (default), xlsx, parquet or jsonl")
    export.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    export.add_argument("--bom", action="store_true", help="of csv: begin with the mark by which Excel knows UTF-8")
    _window(export)

    site = _add(
        commands, "site", "add a website, set what its chat looks like and says, or show one", _site, output=True
    )
    site.add_argument("act", choices=("add", "set", "show", "list"))
    site.add_argument("key", nargs="?", metavar="KEY")
    site.add_argument(
        "settings",
        nargs="*",
        metavar="NAME=VALUE",
        help="to set, e.g. phone=… hours.mon=09:00-17:00; `phone=` removes it",
    )
    site.add_argument("--file", type=Path, metavar="FILE.json", help="to set: an object of such names")
    site.add_argument("--name", help="as visitors know it")
    site.add_argument(
        "--origin", action="append", default=[], metavar="URL", help="where its pages are, e.g. https://shop.example"
    )
    site.add_argument("--consent", choices=("ask", "not_needed"), help="of a new site: ask")
    site.add_argument(
        "--holdout", type=float, metavar="SHARE", help="visitors not offered the chat; of a new site: 0.1"
    )

    staff = _add(commands, "staff", "add, list, change or disable members of the staff", _staff, output=True)
    staff.add_argument("act", choices=("add", "list", "role", "password", "disable", "enable"))
    staff.add_argument("name", nargs="?", metavar="NAME")
    staff.add_argument("--role", help="of who is added (agent), or from now on: agent, marketer or admin")

    alert = _add(
        commands, "alert", "be told when something happens, by mail or on the web", _alert, site=True, output=True
    )
    alert.add_argument("act", choices=("add", "list", "set", "remove", "test"))
    alert.add_argument(
        "what", nargs="?", metavar="WHAT|ID", help="to add: complaint, stars, waiting, …; else which one"
    )
    alert.add_argument(
        "settings",
        nargs="*",
        metavar="NAME=VALUE",
        help="e.g. least=5 topic=delivery mail=… webhook=… quiet=22:00-07:00",
    )

    review = _add(
        commands, "review", "take reviews of answers into what the bot learns, and play them", _review, output=True
    )
    review.add_argument(
        "act",
        choices=("export", "replay", "notes"),
        help="write what is new into data/; play all cases with a new model; list what pages should say",
    )
    review.add_argument("--dry-run", action="store_true", help="of export: only say what would be written")
    review.add_argument("--model", type=_absolute, metavar="PATH", help="of replay: this model, instead of a new one")
    review.add_argument("--site", metavar="KEY", help="of notes: only this site's")

    subject = _add(
        commands, "subject-export", "all that is kept of one person, to hand to them", _subject_export, site=True,
        output=True,
    )  # fmt: skip
    subject.add_argument("--customer", metavar="ID", help="who it is: a customer's id")
    subject.add_argument("--visitor", metavar="ID", help="or a visitor's")
    subject.add_argument("--email", metavar="ADDRESS", help="or a mail address that one person gave")
    subject.add_argument("--out", type=Path, metavar="FILE.zip", help="where it is written (person.zip)")

    _add(commands, "migrate", "bring the store's tables up to date", _migrate)
    _add(commands, "status", "whether everything runs", _status, output=True)
    return top


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    does: str,
    run: Callable[[argparse.Namespace], int | None],
    *,
    site: bool = False,
    output: bool = False,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=does, description=does[0].upper() + does[1:] + ".")
    command.set_defaults(run=run)
    if site:
        command.add_argument("--site", default="demo", metavar="KEY", help="which website (demo)")
    if output:
        command.add_argument("--output", choices=("table", "json"), default="table", help="for people, or for programs")
    return command


def _absolute(path: str) -> Path:
    return Path(path).absolute()


def _window(command: argparse.ArgumentParser) -> None:
    command.add_argument("--since", metavar="DATE", help="from this day or moment on, e.g. 2026-01-31")
    command.add_argument("--until", metavar="DATE", help="to the end of this day, or just before this moment")


def _up(_: argparse.Namespace) -> int:
    from bot import collector, late_certificates

    collector.rest()
    late_certificates.import_aiohttp()
    from bot.settings import load
    from bot.up import up

    return asyncio.run(up(load()))


def _serve(_: argparse.Namespace) -> None:
    from bot import collector, late_certificates
    from bot.settings import load

    collector.rest()
    settings = load()
    if not settings.rephrase_url.startswith("https:"):
        late_certificates.import_aiohttp()
    from bot.gateway.serve import serve
    from bot.logs import configure

    configure(settings.log_level)
    asyncio.run(serve(settings))


def _work(_: argparse.Namespace) -> int:
    from bot.settings import load
    from bot.worker import work

    return asyncio.run(work(load()))


def _train(given: argparse.Namespace) -> int:
    from bot.models import train
    from bot.settings import load

    return asyncio.run(train(load(), force=given.force, as_json=given.output == "json"))


def _crawl(given: argparse.Namespace) -> int:
    from bot.commands import pages

    if given.show:
        return asyncio.run(pages.show_crawls(given))
    if given.origin is None:
        raise ConfigurationError("What is to be crawled? E.g. duologue crawl https://shop.example/ --site my-shop")
    return asyncio.run(pages.crawl(given))


def _ask(given: argparse.Namespace) -> int:
    from bot.commands import pages

    if (given.question is None) == (given.batch is None):
        raise ConfigurationError('Give one question, or --batch FILE: duologue ask "Do you ship to Norway?"')
    return asyncio.run(pages.ask(given))


def _shell(given: argparse.Namespace) -> int:
    from bot.shell.command import shell

    return asyncio.run(shell(given))


def _questions(given: argparse.Namespace) -> int:
    from bot.commands import questions

    return asyncio.run(questions.questions(given))


def _insights(given: argparse.Namespace) -> int:
    from bot.commands import insights

    return asyncio.run(insights.insights(given))


def _objective(given: argparse.Namespace) -> int:
    from bot.commands import objectives

    return asyncio.run(objectives.objective(given))


def _demo(given: argparse.Namespace) -> int:
    from bot.commands import demo

    return asyncio.run(demo.demo(given))


def _import(given: argparse.Namespace) -> int:
    from bot.commands import imports, spend

    return asyncio.run((spend.import_spend if given.act == "spend" else imports.import_)(given))


def _export(given: argparse.Namespace) -> int:
    from bot.commands import exports

    return asyncio.run(exports.export(given))


def _site(given: argparse.Namespace) -> int:
    from bot.commands import sites

    return asyncio.run(sites.site(given))


def _staff(given: argparse.Namespace) -> int:
    from bot.commands import staff

    return asyncio.run(staff.staff(given))


def _alert(given: argparse.Namespace) -> int:
    from bot.commands import alerts

    return asyncio.run(alerts.alert(given))


def _review(given: argparse.Namespace) -> int:
    from bot.commands import reviews

    reviews.check(given)
    return asyncio.run(reviews.review(given))


def _subject_export(given: argparse.Namespace) -> int:
    from bot.commands import subjects

    return asyncio.run(subjects.subject_export(given))


def _migrate(_: argparse.Namespace) -> int:
    from bot.commands import upkeep

    return asyncio.run(upkeep.migrate())


def _status(given: argparse.Namespace) -> int:
    from bot.commands import upkeep

    return asyncio.run(upkeep.status(given))


if __name__ == "__main__":
    sys.exit(main())
