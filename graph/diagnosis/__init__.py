"""Is everything in order? What is looked at, the rules it is judged by, and what was found.

`examination` reads the world, `rules` are pure functions of what it read, `statements` are the
questions about the graph, made from the schema declaration. Nothing here changes anything.
"""

from graph.diagnosis.examination import examine, examine_graph, examine_machine
from graph.diagnosis.findings import Finding, Level, find_worst

__all__ = ["Finding", "Level", "examine", "examine_graph", "examine_machine", "find_worst"]
