"""Event detection in the text of an article: subjects, actions, targets, status, ordinal claims."""
