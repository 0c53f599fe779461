"""The number of examples of property tests for ``make test`` and for ``make reliability``."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

QUICK, THOROUGH = "quick", "thorough"
"""The profiles of hypothesis; ``--hypothesis-profile=thorough`` chooses the second."""


def register_profiles() -> None:
    """Register both profiles, without time limits, and load the quick one.

    The quick profile tries the same examples in every run, so that a failure is always caused by a
    change of the code. The thorough profile draws new examples each time.
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
    """Return the settings of a slow property test, with a number of examples for each profile."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return settings(max_examples=thorough if is_thorough else quick)
