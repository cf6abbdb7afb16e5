"""How suppliers' files are read: one module per format, each turning a file into rows of supply."""
