"""Training: settings, rate, optimizers, losses, callbacks, phases, checkpoints and the loop over them."""
