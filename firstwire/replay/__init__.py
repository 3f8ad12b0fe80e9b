"""The same core on old records: from a file or from the articles topic, to files, and to nothing else."""
