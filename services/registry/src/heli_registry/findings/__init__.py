"""What the Party rules flag, with rule, basis and fact."""
