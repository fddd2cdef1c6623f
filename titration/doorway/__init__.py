"""Between the server and Django: a request is read whole before a thread works on it, and threads are dealt out fairly.

Whoever sends slowly, or not at all, waits on the event loop and holds no thread.
"""
