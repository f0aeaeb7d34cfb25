"""Administrative divisions of the territory and the places known about them."""
