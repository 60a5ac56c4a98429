"""What actions say, in every language that the bot speaks, several ways each.

A sentence is picked when it is said: in the slot's language, and not the one that the bot has just used, since nobody
wants to hear a sentence twice in a row.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from rasa_sdk import Tracker

from bot import nobody_there

Language = Literal["en", "de"]
_SENTENCE = re.compile(r"(?<=[.?!:])\s+")


@dataclass(frozen=True)
class Words:
    """One thing to say, each wording whole in itself. `{}` are the values that `say` is given, in their order."""

    en: tuple[str, ...]
    de: tuple[str, ...]


def say(words: Words, tracker: Tracker, *values: object) -> str:
    """The first wording, in the visitor's language, that repeats the least of what the bot has just said."""
    before = just_said(tracker)
    wordings = words.de if language_of(tracker) == "de" else words.en
    said = [wording.format(*values) for wording in wordings]
    return min(said, key=lambda one: sum(sentence in before for sentence in _SENTENCE.split(one)))


def language_of(tracker: Tracker) -> Language:
    """What the slot `language` says; English where nothing does."""
    return "de" if tracker.get_slot("language") == "de" else "en"


def just_said(tracker: Tracker) -> str:
    """All that the bot has said since the visitor's last message but one."""
    said: list[str] = []
    messages = 0
    for event in reversed(tracker.events):
        messages += event.get("event") == "user"
        if messages == 2:
            break
        if event.get("event") == "bot":
            said.append(str(event.get("text") or ""))
    return "\n".join(reversed(said))


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
SAME_AGAIN = Words(
    en=(
        "My answer to that stays the same. Can you ask it in other words, or shall I get a person?",
        "I find nothing else for these words. Would other words do, or would you like to talk to a person?",
    ),
    de=(
        "Darauf bleibt meine Antwort dieselbe. Können Sie es anders fragen, oder soll ich einen Menschen holen?",
        "Zu diesen Worten finde ich nichts anderes. Gehen auch andere, oder möchten Sie mit einem Menschen sprechen?",
    ),
)
ANEW = Words(
    en=(
        "There is nothing to restart: you can ask me anything at any time. What would you like to know?",
        "We can begin anew whenever you like. What is your question?",
    ),
    de=(
        "Da gibt es nichts neu zu starten: Sie können mich jederzeit alles fragen. Was möchten Sie wissen?",
        "Wir können jederzeit neu beginnen. Was ist Ihre Frage?",
    ),
)
ONE_BY_ONE = Words(
    en=(
        "You asked several things; I look them up one at a time. Which is next?",
        "That is the first of your questions. What shall I look up after it?",
        "For the others, ask me one by one, please. Which one now?",
    ),
    de=(
        "Das waren mehrere Fragen; ich suche eine nach der anderen. Welche ist die nächste?",
        "Das ist die erste Ihrer Fragen. Was soll ich danach suchen?",
        "Die anderen fragen Sie mich bitte einzeln. Welche jetzt?",
    ),
)
TOO_MUCH = Words(
    en=(
        "That is a lot at once, and I find nothing for the first of your questions. Which one matters most?",
        "I can only look up one question at a time. Which shall it be, or would you like to talk to a person?",
    ),
    de=(
        "Das ist viel auf einmal, und zur ersten Ihrer Fragen finde ich nichts. Welche ist die wichtigste?",
        "Ich kann nur eine Frage auf einmal suchen. Welche soll es sein, oder möchten Sie mit einem Menschen sprechen?",
    ),
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
DISTRESS = Words(
    en=(
        "I am sorry that you are going through this. If anyone is in danger, please call your local emergency number"
        " now; in Europe it is 112. I am only a bot, so I am asking a person to come.",
    ),
    de=(
        "Es tut mir leid, dass Sie das durchmachen. Wenn jemand in Gefahr ist, rufen Sie bitte sofort den Notruf an, in"
        " Europa die 112. Ich bin nur ein Bot und bitte einen Menschen, zu kommen.",
    ),
)
PASSED_ON = Words(
    en=(
        "I have passed this on. Write what it is about, and a person will answer you here.",
        "Our staff know that you wait. What you write here, they will read and answer here.",
    ),
    de=(
        "Ich habe das weitergegeben. Schreiben Sie, worum es geht; ein Mensch antwortet Ihnen hier.",
        "Unser Team weiß, dass Sie warten. Was Sie hier schreiben, liest und beantwortet es hier.",
    ),
)
NOBODY_THERE = Words(
    en=(
        "I have passed this on. Nobody is here right now; write what it is about, and a person will answer you here.",
        "Nobody of our staff is here yet. They know that you wait, and will read what you write here.",
    ),
    de=(
        "Ich habe das weitergegeben. Gerade ist niemand da; schreiben Sie, worum es geht, und ein Mensch antwortet "
        "Ihnen hier.",
        "Noch ist niemand aus unserem Team da. Es weiß, dass Sie warten, und liest, was Sie hier schreiben.",
    ),
)
CLOSED = Words(en=nobody_there.CLOSED["en"], de=nobody_there.CLOSED["de"])
ANSWERS_FROM = Words(en=nobody_there.BACK["en"], de=nobody_there.BACK["de"])
MAY_TAKE_HOURS = Words(en=("It may take about {} hours.",), de=("Es kann etwa {} Stunden dauern.",))
IN_A_MOMENT = Words(
    en=(
        "I am getting a person for you. They will be with you in a moment.",
        "A person knows that you wait, and comes as soon as they can.",
    ),
    de=(
        "Ich hole jemanden für Sie. Gleich ist ein Mensch bei Ihnen.",
        "Jemand weiß, dass Sie warten, und kommt so bald wie möglich.",
    ),
)
IN_A_MINUTE = Words(
    en=(
        "I am getting a person for you. They will be with you in about 1 minute.",
        "A person knows that you wait; it takes about 1 minute.",
    ),
    de=(
        "Ich hole jemanden für Sie. In etwa einer Minute ist ein Mensch bei Ihnen.",
        "Jemand weiß, dass Sie warten; es dauert etwa eine Minute.",
    ),
)
IN_MINUTES = Words(
    en=(
        "I am getting a person for you. They will be with you in about {} minutes.",
        "A person knows that you wait; it takes about {} minutes.",
    ),
    de=(
        "Ich hole jemanden für Sie. In etwa {} Minuten ist ein Mensch bei Ihnen.",
        "Jemand weiß, dass Sie warten; es dauert etwa {} Minuten.",
    ),
)
GOOD = Words(
    en=("Good! What else would you like to know?", "All right! What would you like to know?"),
    de=("Gut! Was möchten Sie noch wissen?", "In Ordnung! Was möchten Sie wissen?"),
)

# -- memory
WHERE_KEPT = Words(
    en=(
        "Press 'More' (the three dots at the top), then 'What is kept', to see and erase it.",
        "All of it is under 'More' (the three dots at the top), 'What is kept', and can be erased there.",
    ),
    de=(
        "Unter „Mehr“ (die drei Punkte oben), dann „Was gespeichert ist“, sehen und löschen Sie es.",
        "Alles steht unter „Mehr“ (die drei Punkte oben), „Was gespeichert ist“, und lässt sich dort löschen.",
    ),
)
NOTHING_KEPT = Words(
    en=("I remember nothing about you beyond this chat. {}", "Beyond this chat, nothing about you is kept. {}"),
    de=("Über diesen Chat hinaus weiß ich nichts über Sie. {}", "Außer diesem Chat speichere ich nichts über Sie. {}"),
)
TOLD_ME = Words(
    en=("You told me this:\n{}\n{}", "This is what I know of you:\n{}\n{}"),
    de=("Das haben Sie mir gesagt:\n{}\n{}", "Das weiß ich von Ihnen:\n{}\n{}"),
)
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
        "If you are sure, I erase all of it, this chat too, and nobody can bring it back. Are you?",
    ),
    de=(
        "Soll ich diesen ganzen Chat löschen und alles, was über Sie gespeichert ist? Das lässt sich nicht rückgängig "
        "machen. Sie können es auch selbst tun: unter „Mehr“ (die drei Punkte oben), dann „Was gespeichert ist“.",
        "Wenn Sie sicher sind, lösche ich alles, auch diesen Chat, und niemand kann es zurückholen. Sind Sie es?",
    ),
)
ERASE_CHAT = Words(
    en=(
        "Shall I erase this whole chat? That can not be undone. A link from a mail opened it, so nothing else is "
        "erased from here: for that, ask me in the chat on our site, in the browser that you use there.",
        "If you are sure, I erase this chat, and nobody can bring it back. Are you?",
    ),
    de=(
        "Soll ich diesen ganzen Chat löschen? Das lässt sich nicht rückgängig machen. Ein Link einer E-Mail hat ihn "
        "geöffnet, darum wird von hier aus nichts anderes gelöscht: Bitten Sie mich darum im Chat auf unserer Seite, "
        "in dem Browser, den Sie dort benutzen.",
        "Wenn Sie sicher sind, lösche ich diesen Chat, und niemand kann ihn zurückholen. Sind Sie es?",
    ),
)
ERASE = Words(en=("Yes, erase everything",), de=("Ja, alles löschen",))
ERASE_THIS = Words(en=("Yes, erase this chat",), de=("Ja, diesen Chat löschen",))
KEEP = Words(en=("No, keep it",), de=("Nein, behalten",))
ERASED = Words(
    en=("Done. This chat and all that was kept about you are erased.",),
    de=("Erledigt. Dieser Chat und alles, was über Sie gespeichert war, ist gelöscht.",),
)
ERASED_CHAT = Words(
    en=("Done. This chat is erased.",),
    de=("Erledigt. Dieser Chat ist gelöscht.",),
)
NOTHING_SAID = Words(
    en=("I have not said anything yet. What would you like to know?",),
    de=("Ich habe noch nichts gesagt. Was möchten Sie wissen?",),
)

