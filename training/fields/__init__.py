"""Fitting the weights by which a card's lines are split into title, description, host."""
