"""The demonstration shop's own settings, as its pages say: contact.html, opening-hours.html, privacy.html."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from bot.site_settings import SiteSettings, parse

NAME = "Teasel Mill"
_PRIVACY = "/privacy.html"
_WEEK = ["10:00-17:30"]


def settings(shop_url: str, today: date) -> SiteSettings:
    """What its chat is told when the shop is made."""
    closed = [day for year in (today.year, today.year + 1) for day in _closed(year)]
    return parse(
        {
            "phone": "+353 20 915 0142",
            "mail": "hello@teaselmill.example",
            "privacy": shop_url + _PRIVACY,
            "hours": {
                "timezone": "Europe/Dublin",
                **dict.fromkeys(("tue", "wed", "thu", "fri"), _WEEK),
                "sat": ["10:00-17:00"],
                "closed": [day.isoformat() for day in closed if day >= today],
            },
            "invites": [
                {
                    "id": "shipping-help",
                    "text": {
                        "en": "Not sure about the cost or the time to your country? Ask here, I look it up.",
                        "de": "Unsicher, was der Versand kostet oder wie lange er dauert? Fragen Sie hier.",
                        "ar": "هل تريد معرفة تكلفة الشحن أو مدته إلى بلدك؟ اسأل هنا.",
                    },
                    "pages": ["/shipping.html"],
                    "after_s": 25,
                },
                {
                    "id": "offer-help",
                    "text": {
                        "en": "You called, here I am. May I help with something?",
                        "de": "Sie haben gerufen, hier bin ich. Kann ich helfen?",
                        "ar": "ناديتني، وها أنا هنا. هل أساعدك في شيء؟",
                    },
                    "pages": ["/widget.html"],
                    "trigger": "demo-offer-help",
                },
            ],
        }
    )


def moved(known: dict[str, Any], origins: Iterable[str], shop_url: str) -> dict[str, Any]:
    """The settings with the privacy page at the shop's address of today, when it was at one it had before."""
    was = {origin + _PRIVACY for origin in origins}
    return known | ({"privacy": shop_url + _PRIVACY} if known.get("privacy") in was else {})


def _closed(year: int) -> list[date]:
    """24 December is a short day, which settings can't say: better a promise less than one not kept."""
    christmas = [date(year, 12, day) for day in range(24, 32)]
    return [date(year, 1, 1), date(year, 3, 17), _easter(year) - timedelta(days=2), *christmas]


def _easter(year: int) -> date:
    """Easter Sunday, by the rule of Meeus, Jones and Butcher for the Gregorian calendar."""
    golden, (century, rest) = year % 19, divmod(year, 100)
    correction = century - (century + 8) // 25 + 1
    moon = (19 * golden + century - century // 4 - correction // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
