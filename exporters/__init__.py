"""Out of the graph into files that other programs and other installations read."""
