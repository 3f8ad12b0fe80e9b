"""Lists and filters of other programs as watches: what maps is written, and every line that does not is told."""
