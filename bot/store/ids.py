"""Names that nobody can guess, for what leaves the house in exports too."""

import secrets


def new_id(size: int) -> str:
    """Random text of so many bytes, which never begins with a minus.

    Spreadsheets would take that for a formula; guarded against it, a name would not be the same in a table and in JSON.
    """
    while (id := secrets.token_urlsafe(size)).startswith("-"):
        pass
    return id
