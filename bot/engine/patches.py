"""What we change in Rasa 3.6.21 at start, each with what it costs otherwise. Only `bot.engine.lean` applies them.

Figures are CPU milliseconds that a turn costs more without the patch; with all of them it costs 3.4, without any
41 (ten-turn conversations with the journal, best of three, before MiniLM read the messages; bench/turn.py measures
the whole). None changes what the bot answers.
"""

import asyncio
import gc
import os
from typing import Any

import aiohttp
import jsonschema
import rasa.core.policies.rule_policy as rule_policy
import rasa.core.processor as processor
import ujson
from jsonschema.exceptions import best_match
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.policies.rule_policy import RULES
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig, concat_url

from bot.engine import features, rule_names
from bot.engine.turn import lost_actions

ACTION_LIMIT_VARIABLE = "DUOLOGUE_ENGINE_ACTION_LIMIT_S"
ACTION_LIMIT_S = float(os.environ.get(ACTION_LIMIT_VARIABLE, "20"))
"""Rasa waits 300 s for an action, while the lock of the conversation lives for 60 s."""


def apply() -> None:
    """Once, before Rasa loads a model."""
    check_replies_with_one_validator()
    keep_connections_to_the_actions()
    report_lost_actions()
    run_prediction_graphs_in_sequence()
    remember_event_types()
    ask_for_rules_about_texts_only_where_there_are_any()
    leave_what_is_loaded_to_itself()
    rule_names.tell()


def check_replies_with_one_validator() -> None:
    """34 ms: Rasa checks its own constant schema against the schema of schemas after every action call."""
    schema = RemoteAction.action_response_format_spec()
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)

    def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
        error = best_match(validator.iter_errors(result))
        if error is not None:
            raise error
        return True

    RemoteAction._validate_action_result = _validate_action_result


def keep_connections_to_the_actions() -> None:
    """0.8 ms: Rasa opens an HTTP session and a connection for each call, and waits 300 s for the answer."""
    sessions: dict[int, aiohttp.ClientSession] = {}

    def session_of(endpoint: EndpointConfig) -> aiohttp.ClientSession:
        session = sessions.get(id(endpoint))
        if session is None or session.closed:
            session = sessions[id(endpoint)] = endpoint.session()
        return session

    async def request(
        self: EndpointConfig,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        if self.cafile or set(kwargs) - {"json", "timeout"}:
            return await stock_request(self, method, subpath, content_type, compress, **kwargs)
        async with session_of(self).request(
            method,
            concat_url(self.url, subpath),
            data=ujson.dumps(kwargs.get("json")).encode(),
            headers={"Content-Type": "application/json", **self.headers},
            params=self.combine_parameters(),
            compress=compress,
            timeout=aiohttp.ClientTimeout(total=ACTION_LIMIT_S),
        ) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason, await response.text())
            return await response.json(content_type=None)

    stock_request = EndpointConfig.request
    EndpointConfig.request = request


def report_lost_actions() -> None:
    """No time. Rasa logs an action that could not be run and goes on; our channel makes it a failed turn."""
    stock_run = RemoteAction.run

    async def run(self: RemoteAction, *args: Any, **kwargs: Any) -> Any:
        try:
            return await stock_run(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            lost = lost_actions.get()
            if lost is not None:
                late = isinstance(error, asyncio.TimeoutError)
                lost.append(f"{self.name()} " + (f"gave no answer in {ACTION_LIMIT_S:g} s" if late else "failed"))
            raise

    RemoteAction.run = run


class SequentialRunner(DaskGraphRunner):
    """Runs the nodes of a prediction one after the other, in an order found once."""

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        order = self._orders.get(wanted)
        if order is None:
            order = self._orders[wanted] = self._order(wanted)
        outputs: dict[str, Any] = dict(inputs or {})
        for name, needs in order:
            _, outputs[name] = self._instantiated_nodes[name](*((need, outputs[need]) for need in needs))
        return {target: outputs[target] for target in wanted}

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        order: dict[str, list[str]] = {}

        def place(name: str) -> None:
            if name in nodes and name not in order:
                needs = list(nodes[name].needs.values())
                for need in needs:
                    place(need)
                order[name] = needs

        for target in targets:
            place(target)
        return list(order.items())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}
        features.leave_out_what_nobody_reads(list(self._instantiated_nodes.values()))


def run_prediction_graphs_in_sequence() -> None:
    """2 ms: dask plans the same dozen nodes anew for each of a turn's three predictions."""
    processor.DaskGraphRunner = SequentialRunner


def remember_event_types() -> None:
    """1 ms: the class of an event is searched among all subclasses, for each event of the state."""
    stock_resolve = Event.resolve_by_type
    known: dict[str, type[Event]] = {}

    def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        if type_name not in known:
            found = stock_resolve(type_name, default)
            if found is None or found is default:
                return found
            known[type_name] = found
        return known[type_name]

    Event.resolve_by_type = staticmethod(resolve_by_type)


def ask_for_rules_about_texts_only_where_there_are_any() -> None:
    """0.9 ms: each prediction after a message is made twice, once as if rules named its text; ours name intents."""
    stock_find = rule_policy.RulePolicy._find_action_from_rules

    def _find_action_from_rules(
        self: rule_policy.RulePolicy, tracker: Any, domain: Any, use_text_for_last_user_input: bool
    ) -> Any:
        if use_text_for_last_user_input and not tracker.active_loop and not _names_texts(self):
            return None, None, False
        return stock_find(self, tracker, domain, use_text_for_last_user_input)

    rule_policy.RulePolicy._find_action_from_rules = _find_action_from_rules


def _names_texts(policy: rule_policy.RulePolicy) -> bool:
    known = getattr(policy, "_names_texts", None)
    if known is None:
        known = policy._names_texts = any('"text"' in key for key in policy.lookup[RULES])
    return bool(known)


def leave_what_is_loaded_to_itself() -> None:
    """60 ms at once, now and then: Python's collector looks through all that Rasa has loaded, which never changes.

    `bot.engine.lean` has switched it off until then, which makes the start 0.2 s of CPU shorter.
    """
    stock_load = processor.MessageProcessor._load_model

    def _load_model(model_path: Any) -> Any:
        try:
            return stock_load(model_path)
        finally:
            gc.freeze()
            gc.enable()

    processor.MessageProcessor._load_model = staticmethod(_load_model)
