"""What a page's own words say of it: one-way, hard to read, stale."""
