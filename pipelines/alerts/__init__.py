"""Telling people what needs them: what is found (`found`), what was told already (`told`), the way out (`send`).

Each alert says what happened, what it means for the reports and what to do. None holds a cell of a delivery, an amount,
a name of a person or a secret: they leave the machine.
"""

from pipelines.alerts.tell import Telling, tell, tell_quietly, try_targets

__all__ = ["Telling", "tell", "tell_quietly", "try_targets"]
