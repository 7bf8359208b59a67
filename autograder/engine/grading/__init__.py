"""From a submission to verdicts: checks are run, what they found is kept, mistakes get their names."""
