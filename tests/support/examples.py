"""How many examples property tests try: few with ``make test``, many with ``make reliability``."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

QUICK, THOROUGH = "quick", "thorough"
"""The profiles of hypothesis; ``--hypothesis-profile=thorough`` chooses the second."""


def register_profiles() -> None:
    """Register both profiles and load the quick one; nothing is timed in either.

    The quick one tries the same examples in every run, so that a change fails for its own faults;
    the thorough one draws new examples each time.
    """
    slow = [HealthCheck.too_slow]
    settings.register_profile(QUICK, deadline=None, suppress_health_check=slow, derandomize=True)
    settings.register_profile(
        THOROUGH,
        deadline=None,
        suppress_health_check=slow,
        max_examples=1000,
        print_blob=True,
    )
    settings.load_profile(QUICK)


def examples(quick: int, thorough: int) -> settings:
    """The settings of a property test that takes long: how many examples for each profile."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return settings(max_examples=thorough if is_thorough else quick)
