"""Pictures of the network: pure functions of plain values that return text."""
