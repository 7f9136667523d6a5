"""What every layer of tests shares."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "winddown",
    deadline=None,  # speed belongs to the benchmarks; a busy machine is no failure
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("winddown")
