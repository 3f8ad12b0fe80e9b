"""Who did what to whom, by the words of an article: entities, subjects, objects, status, ordinal claims."""
