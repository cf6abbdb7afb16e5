"""The block that themes show, rendered by a Liquid of our own."""
