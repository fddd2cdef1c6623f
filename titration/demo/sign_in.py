"""The demo's public sign-in. It opens the demo clinic alone: production neither creates nor accepts these people."""

DEMO_EMAIL = "okafor@demo.invalid"
DEMO_PASSWORD = "calm-steps-down"  # noqa: S105 - printed at every start of the demo
