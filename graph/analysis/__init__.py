"""Pure functions over rows of questions: gaps, plans, rates, measures, indicators."""
