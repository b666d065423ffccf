"""How far can a fact about names be trusted?"""

from typing import Literal

Confidence = Literal["certain", "likely", "guess"]
