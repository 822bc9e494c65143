"""A day in the shape of PyCon India 2014: tables, rooms, and larger talks in the hall."""