# -- forms
ASKED_ENOUGH = Words(
    en=(
        "We do not get any further like this, and that is my fault. Would you like to talk to a person?",
        "I am sorry, I do not get it right. Shall I get a person?",
    ),
    de=(
        "So kommen wir nicht weiter, und das liegt an mir. Möchten Sie mit einem Menschen sprechen?",
        "Es tut mir leid, ich verstehe es nicht richtig. Soll ich jemanden holen?",
    ),
)
LEFT = Words(
    en=(
        "All right, we leave that. I am here if you have a question.",
        "Okay, never mind. Write if there is more.",
    ),
    de=(
        "Gut, das lassen wir. Ich bin da, wenn Sie eine Frage haben.",
        "In Ordnung. Schreiben Sie, wenn etwas ist.",
    ),
)
LEFT_WITH_GOODBYE = Words(
    en=("All right, we leave that. Goodbye, and come back any time!",),
    de=("Gut, das lassen wir. Auf Wiedersehen, bis zum nächsten Mal!",),
)

# -- orders
WHICH_ORDER = Words(
    en=(
        "Which order is it? Its number is in the mail that confirmed it.",
        "What is the number of the order? It looks like 1001.",
        "I still need the order's number, as it stands in your confirmation.",
    ),
    de=(
        "Um welche Bestellung geht es? Die Nummer steht in der Bestätigung, die Sie per E-Mail bekommen haben.",
        "Wie ist die Nummer der Bestellung? Sie sieht etwa so aus: 1001.",
        "Ich brauche noch die Bestellnummer, so wie sie in Ihrer Bestätigung steht.",
    ),
)
ORDERED_WITH = Words(
    en=(
        "And which e-mail address did you order with?",
        "What is the e-mail address of the order? It looks like name@example.com.",
        "I still need the e-mail address that the order was made with.",
    ),
    de=(
        "Und mit welcher E-Mail-Adresse haben Sie bestellt?",
        "Wie ist die E-Mail-Adresse der Bestellung? Sie sieht etwa so aus: name@example.com.",
        "Ich brauche noch die E-Mail-Adresse, mit der bestellt wurde.",
    ),
)
WITHOUT_NUMBER = Words(
    en=("It is in the mail that confirmed your order. If that is gone, write “talk to a person”. What is the number?",),
    de=(
        "Sie steht in der Mail, die Ihre Bestellung bestätigt hat. Ist die nicht mehr da, schreiben Sie „mit einem"
        " Menschen sprechen“. Wie ist die Nummer?",
    ),
)
WITHOUT_ADDRESS = Words(
    en=(
        "It is the address that our confirmation was sent to. If you have none, write “talk to a person”."
        " Which address is it?",
    ),
    de=(
        "Es ist die Adresse, an die unsere Bestätigung ging. Haben Sie keine, schreiben Sie „mit einem Menschen"
        " sprechen“. Welche Adresse ist es?",
    ),
)
NO_SUCH_ORDER = Words(
    en=(
        "I can not find an order with that number and that e-mail address together.",
        "That number and that address do not belong to one order here.",
    ),
    de=(
        "Eine Bestellung mit dieser Nummer und dieser E-Mail-Adresse zusammen finde ich nicht.",
        "Diese Nummer und diese Adresse gehören hier nicht zu einer Bestellung.",
    ),
)
TOO_MANY_TRIES = Words(
    en=("I can not look up more orders in this chat. A person can help you with yours. Shall I get one?",),
    de=("Weitere Bestellungen kann ich hier nicht nachsehen. Ein Mensch kann Ihnen helfen. Soll ich jemanden holen?",),
)
ORDER_BOUGHT = Words(
    en=(
        "Your order {} was placed on {}. There is no news of it since.",
        "Order {} is from {}, with no news since.",
    ),
    de=("Ihre Bestellung {} ist vom {}. Seitdem gibt es nichts Neues.", "Bestellung {}, vom {}: seitdem nichts Neues."),
)
ORDER_PAID = Words(
    en=("Your order {} was paid on {}. It is not sent yet.", "Order {}: paid on {}, not sent yet."),
    de=("Ihre Bestellung {} wurde am {} bezahlt. Verschickt ist sie noch nicht.", "Bestellung {}: bezahlt am {}."),
)
ORDER_PACKED = Words(
    en=("Your order {} was packed on {}. It is not sent yet.", "Order {}: packed on {}, not sent yet."),
    de=("Ihre Bestellung {} wurde am {} gepackt. Verschickt ist sie noch nicht.", "Bestellung {}: gepackt am {}."),
)
ORDER_SENT = Words(
    en=("Your order {} was sent on {}.", "Order {} left us on {}."),
    de=("Ihre Bestellung {} wurde am {} verschickt.", "Bestellung {} ist seit {} unterwegs."),
)
ORDER_DELIVERED = Words(
    en=("Your order {} was delivered on {}.", "Order {} arrived on {}."),
    de=("Ihre Bestellung {} wurde am {} zugestellt.", "Bestellung {} kam am {} an."),
)
ORDER_CANCELLED = Words(
    en=("Your order {} was cancelled on {}.", "Order {} is cancelled, since {}."),
    de=("Ihre Bestellung {} wurde am {} storniert.", "Bestellung {} ist seit {} storniert."),
)
FOLLOW_IT = Words(en=("Follow it: {}", "It can be followed: {}"), de=("Hier ist sie zu verfolgen: {}", "Sendung: {}"))
FOLLOW_ORDER = Words(en=("Follow order {}",), de=("Bestellung {} verfolgen",))

