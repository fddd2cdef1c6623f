"""How fast the product answers for a clinic of ten thousand patients: a scratch database, the whole stack, production's
settings.

`filling` writes the clinic, `visits` names what is asked of it, `measuring` times it, `scratch` holds what is thrown
away afterwards.
"""
