"""What the practice shops of all platforms share: goods, a supplier's list, a mailbox, and how pages look."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