# -- contact
WHICH_ADDRESS = Words(
    en=(
        "Which e-mail address can a person answer you at?",
        "What is your e-mail address? It looks like name@example.com.",
        "I still need an e-mail address, so that a person can write to you.",
    ),
    de=(
        "Unter welcher E-Mail-Adresse kann Ihnen ein Mensch antworten?",
        "Wie ist Ihre E-Mail-Adresse? Sie sieht etwa so aus: name@example.com.",
        "Ich brauche noch eine E-Mail-Adresse, damit Ihnen jemand schreiben kann.",
    ),
)
TOLD_NOTED = Words(
    en=("I have noted that for the person who answers you.", "That is noted too."),
    de=("Das habe ich für die Person notiert, die Ihnen antwortet.", "Auch das ist notiert."),
)
ABOUT_WHAT = Words(
    en=(
        "Thank you. And what is it about?",
        "What shall the person know before they write to you?",
        "In a few words: what is it about?",
    ),
    de=(
        "Danke. Und worum geht es?",
        "Was soll die Person wissen, bevor sie Ihnen schreibt?",
        "In ein paar Worten: worum geht es?",
    ),
)
NUMBER_NOTED = Words(
    en=("I have noted {} for the people here. I can't promise a call; mails they answer.",),
    de=(
        "Ich habe {} für die Menschen hier notiert. Ob sie anrufen, kann ich nicht versprechen; Mails beantworten sie.",
    ),
)
ADDRESS_NOTED = Words(
    en=("I have noted that. A person will write to {}.", "It is noted, and the answer goes to {}."),
    de=("Das habe ich notiert. Ein Mensch schreibt an {}.", "Es ist notiert, die Antwort geht an {}."),
)

