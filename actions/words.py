"""What actions say, in every language that the bot speaks, several ways each.

A sentence is picked when it is said: in the slot's language, and not the one that the bot has just used, since nobody
wants to hear a sentence twice in a row.
"""

from dataclasses import dataclass
from typing import Any, Literal

from rasa_sdk import Tracker

Language = Literal["en", "de"]


@dataclass(frozen=True)
class Words:
    """One thing to say, each wording whole in itself. `{}` are the values that `say` is given, in their order."""

    en: tuple[str, ...]
    de: tuple[str, ...]


def say(words: Words, tracker: Tracker, *values: object) -> str:
    """The first wording, in the visitor's language, that the bot has not just said."""
    before = str((last_words(tracker) or {}).get("text") or "")
    wordings = words.de if language_of(tracker) == "de" else words.en
    said = [wording.format(*values) for wording in wordings]
    return next((one for one in said if one not in before), said[0])


def language_of(tracker: Tracker) -> Language:
    """What the slot `language` says; English where nothing does."""
    return "de" if tracker.get_slot("language") == "de" else "en"


def last_words(tracker: Tracker) -> dict[str, Any] | None:
    """The bot's last utterance before the message that is being answered, as Rasa's `bot` event."""
    asked = False
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            if asked:
                return None
            asked = True
        elif asked and event.get("event") == "bot":
            return dict(event)
    return None


def offer(tracker: Tracker) -> list[dict[str, str]]:
    """The buttons under an offer of a person."""
    return [
        {"title": say(TO_A_PERSON, tracker), "payload": "/ask_person"},
        {"title": say(NO_THANKS, tracker), "payload": "/deny"},
    ]


TO_A_PERSON = Words(en=("Talk to a person",), de=("Mit einem Menschen sprechen",))
NO_THANKS = Words(en=("No, thanks",), de=("Nein, danke",))

# -- any action
FAILED = Words(
    en=("Something went wrong on our side, so I can not answer this now. Please try again, or talk to a person.",),
    de=(
        "Bei uns ist etwas schiefgegangen, deshalb kann ich das gerade nicht beantworten. Bitte versuchen Sie es noch "
        "einmal, oder sprechen Sie mit einem Menschen.",
    ),
)

# -- pages
QUOTED = Words(en=("From “{}”:", "“{}” says:"), de=("Von der Seite „{}“:", "Auf „{}“ steht:"))
QUOTED_UNDER = Words(
    en=("From “{}”, under “{}”:", "“{}” says under “{}”:"),
    de=("Von der Seite „{}“, unter „{}“:", "Auf „{}“ steht unter „{}“:"),
)
FOUND = Words(
    en=("This is what I found, on “{}”:", "The closest that I found is on “{}”:"),
    de=("Das habe ich auf „{}“ gefunden:", "Am nächsten kommt, was auf „{}“ steht:"),
)
WHICH = Words(
    en=("There is more than one answer to that. Which do you mean?", "Here, too, several are possible. Which is it?"),
    de=(
        "Darauf gibt es mehr als eine Antwort. Was meinen Sie?",
        "Auch hier kommen mehrere in Frage. Welche Antwort suchen Sie?",
    ),
)
NOT_FOUND = Words(
    en=("I could not find that on our pages.", "I could not find that on our pages either."),
    de=("Das habe ich auf unseren Seiten nicht gefunden.", "Auch das habe ich auf unseren Seiten nicht gefunden."),
)
NEAREST = Words(
    en=("These come closest.", "The nearest pages are these."),
    de=("Diese Seiten kommen dem am nächsten.", "Am ehesten passen diese Seiten."),
)
ASK = Words(
    en=("Would you like to talk to a person?", "Shall I get a person who knows?"),
    de=("Möchten Sie mit einem Menschen sprechen?", "Soll ich jemanden holen, der es weiß?"),
)

# -- needs
NEED_HEARD = Words(
    en=("Thank you for telling me. I found no page that fits it well.", "I see. No page of ours fits that well."),
    de=(
        "Danke, dass Sie mir das sagen. Eine Seite, die gut dazu passt, habe ich nicht gefunden.",
        "Ich verstehe. Keine unserer Seiten passt gut dazu.",
    ),
)
WISH_HEARD = Words(
    en=(
        "Thank you, I have noted your wish for the team. I can not promise anything. Is there something I can look up?",
        "That is good to know, and noted for the team; whether it comes I can not say. What else can I do?",
    ),
    de=(
        "Danke, ich habe Ihren Wunsch für das Team notiert. Versprechen kann ich nichts. Kann ich etwas nachsehen?",
        "Gut zu wissen; das ist für das Team notiert. Ob es kommt, kann ich nicht sagen. Was kann ich noch tun?",
    ),
)

# -- people
PASSED_ON = Words(
    en=("I have passed this on. Write what it is about, and a person will answer you here.",),
    de=("Ich habe das weitergegeben. Schreiben Sie, worum es geht; ein Mensch antwortet Ihnen hier.",),
)
NOBODY_THERE = Words(
    en=("I have passed this on. Nobody is here right now; write what it is about, and a person will answer you here.",),
    de=(
        "Ich habe das weitergegeben. Gerade ist niemand da; schreiben Sie, worum es geht, und ein Mensch antwortet "
        "Ihnen hier.",
    ),
)
CLOSED = Words(en=("We are closed now.",), de=("Wir haben gerade geschlossen.",))
ANSWERS_FROM = Words(en=("A person answers from {}.",), de=("Ein Mensch antwortet ab {}.",))
MAY_TAKE_HOURS = Words(en=("It may take about {} hours.",), de=("Es kann etwa {} Stunden dauern.",))
IN_A_MOMENT = Words(
    en=("I am getting a person for you. They will be with you in a moment.",),
    de=("Ich hole jemanden für Sie. Gleich ist ein Mensch bei Ihnen.",),
)
IN_A_MINUTE = Words(
    en=("I am getting a person for you. They will be with you in about 1 minute.",),
    de=("Ich hole jemanden für Sie. In etwa einer Minute ist ein Mensch bei Ihnen.",),
)
IN_MINUTES = Words(
    en=("I am getting a person for you. They will be with you in about {} minutes.",),
    de=("Ich hole jemanden für Sie. In etwa {} Minuten ist ein Mensch bei Ihnen.",),
)
GOOD = Words(
    en=("Good! What else would you like to know?", "All right! What would you like to know?"),
    de=("Gut! Was möchten Sie noch wissen?", "In Ordnung! Was möchten Sie wissen?"),
)

