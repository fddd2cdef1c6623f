"""The sentences of the papers, by what they are said of. Plain words, for a reading age of about eleven on the sheet.

Each is a message for translation; {call} is whom to call, such as "Ring 999", from the clinic's own emergency wording,
and {more} is that wording where it says more.
"""

from titration.domain.regimen import TimeOfDay
from titration.exports.language import gettext_noop

TITLES = {
    "off": gettext_noop("Coming off baclofen step by step"),
    "down": gettext_noop("Lowering baclofen step by step"),
    "up": gettext_noop("Building up baclofen step by step"),
}
TIMES = {
    TimeOfDay.MORNING: gettext_noop("Morning"),
    TimeOfDay.MIDDAY: gettext_noop("Midday"),
    TimeOfDay.EVENING: gettext_noop("Evening"),
    TimeOfDay.BEDTIME: gettext_noop("Bedtime"),
}
STATES = {
    "draft": gettext_noop("Draft, not signed. Do not follow this plan yet."),
    "replaced": gettext_noop("This plan was replaced by a newer one. Do not follow this sheet."),
    "stopped": gettext_noop("This plan was stopped. Do not follow this sheet."),
    "held": gettext_noop("This plan is on hold. Wait until the clinic tells you the next step."),
}
OVER = {
    "ended": gettext_noop("The treatment has ended. Do not follow this sheet."),
    "moved": gettext_noop("The treatment was handed over. Do not follow this sheet."),
    "died": gettext_noop("The patient has died. Do not follow this sheet."),
}
HELP_NOW = gettext_noop("Get help at once")
_KEEP_SOME = (
    gettext_noop("Do not stop all at once and do not run out"),
    gettext_noop("Ring us when you have 7 days of baclofen left."),
)
_CALL_IF = gettext_noop("{call} if")
WARNINGS = {
    "down": (
        _KEEP_SOME,
        (
            gettext_noop("Ring us the same day if"),
            gettext_noop("you sleep badly, feel anxious or shaky, itch, have more spasms, or miss two doses."),
        ),
        (
            _CALL_IF,
            gettext_noop(
                "you have a fit, see or hear things that are not there, are very confused, or are hot and stiff."
            ),
        ),
    ),
    "up": (
        _KEEP_SOME,
        (
            gettext_noop("Ring us the same day if"),
            gettext_noop(
                "you are very sleepy in the day, dizzy or weak, have a fall, or miss two doses. "
                "Do not drive when you are sleepy."
            ),
        ),
        (
            _CALL_IF,
            gettext_noop(
                "you cannot be woken up properly, your breathing is slow or weak, you have a fit, "
                "or you are very confused."
            ),
        ),
    ),
}
"""Heading and text: what to keep, when to ring the clinic, when to call for help."""

HOW = {
    "tick": gettext_noop("Tick a box when you have taken the tablets."),
    "tick_dose": gettext_noop("Tick a box when you have taken the dose."),
    "halves": gettext_noop("Break tablets on the line and keep the other half for the next half dose."),
    "liquid": gettext_noop("Measure the liquid with the syringe from the pharmacy."),
    "new": gettext_noop("Where it says “new”, the dose has changed: take just what is written there."),
}
MARKS = {
    "dose": gettext_noop("new dose"),
    "time": gettext_noop("new"),
}
"""Beside a daily dose, and beside a time of day, that are not those of the day before. Never an amount."""
REVIEWS = {
    "telephone": gettext_noop("we ring you on {days}"),
    "clinic": gettext_noop("come to the clinic on {days}"),
}
KINDS = {
    "titration": gettext_noop("Titration of baclofen: plan {number}, version {version}"),
    "taper": gettext_noop("Taper of baclofen: plan {number}, version {version}"),
}
