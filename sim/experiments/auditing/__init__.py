"""What is observed of a lever against what it caused: records, estimators, the same two lives."""
