"""Compile the split's functions while the rest of the system comes up; a fresh clone has no machine code yet."""

from include.winddown.domain.split.warm import warm_up

if __name__ == "__main__":
    warm_up()
