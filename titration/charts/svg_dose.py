"""The lines of the dose band and the words at them.

Lines block room for words; words are placed by importance: doses taken (the last first), reasons, the plan, prescribed.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from titration.charts.model import DoseLine, Note, Run, Step
from titration.charts.pen import Pen, short
from titration.charts.scale import DOSE_BOTTOM, DOSE_TOP, LEFT, NOON, RESPONSE_TOP, Box, Frame, Labels, Place
from titration.domain.units import format_mg

NARROW_RUN = 60
MOST_FIGURES = 60


def draw_dose_lines(pen: Pen, frame: Frame, labels: Labels) -> None:
    for line in frame.model.dose.lines:
        _draw_line(pen, frame, line.kind, line.runs, from_mcg=line.from_mcg, end=frame.last)
        _block(frame, line.runs, labels, end=frame.last)
    before: tuple[Run, bool] | None = None
    now = frame.model.today + NOON
    for runs, unconfirmed in _stretches(taken_runs(frame)):
        joins = before is not None and before[0].until == runs[0].first
        from_mcg = before[0].mcg if joins and before else None
        _draw_line(pen, frame, "unconfirmed" if unconfirmed else "taken", runs, from_mcg=from_mcg, end=now)
        _block(frame, runs, labels, end=now)
        before = runs[-1], unconfirmed


def taken_runs(frame: Frame) -> list[tuple[Run, bool]]:
    """The taken line's known levels in view until today, with whether each is unconfirmed."""
    today = frame.model.today
    steps = [*frame.model.dose.taken, Step(today + 1, None)]
    return [
        (Run(step.day, after.day, step.mcg), step.unconfirmed)
        for step, after in pairwise(steps)
        if step.mcg is not None and step.day <= today and step.day < after.day and frame.shows(step.day, after.day)
    ]


def _stretches(runs: Iterable[tuple[Run, bool]]) -> list[tuple[list[Run], bool]]:
    """Runs of one kind that follow at once."""
    stretches: list[tuple[list[Run], bool]] = []
    for run, unconfirmed in runs:
        if stretches and stretches[-1][1] == unconfirmed and stretches[-1][0][-1].until == run.first:
            stretches[-1][0].append(run)
        else:
            stretches.append(([run], unconfirmed))
    return stretches


def _draw_line(pen: Pen, frame: Frame, kind: str, runs: Sequence[Run], *, from_mcg: int | None, end: float) -> None:
    parts: list[str] = []
    until: int | None = None
    for run in (run for run in runs if frame.shows(run.first, run.until)):
        left, right = frame.span(run.first, min(run.until, end))
        y = short(frame.y_dose(run.mcg))
        if run.first == until:
            parts.append(f"V{y}")
        elif from_mcg is not None and until is None and run is runs[0] and run.first >= frame.first:
            parts.append(f"M{short(left)} {short(frame.y_dose(from_mcg))}V{y}")
        else:
            parts.append(f"M{short(left)} {y}")
        parts.append(f"H{short(right)}")
        until = run.until
    if parts:
        pen.shape("path", kind, d="".join(parts))


def _block(frame: Frame, runs: Iterable[Run], labels: Labels, *, end: float) -> None:
    """Keep words off levels and risers."""
    before: Run | None = None
    for run in (run for run in runs if frame.shows(run.first, run.until)):
        left, right = frame.span(run.first, min(run.until, end))
        y = frame.y_dose(run.mcg)
        labels.block(Box(left, y - 1.5, right, y + 1.5))
        if before is not None and before.until == run.first:
            top, bottom = sorted((y, frame.y_dose(before.mcg)))
            labels.block(Box(left - 1, top, left + 1, bottom))
        before = run


def draw_dose_labels(pen: Pen, frame: Frame, labels: Labels) -> None:
    _block_edges(frame, labels)
    runs = [(run, unconfirmed) for run, unconfirmed in taken_runs(frame) if not _is_dip(frame, run)]
    _draw_last_figure(pen, frame, labels, runs[-1:])
    for run in sorted(_new_levels([run for run, _ in runs])[:-1], key=lambda run: run.first - run.until)[:MOST_FIGURES]:
        _draw_figure(pen, frame, labels, run)
    for note in frame.model.dose.notes:
        _draw_note(pen, frame, labels, note)
    for line in reversed(frame.model.dose.lines):
        _draw_line_label(pen, frame, labels, line)
    _draw_unconfirmed(pen, frame, labels)
    _draw_unknown(pen, frame, labels)


def _block_edges(frame: Frame, labels: Labels) -> None:
    """Keep words off the line of today and inside the band."""
    labels.block(Box(0, DOSE_BOTTOM - 1.5, float(frame.width), RESPONSE_TOP - 12))
    labels.block(Box(frame.today_x - 1, DOSE_TOP, frame.today_x + 1, DOSE_BOTTOM))


def _is_dip(frame: Frame, run: Run) -> bool:
    """A short level that a note names instead (missed doses)."""
    return any(
        note.first <= run.first < note.until and note.text.startswith("missed") for note in frame.model.dose.notes
    )


def _new_levels(runs: Sequence[Run]) -> list[Run]:
    """Levels that differ from the one before, so that a dip does not repeat a figure; the last is always there."""
    changed = [run for before, run in pairwise(runs[:-1]) if before.mcg != run.mcg]
    return [*runs[:1], *changed, *runs[1:][-1:]]


