"""Ground floor: errors, atomic files, locks, look-up by name and seeds. Imports nothing of ours and nothing heavy."""
