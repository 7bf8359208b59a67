"""The commands of latent-course, a module each, whose `command` loads when it is used; `common` is what they share."""
