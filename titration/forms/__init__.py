"""Forms: text in, domain values out. They write nothing; what was typed stays in them."""
