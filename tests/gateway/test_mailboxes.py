"""What a browser that polls finds when it comes back, and how long it is kept."""

import asyncio
from typing import Any

import pytest

from bot.gateway import mailboxes
from bot.gateway.hub import Hub
from bot.gateway.mailboxes import BOOKMARKS, FRAMES, LINGER_S, TYPING_S, Mailbox, Mailboxes
from bot.interactions import ConversationId

TALK = ConversationId("talk")
OWNER = {"type": "owner", "owner": "staff"}
TYPING = {"type": "typing", "from": "staff"}


class Clock:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def a_mailbox(clock: Clock | None = None) -> Mailbox:
    return Mailbox(TALK, 0, clock=clock or Clock())


def told(box: Mailbox, place: int) -> list[dict[str, Any]]:
    return [one.frame for one in box.after(place)[0]]


def test_each_tab_reads_everything_from_where_it_was():
    box = a_mailbox()
    first, second = box.begin(box.mark(0)), box.begin(box.mark(0))

    box.push(OWNER)

    assert first is not None and second is not None
    assert told(box, first) == told(box, second) == [OWNER]
    assert told(box, box.end) == []


def test_an_answer_that_got_lost_is_given_again():
    box = a_mailbox()
    mark = box.mark(box.end)
    box.push(OWNER)

    for _ in range(2):
        place = box.begin(mark)
        assert place is not None and told(box, place) == [OWNER]


def test_messages_are_not_kept_but_say_what_came_before_what():
    box = a_mailbox()

    box.push({"type": "message", "seq": 3})
    box.push(OWNER)

    kept, _ = box.after(0)
    assert [(one.frame, one.seq) for one in kept] == [(OWNER, 3)]


@pytest.mark.parametrize(
    "mark", ["", "0", ".", "other.0", "other.\u0661", "{name}.1", "{name}.-1", "{name}.9999999999999"]
)
def test_a_mark_that_is_not_of_this_mailbox_is_a_loss(mark: str):
    box = a_mailbox()

    assert box.begin(mark.format(name=box.mark(0).partition(".")[0])) is None


def test_what_is_too_much_is_dropped_and_that_is_a_loss_for_who_has_not_read_it():
    box = a_mailbox()
    before, mark = box.mark(0), box.mark(1)

    for _ in range(FRAMES + 1):
        box.push(OWNER)

    assert box.begin(before) is None
    place = box.begin(mark)
    assert place is not None and len(told(box, place)) == FRAMES


def test_typing_is_told_while_it_may_be_true():
    clock = Clock()
    box = a_mailbox(clock)
    box.push(TYPING)

    clock.s = TYPING_S - 0.1
    assert told(box, 0) == [TYPING]
    clock.s = TYPING_S
    assert told(box, 0) == []


def test_tabs_that_say_no_mark_go_on_where_they_left_off_together():
    box = a_mailbox()
    for _ in range(2):
        box.leave_bookmark(box.end)
    box.push(OWNER)

    places = [box.begin(None), box.begin(None)]

    assert places == [0, 0]
    assert box.begin(None) == box.end


def test_a_bookmark_is_good_for_as_long_as_a_mailbox():
    clock = Clock()
    box = a_mailbox(clock)
    box.leave_bookmark(0)
    box.push(OWNER)

    clock.s = LINGER_S
    assert box.begin(None) == box.end


def test_there_are_no_more_bookmarks_than_tabs():
    box = a_mailbox()

    for _ in range(BOOKMARKS * 2):
        box.leave_bookmark(0)
    box.push(OWNER)

    assert [box.begin(None) for _ in range(BOOKMARKS + 1)] == [0] * BOOKMARKS + [1]


def test_who_comes_first_without_a_mark_may_have_missed_something():
    assert a_mailbox().begin(None) is None


async def test_a_mailbox_stays_for_a_while_after_its_last_reader():
    boxes = Mailboxes(hub := Hub(), linger_s=0)

    with boxes.open(TALK, seq=0) as box, boxes.open(TALK, seq=0) as same:
        assert same is box
    with boxes.open(TALK, seq=0) as again:
        hub.push(TALK, OWNER)
    assert again is box and told(box, 0) == [OWNER]

    await asyncio.sleep(0.01)
    hub.push(TALK, OWNER)
    assert len(boxes) == 0 and box.end == 1


async def test_the_oldest_mailbox_that_nobody_reads_makes_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mailboxes, "MAILBOXES", 2)
    boxes = Mailboxes(Hub())
    talks = [ConversationId(f"talk {number}") for number in range(3)]

    with boxes.open(talks[0], seq=0) as read:
        for talk in talks[1:]:
            with boxes.open(talk, seq=0):
                pass
        with boxes.open(talks[0], seq=0) as same:
            assert same is read

    assert len(boxes) == 2
    boxes.close()


async def test_whoever_waits_is_woken_by_each_ring_and_by_the_end():
    box = a_mailbox()
    bells = []

    for ring in (lambda: box.push(OWNER), lambda: box.push({"type": "message", "seq": 1}), box.ring):
        bells.append(box.bell)
        ring()

    assert all(bell.is_set() for bell in bells) and not box.bell.is_set()
