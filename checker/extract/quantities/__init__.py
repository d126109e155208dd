"""Numbers in a flat text and the quantities they state: one grammar for digits, Chinese numerals and both mixed."""

from checker.extract.quantities.scan import scan
from checker.extract.quantities.token import ONE, Qualifier, Token, interval
from checker.extract.quantities.vocabulary import Quantities, compile_quantities

__all__ = ["ONE", "Qualifier", "Quantities", "Token", "compile_quantities", "interval", "scan"]