# -- feedback
HOW_MANY_STARS = Words(
    en=(
        "One question before you go: how many stars is this conversation worth to you, from 1 to 5?",
        "How many stars is that, from 1 to 5?",
        "As a number from 1 to 5, please: how was it?",
    ),
    de=(
        "Eine Frage noch, bevor Sie gehen: wie viele Sterne ist Ihnen dieses Gespräch wert, von 1 bis 5?",
        "Wie viele Sterne sind das, von 1 bis 5?",
        "Bitte als Zahl von 1 bis 5: wie war es?",
    ),
)
GLADLY_RATED = Words(
    en=("Gladly! How many stars is it, from 1 to 5?", "Please do. From 1 to 5, how many stars?"),
    de=("Sehr gern! Wie viele Sterne, von 1 bis 5?", "Bitte, gern. Von 1 bis 5, wie viele Sterne?"),
)
WHAT_ELSE = Words(
    en=("Thank you! What was good, and what should be better?", "In your own words: how was it?", "Why that many?"),
    de=("Danke! Was war gut, und was sollte besser sein?", "In Ihren Worten: wie war es?", "Warum so viele?"),
)
THANKS_FOR_FEEDBACK = Words(
    en=("Thank you for telling us. Have a good day!", "That helps us, thank you!"),
    de=("Vielen Dank für Ihre Rückmeldung. Einen schönen Tag!", "Das hilft uns, vielen Dank!"),
)