def _figure_places(frame: Frame, run: Run) -> list[Place]:
    left, right = frame.span(run.first, min(run.until, frame.model.today + NOON))
    y = frame.y_dose(run.mcg)
    if right - left <= NARROW_RUN:
        middle = (left + right) / 2
        return [Place(middle, y - 6, "middle"), Place(middle, y + 16, "middle")]
    return [Place(left + 4, y - 6), Place(left + 20, y - 6), Place(left + 4, y + 16)]


def _draw_figure(pen: Pen, frame: Frame, labels: Labels, run: Run) -> None:
    words = format_mg(run.mcg)
    if place := labels.place(words, _figure_places(frame, run), strong=True):
        pen.text(words, "t-strong t-halo", x=place.x, y=place.y, anchor=place.anchor)


def _draw_last_figure(pen: Pen, frame: Frame, labels: Labels, last: Sequence[tuple[Run, bool]]) -> None:
    """The current level, with the word that names the line."""
    for run, unconfirmed in last:
        words = f"{format_mg(run.mcg)} taken" if not unconfirmed else f"{format_mg(run.mcg)} taken, unconfirmed"
        for text in (words, format_mg(run.mcg)):
            if place := labels.place(text, _last_places(frame, run), strong=True):
                pen.text(text, "t-strong t-halo", x=place.x, y=place.y, anchor=place.anchor)
                break


def _last_places(frame: Frame, run: Run) -> list[Place]:
    """At its level, beside it above the line, at last beside it below."""
    places = _figure_places(frame, run)
    left, right = frame.span(run.first, frame.model.today + NOON)
    above, below = (
        [Place(left - 6, y, "end"), Place(right - 6, y, "end"), Place(right + 8, y)]
        for y in (frame.y_dose(run.mcg) - 6, frame.y_dose(run.mcg) + 16)
    )
    return [*above, *places, *below] if right - left < NARROW_RUN else [*places, *above, *below]


def _draw_note(pen: Pen, frame: Frame, labels: Labels, note: Note) -> None:
    level = next((run for run, _ in taken_runs(frame) if run.first <= note.first < run.until), None)
    if level is None or not frame.shows(note.first, note.until):
        return
    left, right = frame.span(note.first, note.until)
    below, middle = frame.y_dose(level.mcg) + 16, (left + right) / 2
    text = note.text.removesuffix(" doses") if frame.is_narrow else note.text
    starts = [Place(left + 4, below)] if right - left > NARROW_RUN else [Place(middle, below, "middle")]
    if place := labels.place(text, [*starts, Place(left, below + 14), Place(right, below, "end")]):
        pen.text(text, "t-halo", x=place.x, y=place.y, anchor=place.anchor)


def _draw_line_label(pen: Pen, frame: Frame, labels: Labels, line: DoseLine) -> None:
    if line.kind == "ghost" and frame.is_narrow:
        return
    runs = [run for run in line.runs if frame.shows(run.first, run.until)]
    words = line.label
    if line.kind == "prescribed" and runs:
        runs = runs[-1:]
        words = f"{format_mg(runs[0].mcg)} {line.label}"
    if frame.is_narrow:
        words = words.replace(", version ", " v")
    if place := labels.place(words, _line_places(frame, line.kind, runs)):
        pen.text(words, f"{'t-plan ' if line.kind == 'plan' else ''}t-halo", x=place.x, y=place.y, anchor=place.anchor)


def _line_places(frame: Frame, kind: str, runs: Sequence[Run]) -> list[Place]:
    """Above a level; the plan's third step first, an earlier plan's last step first, where they leave room."""
    order = [*runs[2:], *runs[:2]] if kind == "plan" else list(reversed(runs))
    places = []
    for run in order:
        left, right = frame.span(run.first, run.until)
        y = frame.y_dose(run.mcg)
        places += [Place(left + 5, y - 6), Place(right + 4, y - 6), Place(right - 4, y - 6, "end")]
        places += [Place(left - 5, y + 16, "end"), Place(left + 4, y + 16)]
    return places


def _draw_unconfirmed(pen: Pen, frame: Frame, labels: Labels) -> None:
    """Name the first stretch in view that nobody confirmed, unless the last figure names it."""
    runs = [run for run, unconfirmed in taken_runs(frame) if unconfirmed]
    if len(runs) > 1:
        left, _ = frame.span(runs[0].first, runs[0].until)
        y = frame.y_dose(runs[0].mcg)
        if place := labels.place("unconfirmed", [Place(left + 4, y + 16), Place(left - 6, y + 16, "end")]):
            pen.text("unconfirmed", "t-halo", x=place.x, y=place.y, anchor=place.anchor)


def _draw_unknown(pen: Pen, frame: Frame, labels: Labels) -> None:
    """Stretches between known levels of which nobody knows what was taken."""
    ends = [*frame.model.dose.taken, Step(frame.model.today + 1, None)]
    for step, after in pairwise(ends):
        if step.mcg is None and step.day <= frame.model.today and frame.shows(step.day, after.day):
            left, right = frame.span(step.day, min(after.day, frame.model.today + 1))
            middle = (max(left, LEFT) + right) / 2
            places = [Place(middle, y, "middle") for y in (DOSE_BOTTOM - 8, DOSE_BOTTOM - 24, DOSE_BOTTOM - 60)]
            if place := labels.place("not known", places):
                pen.text("not known", "t-halo", x=place.x, y=place.y, anchor="middle")
