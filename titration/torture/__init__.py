"""`manage.py torture`: the real server is killed while several people write; nothing it acknowledged may be gone.

A run has a scratch database of its own; every write goes through HTTP with its submission key, and one whose answer was
lost is sent again with the same key.
"""
