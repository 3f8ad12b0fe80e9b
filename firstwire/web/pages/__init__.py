"""One file for each kind of page: what it shows, what it offers to programs, and what can be changed there."""
