"""The monthly brief: its texts are composed once and rendered in every format."""
