"""Commands of latent-course that are loaded when they are used."""
