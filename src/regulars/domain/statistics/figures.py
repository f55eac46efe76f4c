"""What the sums of days mean: the rules by which members count as new, active and at risk."""

NEW_DAYS = 30
"""A member is new for so many times 24 hours from the enrolment."""

ACTIVE_DAYS = 90
"""A member is active who did something on one of the last so many business days."""

AT_RISK_DAYS = 180
"""A member is at risk who did so on one of the last so many, and is not active any more."""
