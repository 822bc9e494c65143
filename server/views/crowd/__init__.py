"""What anybody may send without an account: ideas, "I'd come", votes, a removal."""
