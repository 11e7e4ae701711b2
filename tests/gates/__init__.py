"""Figures that must not sink unnoticed."""
