"""The words that are accepted on file: conditions, signs, effects, indications, reasons. Codes are stored, words are
shown.

Lists of conditions and signs: after the labels and the monograph (Notable AEs, Dangerous AEs, Commonly
Prescribed for) and published cases.
"""

from dataclasses import dataclass

CONDITIONS = {
    "seizure_disorder": "Seizure disorder",
    "psychosis": "Psychosis",
    "alcohol_use_disorder": "Alcohol use disorder",
    "substance_misuse": "Substance misuse",
    "stroke": "Stroke",
    "brain_injury": "Brain injury",
    "parkinsonism": "Parkinsonism",
    "peptic_ulcer": "Peptic ulcer",
    "pregnancy": "Pregnancy",
    "dialysis": "Dialysis",
    "acute_kidney_injury": "Acute kidney injury",
}
C1_CONDITIONS = frozenset({"seizure_disorder", "psychosis", "alcohol_use_disorder", "substance_misuse"})

COMEDICATIONS = {
    "opioid": "Opioid",
    "benzodiazepine": "Benzodiazepine",
    "gabapentinoid": "Gabapentinoid",
    "tizanidine": "Tizanidine",
    "other_muscle_relaxant": "Other muscle relaxant",
    "alcohol": "Alcohol",
    "sedating_antihistamine": "Sedating antihistamine",
    "tca": "Tricyclic antidepressant",
    "maoi": "MAO inhibitor",
    "levodopa": "Levodopa",
    "lithium": "Lithium",
    "antihypertensive": "Antihypertensive",
    "antidiabetic": "Antidiabetic",
    "nsaid": "NSAID",
}

DEPRESSANTS = frozenset(
    {
        "opioid",
        "benzodiazepine",
        "gabapentinoid",
        "tizanidine",
        "other_muscle_relaxant",
        "alcohol",
        "sedating_antihistamine",
    }
)
INTERACTING = frozenset(COMEDICATIONS) - DEPRESSANTS

INTERRUPTIONS = {
    "admission": "Hospital admission",
    "surgery": "Surgery",
    "fasting": "Fasting",
    "swallowing": "Loss of swallowing",
}

SYMPTOM_SEVERITIES = {"mild": "mild", "moderate": "moderate", "severe": "severe"}

_MILD = {
    "anxiety": "Anxiety",
    "insomnia": "Sleeplessness",
    "restlessness": "Restlessness",
    "tremor": "Tremor",
    "pruritus": "Itching",
    "paresthesia": "Pins and needles",
    "nausea": "Nausea",
    "headache": "Headache",
    "more_spasms": "More spasms",
}
_MODERATE = {
    "confusion": "Confusion",
    "agitation": "Agitation",
    "rebound_spasticity": "Rebound spasticity",
    "tachycardia": "Fast heartbeat",
    "sweating": "Sweating",
    "low_fever": "Low fever (under 38.5 degrees)",
    "paranoia": "Low mood or paranoia",
}
_SEVERE = {
    "hallucinations": "Hallucinations",
    "delirium": "Delirium",
    "disorientation": "Disorientation",
    "seizure": "Seizure",
    "high_fever": "High fever (38.5 degrees or more)",
    "rigidity": "Muscle rigidity",
    "labile_blood_pressure": "Unstable blood pressure",
    "reduced_consciousness": "Reduced consciousness",
    "rhabdomyolysis": "Dark urine or raised CK",
    "organ_failure": "Organ failure",
}
WITHDRAWAL_SIGNS = _MILD | _MODERATE | _SEVERE
WITHDRAWAL_SEVERITY = (
    dict.fromkeys(_MILD, "mild") | dict.fromkeys(_MODERATE, "moderate") | dict.fromkeys(_SEVERE, "severe")
)

ADVERSE_EFFECTS = {
    "drowsiness": "Drowsiness",
    "dizziness": "Dizziness",
    "weakness": "Weakness",
    "fatigue": "Fatigue",
    "nausea": "Nausea",
    "constipation": "Constipation",
    "hypotension": "Low blood pressure",
    "confusion": "Confusion",
    "seizures_worse": "Seizures worse",
    "other": "Other",
}

SEDATION_GRADES = {
    0: "none",
    1: "drowsier than usual",
    2: "limits daily tasks",
    3: "hard to rouse",
    4: "cannot be roused or breathing affected",
}

SCORE_SCALES = {
    "spasticity": "Spasticity",
    "pain": "Pain",
    "penn": "Spasm frequency",
    "ashworth": "Tone on passive movement",
}
_ZERO_TO_TEN = tuple(str(score) for score in range(11))
SCORE_VALUES = {
    "spasticity": _ZERO_TO_TEN,
    "pain": _ZERO_TO_TEN,
    "penn": ("0", "1", "2", "3", "4"),
    "ashworth": ("0", "1", "1+", "2", "3", "4"),
}


@dataclass(frozen=True, slots=True)
class Indication:
    """One of the monograph's uses; approved marks the one with FDA approval."""

    words: str
    approved: bool


INDICATIONS = {
    "ms_spinal_spasticity": Indication(
        "Spasticity and pain in multiple sclerosis or spinal cord disease", approved=True
    ),
    "trigeminal_neuralgia": Indication("Trigeminal neuralgia", approved=False),
    "tourette": Indication("Tourette syndrome", approved=False),
    "tardive_dyskinesia": Indication("Tardive dyskinesia", approved=False),
    "huntington_chorea": Indication("Chorea in Huntington disease", approved=False),
    "nystagmus": Indication("Acquired peduncular nystagmus", approved=False),
    "migraine": Indication("Migraine prevention", approved=False),
    "neuropathic_pain": Indication("Neuropathic pain", approved=False),
    "alcohol_dependence": Indication("Alcohol dependence", approved=False),
}

DOSE_REASONS = {
    "titration": "Titration upwards",
    "response": "Better response wanted",
    "sedation": "Sedation: step back",
    "adverse_effect": "Adverse effect: step back",
    "taper": "Taper",
    "no_response": "No response",
    "kidney": "Kidney function",
    "restart": "Restart after a gap",
    "patient_wish": "Patient's wish",
    "transfer": "Taken over from another prescriber",
    "other": "Other, see note",
}

OVERRIDE_REASONS = {
    "benefit_outweighs": "Benefit outweighs the risk",
    "supervised": "Supervised closely, for example in hospital",
    "specialist_advice": "On specialist advice",
    "adverse_reaction": "Serious reaction: must be lowered fast",
    "contact_planned": "Contact planned within 48 hours",
    "patient_informed": "Patient informed and decides so",
    "data_error": "The record is wrong and is being corrected",
    "other": "Other, see comment",
}
