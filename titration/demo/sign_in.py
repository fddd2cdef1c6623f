"""The demo's public sign-in. It opens the demo clinic alone: production neither creates nor accepts this person."""

DEMO_EMAIL = "alice@clinic.example"
DEMO_PASSWORD = "calm-steps-down"  # noqa: S105 - printed at every start of the demo
