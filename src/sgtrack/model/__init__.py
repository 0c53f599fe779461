"""Types that all other packages share; no module here does input or output."""
