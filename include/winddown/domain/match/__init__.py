"""The three-way match: what was requested against what was shipped against what was received."""
