"""Figures of training and evaluation, their statistics, tables and plots: arrays in, records and files out."""
