"""sgtrack keeps a social-work station's service contract.

Target files say what the contract asks for, the ledger says what was done; everything shown on a
screen or printed in a brief is computed from these two.
"""

__version__ = "0.1.0"
