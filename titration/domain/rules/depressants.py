"""S2: sedation together with other drugs that depress the central nervous system.

Labels; monograph, Best Augmenting Combos.
"""

from datetime import timedelta

from titration.domain.findings import Finding, Severity
from titration.domain.rules.sedation import evidence, reports_so_far, standing_severe
from titration.domain.situation import Answer, Situation
from titration.domain.vocabulary import COMEDICATIONS, DEPRESSANTS, SEDATION_GRADES


def sedation_with_depressants(situation: Situation) -> Answer:
    """S2 as of the judged day: the report that stands, where another depressant is on file."""
    active = [code for code in COMEDICATIONS if code in DEPRESSANTS & situation.case.comedications]
    reports = reports_so_far(situation)
    if not active or not reports:
        return [], []
    count = situation.guidance.count
    report = standing_severe(situation, reports) or reports[-1]
    ends_on = report.at.date() + timedelta(count("s1_stays"))
    stands = report.grade >= count("s1_severe_grade") or situation.case.as_of < ends_on
    if report.grade < count("s2_caution_grade") or not stands:
        return [], []
    words = ", ".join(COMEDICATIONS[code].lower() for code in active)
    finding = Finding(
        code="S2",
        severity=Severity.HIGH if report.grade >= count("s2_high_grade") else Severity.CAUTION,
        since=report.at.date(),
        episode=report.at.date(),
        until=None if report.grade >= count("s1_severe_grade") else ends_on,
        variant="depressants",
        values={
            "grade": report.grade,
            "grade_words": SEDATION_GRADES[report.grade],
            "day_on": report.at.date(),
            "depressants": words,
        },
        trigger=(report.at.isoformat(), str(report.grade), *active),
        evidence=evidence(situation, report),
        thresholds=situation.thresholds("s2_caution_grade", "s2_high_grade"),
    )
    return [finding], []
