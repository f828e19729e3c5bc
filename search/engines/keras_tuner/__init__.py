"""KerasTuner."""
