"""Shows results in the terminal and as JSON, without computing any figure."""
