"""Articles made again from the archive."""
