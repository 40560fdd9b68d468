"""Critical path and float of schedules, computed from their links.

What single files say belongs in `formats/schedules`; what the figures mean for a project belongs in dbt.
"""
