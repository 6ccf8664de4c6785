"""What holds of a rulebook for all facts: rules that never fire or never decide, duplicates, invariants.

Conditions are written out as formulas over unknown facts and put to z3, a solver. What it finds is facts, and these are
put to `decide` before anybody sees them.
"""
