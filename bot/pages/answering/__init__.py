"""A question becomes a quote with its source, or a plain no."""
