"""What needs one particular backend: the training step, the choice of devices. Nothing else imports a backend."""
