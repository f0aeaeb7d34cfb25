"""Imports: annual plans and activity records from lists as offices send them, row by row, refused rows given back."""
