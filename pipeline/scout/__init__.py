"""Scout: help for the operator, from a site's address to a working source and back when it drifts."""
