"""Brings a site's pages in: what is fetched, when, what has changed, and what was left out and why."""
