"""One file per command; nothing here loads a heavy library before it is needed."""
