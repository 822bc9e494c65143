"""Telling people of sessions: services that post, and who sends what when."""
