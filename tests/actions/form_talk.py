"""A form talked to as Rasa calls it: begun, heard, come back to after another rule has answered."""

from typing import Any

from rasa_sdk.executor import ActionExecutor

REQUESTED = "requested_slot"


class FormTalk:
    """`slots` are as Rasa keeps them between the calls; `buttons` are those of the last message."""

    def __init__(self, executor: ActionExecutor, form: str, **slots: Any) -> None:
        self._executor, self.form = executor, form
        self.slots: dict[str, Any] = {"language": "en"} | slots
        self.is_active = False
        self.buttons: list[str] = []
        self.sources: list[dict[str, str]] = []
        self.followed_by: str | None = None
        self._events: list[dict[str, Any]] = []
        self._turns = 0
        self._entities: list[dict[str, str]] = []

    async def says(self, text: str, intent: str = "nlu_fallback", **entities: str) -> list[str]:
        """What the form answers; nothing when it leaves the message to the rules. `entities`: the engine's."""
        self._entities = [{"entity": kind, "value": value} for kind, value in entities.items()]
        self._turns += 1
        self._events.append({"event": "user", "text": text})
        if not self.is_active:
            self.is_active = True
            self._events.append({"event": "active_loop", "name": self.form})
        return await self._call(text, intent)

    async def is_begun_by(self, text: str, intent: str, left_by: str) -> list[str]:
        """What the form says that begins with a message which another form, in the midst of it, left to the rules."""
        self._events += [{"event": "user", "text": text}, {"event": "action_execution_rejected", "name": left_by}]
        self._events.append({"event": "active_loop", "name": self.form})
        self.is_active = True
        return await self._call(text, intent)

    async def comes_back(self, after: str = "action_answer_from_pages", intent: str = "ask_page") -> list[str]:
        """What the form says after a rule has answered the last message."""
        self._events += [{"event": "action_execution_rejected", "name": self.form}, {"event": "action", "name": after}]
        return await self._call(self._events[0]["text"], intent)

    async def _call(self, text: str, intent: str) -> list[str]:
        message = {
            "text": text, "intent": {"name": intent}, "entities": self._entities, "message_id": "m",
            "metadata": {"turn": f"t{self._turns}"},
        }  # fmt: skip
        events = [*self._events, {"event": "action", "name": self.form}]
        tracker = {"sender_id": "s", "slots": dict(self.slots), "latest_message": message, "events": events}
        result = await self._executor.run({"next_action": f"validate_{self.form}", "tracker": tracker, "domain": {}})
        assert result is not None
        for event in result.events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
            if event["event"] == "followup":
                self.followed_by = event["name"]
        self.is_active = not any(
            (event.get("name"), event.get("value", 0)) == (REQUESTED, None) for event in result.events
        )
        for said in result.responses:
            self._events.append({"event": "bot", "text": said["text"], "data": {"buttons": said["buttons"]}})
            self.buttons = [button["payload"] for button in said["buttons"]]
            self.sources = (said["custom"] or {}).get("sources", [])
        return [said["text"] for said in result.responses]
