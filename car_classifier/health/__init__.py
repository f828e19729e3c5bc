"""What `doctor` looks at: small checks, each of which answers findings and never stops the others."""
