"""The demo firm: a seeded, believable project organisation, written as real files in real formats.

Nothing here reads or loads a file; the road does, as it would for anybody. The firm is described in docs/demo.md.
"""

from pipelines.demo.faults import Fault, catalogue
from pipelines.demo.write import DemoReport, write_demo

__all__ = ["DemoReport", "Fault", "catalogue", "write_demo"]
