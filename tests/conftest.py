"""What holds for all tests."""

import os

from hypothesis import HealthCheck, settings

# How fast the machine is, is no behaviour. In CI the examples are the same each time; elsewhere they go on exploring.
settings.register_profile(
    "remind", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
settings.load_profile("remind")
