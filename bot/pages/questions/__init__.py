"""What visitors asked and no page answered, and what became of it on newer pages."""
