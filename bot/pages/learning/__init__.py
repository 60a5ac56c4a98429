"""The weights of a site's own ranking, from what its visitors told of its answers."""