# -- complaints
WHAT_HAPPENED = Words(
    en=(
        "I am sorry to hear that. What happened?",
        "Please tell me what went wrong; I listen.",
        "I would like to pass it on in your words. What happened?",
    ),
    de=(
        "Das tut mir leid. Was ist passiert?",
        "Bitte sagen Sie mir, was schiefgegangen ist; ich höre zu.",
        "Ich möchte es in Ihren Worten weitergeben. Was ist passiert?",
    ),
)
ANYTHING_ELSE = Words(
    en=(
        "I am sorry, that should not have happened. Is there more that we should know?",
        "I see, and I am sorry. Is there anything to add?",
    ),
    de=(
        "Das tut mir leid, das hätte nicht passieren dürfen. Sollten wir noch etwas wissen?",
        "Ich verstehe, und es tut mir leid. Möchten Sie noch etwas hinzufügen?",
    ),
)
COMPLAINT_HEARD = Words(
    en=(
        "Thank you for telling me. This is what I pass on, in your words: {} Shall I get a person who looks into it?",
        "I have it in your words: {} Would you like a person to look into it?",
    ),
    de=(
        "Danke, dass Sie es mir sagen. Das gebe ich weiter, in Ihren Worten: {} Soll ich jemanden dafür holen?",
        "Ich habe es in Ihren Worten: {} Möchten Sie, dass sich ein Mensch darum kümmert?",
    ),
)
