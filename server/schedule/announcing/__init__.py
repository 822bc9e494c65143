"""Which posts tell people of sessions, in which words and when. Pure."""
