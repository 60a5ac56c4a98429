"""What mail to visitors says beside what was said, in the languages that the bot speaks. It sells nothing."""

from bot.spoken import Language

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "hello": "Hello,",
        "answered": "{name} has answered what you wrote in the chat of {site}.",
        "transcript": "here is the conversation that you had in the chat of {site}.",
        "about_answer": "An answer from {site}",
        "about_transcript": "Your conversation with {site}",
        "you": "You",
        "bot": "Bot",
        "staff": "Staff",
        "file": "File",
        "go_on": "Go on with the conversation",
        "until": "The link works until {day}. Whoever has it can read this conversation, so keep it to yourself.",
        "why": "You get this mail because you left your address in the chat.",
        "stop": "No more mail from this chat",
        "latest": "These are the latest {shown} of {all} messages.",
    },
    "de": {
        "hello": "Guten Tag,",
        "answered": "{name} hat auf Ihre Nachricht im Chat von {site} geantwortet.",
        "transcript": "hier ist Ihr Gespräch aus dem Chat von {site}.",
        "about_answer": "Eine Antwort von {site}",
        "about_transcript": "Ihr Gespräch mit {site}",
        "you": "Sie",
        "bot": "Bot",
        "staff": "Team",
        "file": "Datei",
        "go_on": "Das Gespräch fortsetzen",
        "until": "Der Link gilt bis {day}. Wer ihn hat, kann dieses Gespräch lesen; geben Sie ihn nicht weiter.",
        "why": "Sie bekommen diese Mail, weil Sie im Chat Ihre Adresse hinterlassen haben.",
        "stop": "Keine Mails mehr aus diesem Chat",
        "latest": "Dies sind die letzten {shown} von {all} Nachrichten.",
    },
}
