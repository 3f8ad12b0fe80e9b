"""What tests share: sample records, a command line, workers, a naive evaluator. No test imports from another test."""
