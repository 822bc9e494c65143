"""A day in the shape of PyCon India 2024: a facilitator, two ideas for one slot."""
