"""National open data about agencies: recognised, read row by row, matched with what is known."""
