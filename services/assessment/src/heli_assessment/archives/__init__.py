"""Archives 归档: everything about a finished cycle in one sealed package that anybody can verify without the system."""
