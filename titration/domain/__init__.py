"""The heart of Titration, pure: five concepts and how they connect.

- **Regimen** (`regimen`): micrograms by time of day, which make a daily total.
- **DoseHistory** (`history`): daily totals as a step function; prescribed, taken and planned are three of them.
- **Plan** (`planning`): a titration or taper drawn up in steps that the chosen `products` can make.
- **Guidance** (`guidance`): every threshold as data, with its source.
- **Finding** (`findings`): what a rule says about one patient, with values, thresholds and what is missing.

A PatientRecord (`record`) becomes a Case (`case`); `assess` puts the case and the guidance before the `rules` and
answers with findings; `wording` turns a finding into sentences. No Django, no database, no clock: the day and the
guidance are arguments.
"""
