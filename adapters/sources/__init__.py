"""Where suppliers' files come from: one module per kind of address."""
