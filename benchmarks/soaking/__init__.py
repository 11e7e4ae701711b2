"""What a soak is made of: a town of sites with a plan, the watch over them, and the judges of what came of it."""
