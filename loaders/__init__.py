"""From a file, a form or an open-data set to checked records, and into the graph."""
