"""Outside services as the tests run them: real servers on loopback that can misbehave."""
