"""What must never hurt a record: one test for each row of the list of faults and abuse, named by the row's number."""
