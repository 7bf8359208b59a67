"""The library that lessons, figures and exercises stand on; import its modules by name.

Images
    patterns        geometric patterns, whose distribution is known exactly
    fashion         Fashion-MNIST: a sample that comes with the course, and the whole set
    fashion_files   its four files: what they must hold, where they lie
    idx             their format
    digits          handwritten digits that come with scikit-learn
    download        a file from the internet: tried again, checked, whole or not at all
    own_images      a reader's own images
    datasets        all of them by name or path, and how each is trained on

Models
    models          the autoencoder and the VAE
    convolutional   the same pair with convolutions
    labelled        models that learn from labels too
    registry        all of them by name
    objectives      reconstruction and KL, in nats per image
    likelihoods     what a decoder's outputs say about black, white and grey pixels
    divergence      KL of Gaussians, and the beta at which it stops being worth its price
    latent          operations on latent vectors

Training
    training        images in, a trained model and its History out
    checkpoints     weights on disk, with a record of how they were made
    run_config      a training before it is made, and its name
    identity        what a name is made of
    runs            the run store: a training is found again by its parameters
    older_runs      runs from before, under another name
    curves          what a kept training saw at each step
    snapshots       a model at several moments of its training
    experiment      one training from its parameters to files
    sweep           trainings over beta and the latent dimension, and their scores
    files           files that appear whole or not at all
    folders         the same for folders, and what is put back after a killed process
    outputs         which files the course may replace: those that it wrote
    reading         files that anybody may have written
    tensors         weights from such a file
    interrupts      Ctrl-C that waits until something is done
    memory          how much of it may be taken, asked before it is

Measuring
    evidence        log p(x): by sampling, or with one latent dimension on a grid
    metrics         what a trained model is worth
    maps            many dimensions flattened to two, and what such a map is worth
    planes          a latent space of two dimensions: what it decodes to
    studies         what the lessons ask about models, one question a module
    claims          what the lessons say about models, measured over seeds

Showing
    palette         the colour and marker of each class
    figures         every picture of the site
    explorer        a latent space in a page
    starters        the exercises, made from their solutions
    attempt         what a starter says when it is run as a script
    cli             the command line
    next_step       what a reader can do next
    commands        its commands, one a module
    errors          what it says without a traceback
"""

__version__ = "0.1.0"
