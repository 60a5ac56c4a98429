"""What a browser calls itself, in words: for who looks over their own sign-ins."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that is found: most call themselves by the names of others too."""
DEVICES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def in_words(agent: str) -> str:
    """E.g. "Firefox on Linux". It is the browser's own word, so it proves nothing."""
    browser = next((name for mark, name in BROWSERS if mark in agent), None)
    device = next((name for mark, name in DEVICES if mark in agent), None)
    if browser is None and device is None:
        return "A browser that does not say which"
    return f"{browser or 'A browser'} on {device}" if device else str(browser)
