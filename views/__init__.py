"""One module per page: ask a question, show the answer."""
