"""Who answers a call: a student's file, the reference, and the reference in place of a part that is not done."""
