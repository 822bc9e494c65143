"""What all tests share: examples of hypothesis that are the same every time."""

from hypothesis import settings

# No deadline: these machines are noisy. Derandomised: a test that passes today
# passes tomorrow, and a failure is there for the next person, too.
settings.register_profile("boardcast", deadline=None, derandomize=True)
settings.load_profile("boardcast")
