"""The demo clinic: synthetic people only, shared by the demo, the tests and the documentation."""
