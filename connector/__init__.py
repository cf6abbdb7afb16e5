"""The connector: facts come in, one plan is made, effects go out."""
