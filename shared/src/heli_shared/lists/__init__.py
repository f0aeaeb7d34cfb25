"""Lists as offices send them: cells, text tables and workbooks read within hard limits, refused rows given back."""
