"""The review desk: a local page on which people work through findings and leave decisions that later runs respect.

serve(...)      open the desk and answer until it is closed
application     the same as an ASGI application
material(audit, rules)   what is under review
"""

from __future__ import annotations

from checker.review.app import application
from checker.review.desk import Desk, check_name, spaced
from checker.review.guard import is_loopback
from checker.review.material import Material, held_texts, material
from checker.review.serve import listen, serve

__all__ = [
    "Desk",
    "Material",
    "application",
    "check_name",
    "held_texts",
    "is_loopback",
    "listen",
    "material",
    "serve",
    "spaced",
]
