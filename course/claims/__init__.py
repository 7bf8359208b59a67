"""What the lessons say about models, each as a measurement over seeds; a file a lesson.

A lesson cites a claim as :claim:`name`; `latent-course claims` measures them all. `tables` holds them together,
`base` says what a claim is, `statistics` and `baselines` hold what several lessons measure.
"""
