"""Party organisations: what they are, whom they cover, and what the Party rules refuse."""
