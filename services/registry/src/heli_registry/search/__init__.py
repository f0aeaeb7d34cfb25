"""Looking things up by what people type: a name or a part of it, how it sounds, a slip of the pen, a code."""
