"""The shop of the invented year: its pages, what its visitors ask and state, what they hear, and what it sells."""

from dataclasses import dataclass

ORIGIN = "https://invented.example"
TITLES = {
    "/": "Invented: the shop", "/blankets": "Invented: blankets", "/scarves": "Invented: scarves",
    "/hats": "Invented: hats", "/delivery": "Invented: delivery", "/returns": "Invented: returns",
    "/care": "Invented: care of wool", "/about": "Invented: about us",
}  # fmt: skip
PAGES = tuple(TITLES)


@dataclass(frozen=True)
class Question:
    """`answer` is what the shop's pages say; None: none of them does."""

    topics: tuple[str, ...]
    text: str
    answer: str | None
    page: str


QUESTIONS = (
    Question(("delivery",), "Do you ship to Norway?", "A parcel to Norway costs 14.90 euros.", "/delivery"),
    Question(("delivery",), "How long does delivery take?", "Two to four working days.", "/delivery"),
    Question(
        ("delivery", "price"), "What does shipping cost to Austria?", "Parcels within the EU cost 6.90 euros.",
        "/delivery",
    ),
    Question(("returns",), "Can I send a scarf back?", "You have 30 days to return what you bought.", "/returns"),
    Question(("returns",), "Who pays for returns?", "We send you a paid label.", "/returns"),
    Question(("care",), "Can I wash the blanket?", "Wash wool by hand at 30 degrees.", "/care"),
    Question(("quality", "care"), "Does the wool shrink?", "Not when it is washed cold and dried flat.", "/care"),
    Question((), "Which blanket is the warmest?", "The double blanket of lambswool is.", "/blankets"),
    Question(("colour",), "Is there a red scarf?", "The scarf is woven in red, grey and blue.", "/scarves"),
    Question(("size",), "Do you have hats for children?", None, "/hats"),
    Question(("payment",), "Can I pay by invoice?", None, "/about"),
    Question(("gift",), "Do you wrap it as a gift?", None, "/blankets"),
    Question(("order", "delivery"), "Where is my order?", "A link to follow it is in your e-mail.", "/delivery"),
)  # fmt: skip
SEEKS = ("Thank you!", "and to Switzerland?", "Great, that helps.", "How much is it?", "Is it in stock?")
REPLIES = ("You are welcome.", "That costs 19.90 euros.", "Gladly.", "The price is on its page.", "It is in stock.")
UNKNOWN = "I could not find that on our pages. Would you like to ask a person?"


@dataclass(frozen=True)
class Remark:
    """What somebody states, and in which mood; `kind` is one of a statement's, the intent goes by it."""

    kind: str
    text: str
    topics: tuple[str, ...]
    mood: float
    reply: str

    @property
    def intent(self) -> str:
        return "share_need" if self.kind == "need" else self.kind


COMPLAINTS = (
    Remark("complaint", "The scarf arrived with a hole in it.", ("quality", "delivery"), -0.6, "I am sorry."),
    Remark("complaint", "My parcel is a week late and nobody answers.", ("delivery", "service"), -0.7, "I am sorry."),
    Remark("complaint", "The blanket shrank in the first wash.", ("quality", "care"), -0.5, "I am sorry to hear that."),
)  # fmt: skip
PRAISES = (
    Remark("praise", "The blanket is wonderfully soft, we love it.", ("quality",), 0.8, "That is good to hear."),
    Remark("praise", "Your service is the best I have met in years.", ("service",), 0.9, "Thank you for saying so."),
)
OBJECTIONS = (
    Remark("objection", "The shipping is too expensive for one scarf.", ("price", "delivery"), -0.3, "I see."),
    Remark("objection", "180 euros is a lot for a blanket.", ("price",), -0.2, "It is woven to last for decades."),
)
WISHES = (
    Remark("wish", "I wish you had the throw in green.", ("colour",), 0.1, "I will pass that on."),
    Remark("wish", "It would be great if you had larger sizes.", ("size",), 0.1, "I will pass that on."),
)
REMARKS = (*PRAISES, *OBJECTIONS, *WISHES)
CALMED = (
    ("Hello, I am looking into it right now.", "Thank you for taking the time."),
    ("I have found it: we send you a new one today.", "That is very kind of you."),
    ("Is there anything else that I can do?", "No, that was all. Goodbye!"),
    ("You will get a mail about it within the hour.", "Good, I will look out for it."),
)
"""What staff say, and what they then hear."""

CAMPAIGNS = ("", "", "", "spring_newsletter", "autumn_search", "gift_guide")
"""Nothing where nobody was sent by a campaign."""
REFERRERS = (
    "", "", "https://www.google.com/", "https://duckduckgo.com/", "https://www.instagram.com/",
    "https://crafts.example/best-blankets",
)  # fmt: skip


@dataclass(frozen=True)
class Ware:
    sku: str
    title: str
    price: int
    """In cents."""


WARES = (
    Ware("H-1", "Hat", 1_900),
    Ware("S-1", "Narrow scarf", 2_900),
    Ware("S-2", "Scarf", 4_900),
    Ware("B-1", "Throw", 7_900),
    Ware("B-2", "Blanket", 12_900),
    Ware("B-3", "Double blanket", 18_900),
)
