"""The read API for other systems: the same questions, rights and answers as the pages, as JSON."""
