"""The doors of the world, one module for each party that answers."""
