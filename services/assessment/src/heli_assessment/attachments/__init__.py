"""Attachments: files kept under the digest of their content, told by what they are and never by their name."""
