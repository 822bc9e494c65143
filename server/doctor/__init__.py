"""Whether a site is ready for its day: what ``boardcast doctor`` looks at."""
