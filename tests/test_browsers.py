"""What a browser's headers say of who uses it."""

import pytest

from bot.browsers import country_of, device_of, primary_language

ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en;q=0.5, fr-CA", "fr"),
        ("FIL", "fil"),
        ("*", None),
        ("", None),
        ("de;q=0", None),
        ("'; DROP TABLE", None),
        ("x" * 9_000, None),
        ("1e,2f", None),
    ],
)
def test_the_language_is_the_first_without_its_region(accepted: str, language: str | None):
    assert primary_language(accepted) == language


@pytest.mark.parametrize(
    ("agent", "is_mobile", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0", "", "desktop"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15",
            "",
            "desktop",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0.0.0 Safari/537.36", "?0", "desktop"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "",
            "mobile",
        ),
        (f"{ANDROID} Mobile Safari/537.36", "?1", "mobile"),
        (f"{ANDROID} Mobile Safari/537.36", "", "mobile"),
        ("a browser that tells little", "?1", "mobile"),
        (f"{ANDROID} Safari/537.36", "?0", "tablet"),
        ("Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) Version/12.1.2 Mobile/15E148 Safari/604.1", "", "tablet"),
        ("Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 Chrome/76 Safari/537.36", "?0", None),
        ("shop-app/2.0", "", None),
        ("", "?0", None),
    ],
)
def test_the_device_is_of_three_kinds_or_none(agent: str, is_mobile: str, device: str | None):
    assert device_of(agent, is_mobile) == device


@pytest.mark.parametrize(
    ("told", "country"),
    [
        ("DE", "DE"), (" no ", "NO"), ("XX", None), ("ZZ", None), ("T1", None), ("", None), ("Norway", None),
        ("D1", None), ("ÄÖ", None), ("<b", None), ("DE, FR", None),
    ],
)  # fmt: skip
def test_a_country_is_two_letters_and_nothing_else(told: str, country: str | None):
    assert country_of(told) == country
