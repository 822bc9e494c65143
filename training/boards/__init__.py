"""Fine-tuning the card detector on photographs of real boards."""
