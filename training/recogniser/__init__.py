"""Fine-tuning the text recogniser on lines of real cards."""
