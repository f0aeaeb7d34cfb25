"""Units: the bodies that act, from the county commission to townships, parks and departments."""
