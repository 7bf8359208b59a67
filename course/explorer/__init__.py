"""The explorer: a latent space in a page, and the trained models that can be put into it."""