# -- memory
WHERE_KEPT = Words(
    en=("Press 'More' (the three dots at the top), then 'What is kept', to see and erase it.",),
    de=("Unter „Mehr“ (die drei Punkte oben), dann „Was gespeichert ist“, sehen und löschen Sie es.",),
)
NOTHING_KEPT = Words(
    en=("I remember nothing about you beyond this chat. {}",),
    de=("Über diesen Chat hinaus weiß ich nichts über Sie. {}",),
)
TOLD_ME = Words(en=("You told me this:\n{}\n{}",), de=("Das haben Sie mir gesagt:\n{}\n{}",))
AND_MORE = Words(en=("and {} more",), de=("und {} weitere",))
WHERE_ALLOWED = Words(
    en=("If I may remember what you tell me, press 'More' (the three dots at the top), then 'What is kept'.",),
    de=("Wenn ich mir etwas merken darf: unter „Mehr“ (die drei Punkte oben), dann „Was gespeichert ist“.",),
)
NICE_TO_MEET = Words(
    en=("Nice to meet you, {}.", "Good to know your name, {}."),
    de=("Freut mich, {}.", "Schön, Ihren Namen zu wissen, {}."),
)
GOOD_TO_KNOW = Words(
    en=("Thank you, that is good to know.", "Thanks for telling me."),
    de=("Danke, gut zu wissen.", "Danke, dass Sie mir das sagen."),
)
LOOK_UP = Words(
    en=("What can I look up for you?", "What would you like to know?"),
    de=("Was kann ich für Sie nachsehen?", "Was möchten Sie wissen?"),
)
CORRECTED = Words(
    en=("Thank you, I have put that right: {}.", "Thanks, now I have it right: {}."),
    de=("Danke, das habe ich berichtigt: {}.", "Danke, jetzt stimmt es: {}."),
)
NOTHING_TO_CORRECT = Words(
    en=("Thank you: {}. I keep nothing about you beyond this chat, so there is nothing to put right. {}",),
    de=("Danke: {}. Über diesen Chat hinaus speichere ich nichts über Sie, da ist also nichts zu berichtigen. {}",),
)
WHAT_IS_RIGHT = Words(
    en=(
        "What is right, then? Write it like this: “My name is Hannah” or “I live in Graz”.",
        "I did not get what has changed. For example: “I moved to Graz”.",
    ),
    de=(
        "Was ist richtig? Schreiben Sie es zum Beispiel so: „Ich heiße Hannah“ oder „Ich wohne in Graz“.",
        "Ich habe nicht verstanden, was sich geändert hat. Zum Beispiel: „Ich bin nach Graz gezogen“.",
    ),
)
FORGOT = Words(
    en=("Done, I have forgotten {}.", "I no longer know {}."),
    de=("Erledigt, vergessen ist: {}.", "Das weiß ich nicht mehr: {}."),
)
NOTHING_OF_THAT = Words(
    en=("I do not remember anything like that about you.", "That is not among what I remember."),
    de=("So etwas weiß ich nicht von Ihnen.", "Das ist nicht unter dem, was ich weiß."),
)
FORGET_WHICH = Words(
    en=("Which of these shall I forget?\n{}", "Tell me which one:\n{}"),
    de=("Was davon soll ich vergessen?\n{}", "Sagen Sie mir, was davon:\n{}"),
)
YOURS = {
    "name": Words(en=("your name",), de=("Ihr Name",)),
    "email": Words(en=("your e-mail address",), de=("Ihre E-Mail-Adresse",)),
    "company": Words(en=("where you work",), de=("wo Sie arbeiten",)),
    "place": Words(en=("where you live",), de=("wo Sie wohnen",)),
    "need": Words(en=("what you are looking for",), de=("was Sie suchen",)),
    "interest": Words(en=("what interests you",), de=("was Sie interessiert",)),
}
ERASE_ALL = Words(
    en=(
        "Shall I erase this whole chat and all that is kept about you? That can not be undone. You can also do it "
        "yourself: press 'More' (the three dots at the top), then 'What is kept', then 'Forget everything'.",
    ),
    de=(
        "Soll ich diesen ganzen Chat löschen und alles, was über Sie gespeichert ist? Das lässt sich nicht rückgängig "
        "machen. Sie können es auch selbst tun: unter „Mehr“ (die drei Punkte oben), dann „Was gespeichert ist“.",
    ),
)
ERASE = Words(en=("Yes, erase everything",), de=("Ja, alles löschen",))
KEEP = Words(en=("No, keep it",), de=("Nein, behalten",))
ERASED = Words(
    en=("Done. This chat and all that was kept about you are erased.",),
    de=("Erledigt. Dieser Chat und alles, was über Sie gespeichert war, ist gelöscht.",),
)
NOTHING_SAID = Words(
    en=("I have not said anything yet. What would you like to know?",),
    de=("Ich habe noch nichts gesagt. Was möchten Sie wissen?",),
)
