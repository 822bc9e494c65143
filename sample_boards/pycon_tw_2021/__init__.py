"""Two days in the shape of PyCon Taiwan 2021: online, ten desks, no wall, no photo."""
