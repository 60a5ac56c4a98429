"""Who comes to the shop of the invented year: nobody of them lives, and their addresses lead nowhere."""

from dataclasses import dataclass
from random import Random

from bot.experiment import Arm
from bot.insights.demonstration.planted import MOBILE, Experiment
from bot.insights.demonstration.shop import CAMPAIGNS, REFERRERS
from bot.interactions import CustomerId, VisitorId

PLACES = (
    ("DE", "de", ("Berlin", "Hamburg", "Leipzig")),
    ("DE", "de", ("Munich", "Cologne", "Bremen")),
    ("AT", "de", ("Vienna", "Graz")),
    ("GB", "en", ("Leeds", "Bristol", "Edinburgh")),
    ("NL", "nl", ("Utrecht", "Haarlem")),
    ("FR", "fr", ("Lyon", "Nantes")),
    ("NO", "nb", ("Oslo", "Bergen")),
)
GIVEN = ("Anna", "Jonas", "Clara", "Emil", "Ingrid", "Marie", "Peter", "Sophie", "Tom", "Nora", "Lukas", "Eva")
FAMILY = ("Berger", "Lind", "Moreau", "Visser", "Hansen", "Clarke", "Weber", "Dahl", "Roth", "Dubois", "Marsh", "Koch")
COMPANIES = ("Hotel Seeblick", "Nordlys Interiors", "Haus Linde", "Atelier Moreau", "Café Wolle", "Fjord & Field")
NEEDS = (
    "a warm blanket for my mother",
    "a christening present",
    "a scarf that does not itch",
    "something for the sofa",
)
NEEDS_OF_COMPANIES = ("throws for our guest rooms", "presents for our staff")
INTERESTS = ("natural dyes", "lambswool", "weaving", "undyed wool")
REGULAR, FIRST_COSTLY = 3, 60
"""The number of the customer with very many orders. Every so many people there is one who, buying, costs more than
they bring."""
COSTLY_EVERY = 400


@dataclass(frozen=True)
class Who:
    """One person, in the browser that they always come with. `company`: they buy for it, and often."""

    number: int
    arm: Arm
    effect: float
    keen: float
    campaign: str
    referrer: str
    country: str
    language: str
    place: str
    device: str
    name: str
    company: str | None
    need: str
    interest: str
    memory: bool

    @property
    def visitor(self) -> VisitorId:
        # Its own signs first: lists call a visitor by six of them.
        return VisitorId(f"{self.number:06x}-invented")

    @property
    def customer(self) -> CustomerId:
        """Once they have bought."""
        return CustomerId(f"invented-customer-{self.number}")

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}.{self.number}@customers.invented.example"

    @property
    def is_regular(self) -> bool:
        return self.number == REGULAR

    @property
    def is_costly(self) -> bool:
        return self.number % COSTLY_EVERY == FIRST_COSTLY

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What they say of themselves, if they talk."""
        of_work = () if self.company is None else (("company", self.company),)
        return (*of_work, ("place", self.place), ("need", self.need), ("interest", self.interest))


def somebody(random: Random, number: int, experiment: Experiment) -> Who:
    country, language, places = random.choice(PLACES)
    arm = Arm.HELD_OUT if random.random() < experiment.holdout else Arm.OFFERED
    regular = number == REGULAR
    company = random.choice(COMPANIES) if random.random() < 0.06 or regular else None
    return Who(
        number=number,
        arm=Arm.OFFERED if regular else arm,
        effect=experiment.effect if arm is Arm.OFFERED else 0.0,
        keen=random.random(),
        campaign="" if regular else random.choice(CAMPAIGNS),
        referrer=random.choice(REFERRERS),
        country=country,
        language=language if random.random() < 0.8 else "en",
        place=random.choice(places),
        device=random.choices((MOBILE, "desktop", "tablet"), (50, 42, 8))[0],
        name=f"{random.choice(GIVEN)} {random.choice(FAMILY)}",
        company=company,
        need=random.choice(NEEDS if company is None else NEEDS_OF_COMPANIES),
        interest=random.choice(INTERESTS),
        memory=random.random() < 0.6,
    )
