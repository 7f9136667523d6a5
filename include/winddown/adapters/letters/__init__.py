"""Letters to the platform, from templates in the languages it is written to."""
