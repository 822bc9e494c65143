"""In front of Flask: what thousands of browsers and slow senders meet first.

What is published is answered from memory, by one thread, without Flask. Bodies are
read here, with time-outs, so that a slow sender holds no thread. Everything else is
Flask's, in threads.
"""
