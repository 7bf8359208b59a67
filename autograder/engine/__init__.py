"""What stands behind the checks: workers, probes, verdicts, diagnosis and the report."""
