"""How a person is let in and kept known: what allauth and axes ask us, the second factor, the traces they leave."""
