"""When somebody answers, so that it does not matter when the conversations are held: always, and at `night` never."""

from datetime import date, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = [f"hours.{day}=00:00-24:00" for day in DAYS]


def settings(shop_url: str, today: date) -> list[tuple[str, ...]]:
    """What `duologue site` has to be told, one call each."""
    around = [today + timedelta(days=days) for days in (-1, 0, 1)]
    closed = ",".join(f'"{day.isoformat()}"' for day in around)
    return [
        ("set", "demo", *ALWAYS, "hours.closed="),
        ("add", "night", "--origin", shop_url),
        ("set", "night", "hours.timezone=UTC", *ALWAYS, f"hours.closed=[{closed}]"),
    ]
