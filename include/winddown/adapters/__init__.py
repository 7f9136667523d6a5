"""Doors to the outside. They speak HTTP, SQL, files or Great Expectations and decide nothing."""
