"""sgtrack tracks how a social-work station fulfils its service contract.

Target files state what the contract requires. The ledger records what was done. All figures on a
screen or in a brief are computed from these two.
"""

__version__ = "0.2.0"
