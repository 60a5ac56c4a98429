"""Where the project's own files are: what Rasa reads, and the demonstration shop's pages."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITE_PAGES = ROOT / "data" / "site"
