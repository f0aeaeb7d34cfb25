"""Appeals 申诉: a subject asks to have its result looked at again, and is answered by a working day."""
