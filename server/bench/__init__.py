"""``boardcast bench``: accuracy and speed, measured against the alternatives."""
