"""People in roles: encrypted at rest, masked on output, every unmasked read recorded."""
