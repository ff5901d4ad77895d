"""What is known of each release without a run: which requirements apply, and which are known to be violated."""
