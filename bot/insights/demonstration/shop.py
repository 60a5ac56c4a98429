"""The shop of the invented year: its pages, what its visitors ask, what they hear, and where they come from."""

from dataclasses import dataclass

ORIGIN = "https://invented.example"
PAGES = ("/", "/blankets", "/scarves", "/hats", "/delivery", "/returns", "/care", "/about")


@dataclass(frozen=True)
class Question:
    """`answer` is what the shop's pages say; None: none of them does."""

    topic: str
    text: str
    answer: str | None
    page: str


QUESTIONS = (
    Question("delivery", "Do you ship to Norway?", "A parcel to Norway costs 14.90 euros.", "/delivery"),
    Question("delivery", "How long does delivery take?", "Two to four working days.", "/delivery"),
    Question("delivery", "What does shipping cost to Austria?", "Parcels within the EU cost 6.90 euros.", "/delivery"),
    Question("returns", "Can I send a scarf back?", "You have 30 days to return what you bought.", "/returns"),
    Question("returns", "Who pays for returns?", "We send you a paid label.", "/returns"),
    Question("care", "Can I wash the blanket?", "Wash wool by hand at 30 degrees.", "/care"),
    Question("care", "Does the wool shrink?", "Not when it is washed cold and dried flat.", "/care"),
    Question("products", "Which blanket is the warmest?", "The double blanket of lambswool is.", "/blankets"),
    Question("products", "Is there a red scarf?", "The scarf is woven in red, grey and blue.", "/scarves"),
    Question("products", "Do you have hats for children?", None, "/hats"),
    Question("payment", "Can I pay by invoice?", None, "/about"),
    Question("order", "Where is my order?", "A link to follow it is in your e-mail.", "/delivery"),
)
SEEKS = ("Thank you!", "and to Switzerland?", "Great, that helps.", "How much is it?", "Is it in stock?")
REPLIES = ("You are welcome.", "That costs 19.90 euros.", "Gladly.", "The price is on its page.", "It is in stock.")
UNKNOWN = "I could not find that on our pages. Would you like to ask a person?"
CAMPAIGNS = ("", "", "", "spring_newsletter", "autumn_search", "gift_guide")
"""Nothing where nobody was sent by a campaign. None of them changes who buys."""
REFERRERS = ("", "https://www.google.com/", "https://duckduckgo.com/", "https://crafts.example/best-blankets")
PRICES = (1_900, 2_900, 4_900, 7_900, 12_900, 18_900)
