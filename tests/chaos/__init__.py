"""The whole installation as processes of its own, and what is done to it: killed, frozen, flooded, lied to."""
