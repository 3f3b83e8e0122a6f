"""The years the model of Shanghai is about."""

from pujiang.calendar import Calendar

CALENDAR = Calendar(first_year=2015, policy_from=2026, last_year=2030, latest_year=2060)
"""Opening stocks are those of 2015; levers act from 2026, the first year of the 15th five-year plan."""
