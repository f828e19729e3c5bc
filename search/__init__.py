"""Search for hyper-parameters (to come)."""
