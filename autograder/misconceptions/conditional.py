"""Lesson 11: mistakes with `one_hot`, `condition`, `conditional_sample` and the branched loss.

Each function is the part's function with something wrong in it, which is the point; its docstring is the question that
a tutor would ask. Unused arguments are part of some mistakes.
"""

# ruff: noqa: ARG001

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as F

from autograder.misconceptions import Names

MISTAKES = mistake = Names()

LABELS, CONDITIONING = "labels-as-vectors", "conditioning"
SAMPLES, LOSS = "conditional-samples", "the-branched-loss"


def _rows(labels: torch.Tensor, num_classes: int) -> torch.Tensor:
    return torch.eye(num_classes)[labels.long()]


# 11.1 one-hot labels


@mistake("11.1", "whole numbers instead of floats", LABELS)
def one_hot_integers(labels: Any, num_classes: int) -> Any:
    """Give your result to a linear layer: what does it say? What is the dtype of your rows?"""
    return F.one_hot(labels.long(), num_classes)


@mistake("11.1", "true and false instead of numbers", LABELS)
def one_hot_booleans(labels: Any, num_classes: int) -> Any:
    """Your columns are right. Can a truth value be multiplied with a weight?"""
    return labels[:, None] == torch.arange(num_classes)


@mistake("11.1", "classes counted from the labels at hand", LABELS)
def one_hot_counted(labels: Any, num_classes: int) -> Any:
    """How many columns has your result if no image of the last class is in the batch?"""
    return _rows(labels, int(labels.max()) + 1)


@mistake("11.1", "classes counted from 1", LABELS)
def one_hot_from_one(labels: Any, num_classes: int) -> Any:
    """In which column is the 1 of label 0? What is the first label, and what is the first column?"""
    return torch.eye(num_classes)[labels.long() - 1]


@mistake("11.1", "one column too many", LABELS)
def one_hot_one_more(labels: Any, num_classes: int) -> Any:
    """With classes from 0 to C - 1, how many columns are there? Is there a label for your last one?"""
    return _rows(labels, num_classes + 1)


@mistake("11.1", "transposed", LABELS)
def one_hot_transposed(labels: Any, num_classes: int) -> Any:
    """Is an image a row or a column of your result? Which axis comes first in (B, C)?"""
    return _rows(labels, num_classes).T


@mistake("11.1", "the label as one number", LABELS)
def one_hot_number(labels: Any, num_classes: int) -> Any:
    """If labels are plain numbers, is a cross closer to a vertical line than to a diagonal? How many columns keep all
    classes equally far apart?
    """
    return labels.float()[:, None]


@mistake("11.1", "only long labels work", LABELS)
def one_hot_long_only(labels: Any, num_classes: int) -> Any:
    """Labels are integers of any type. What does your function do with int32, or with the bytes of Fashion-MNIST?"""
    return F.one_hot(labels, num_classes).float()


@mistake("11.1", "bytes taken for a mask", LABELS)
def one_hot_mask(labels: Any, num_classes: int) -> Any:
    """Labels are integers of any type. Between square brackets, torch reads int64 as positions: and what bytes (uint8)?
    Which conversion makes positions of them?
    """
    return torch.eye(num_classes)[labels]


@mistake("11.1", "all labels in one row", LABELS)
def one_hot_summed(labels: Any, num_classes: int) -> Any:
    """How many rows does your result have? Who could tell from it which image had which label?"""
    return _rows(labels, num_classes).sum(0)


@mistake("11.1", "zeros where ones belong", LABELS)
def one_hot_inverted(labels: Any, num_classes: int) -> Any:
    """How many ones are there in a row of yours, and how many in a one-hot vector?"""
    return 1 - _rows(labels, num_classes)


@mistake("11.1", "classes counted from 1, label 0 nowhere", LABELS)
def one_hot_from_one_compared(labels: Any, num_classes: int) -> Any:
    """Where is the 1 in the row of label 0? What is the number of your first column, and what is the first label?"""
    return (labels[:, None] == torch.arange(1, num_classes + 1)).float()


@mistake("11.1", "the columns begin one too early", LABELS)
def one_hot_next(labels: Any, num_classes: int) -> Any:
    """In which column is the 1 of label 0, and where is the one of the last label?"""
    return (labels[:, None].long() + 1 == torch.arange(num_classes)).float()


@mistake("11.1", "one column too few", LABELS)
def one_hot_one_fewer(labels: Any, num_classes: int) -> Any:
    """With labels from 0 to C - 1, how many are there? Which label has no column of yours?"""
    return torch.eye(num_classes - 1)[labels.long()]


@mistake("11.1", "only long labels work, by scatter", LABELS)
def one_hot_scatter(labels: Any, num_classes: int) -> Any:
    """Labels are integers of any type. Which type does scatter_ want for positions, and which conversion gives it?"""
    return torch.zeros(len(labels), num_classes).scatter_(1, labels[:, None], 1.0)


@mistake("11.1", "counted from the smallest label at hand", LABELS)
def one_hot_relative(labels: Any, num_classes: int) -> Any:
    """In which column is the 1 of label 2 if no smaller one is in the batch? Does a label depend on its neighbours?"""
    return _rows(labels.long() - labels.long().min(), num_classes)


# 11.2 condition


@mistake("11.2", "the label comes first", CONDITIONING)
def condition_label_first(x: Any, labels: Any, num_classes: int) -> Any:
    """Which columns of your rows hold the image? Which come first in D + C?"""
    return torch.cat([_rows(labels, num_classes), x], 1)


@mistake("11.2", "the label as one number", CONDITIONING)
def condition_number(x: Any, labels: Any, num_classes: int) -> Any:
    """How many columns did you add, and how many classes are there? What would label 3 be three times of?"""
    return torch.cat([x, labels[:, None].to(x.dtype)], 1)


@mistake("11.2", "the label is left out", CONDITIONING)
def condition_without_label(x: Any, labels: Any, num_classes: int) -> Any:
    """What can a network learn of the label from your rows?"""
    return x.clone()


@mistake("11.2", "x is left out", CONDITIONING)
def condition_without_x(x: Any, labels: Any, num_classes: int) -> Any:
    """What is left of the image in your rows?"""
    return _rows(labels, num_classes)


@mistake("11.2", "joined one below another", CONDITIONING)
def condition_below(x: Any, labels: Any, num_classes: int) -> Any:
    """Which axis of x counts the images? Which of the two axes may torch.cat let grow?"""
    return torch.cat([x, _rows(labels, num_classes)])


@mistake("11.2", "a pair instead of one tensor", CONDITIONING)
def condition_pair(x: Any, labels: Any, num_classes: int) -> Any:
    """How many tensors does the first layer of a network read? Which function joins two of them?"""
    return x, _rows(labels, num_classes)


@mistake("11.2", "classes counted from the labels at hand", CONDITIONING)
def condition_counted(x: Any, labels: Any, num_classes: int) -> Any:
    """Do two batches always give rows of equal length? What does `num_classes` know that the labels do not?"""
    return torch.cat([x, _rows(labels, int(labels.max()) + 1)], 1)


@mistake("11.2", "classes counted from 1", CONDITIONING)
def condition_from_one(x: Any, labels: Any, num_classes: int) -> Any:
    """Which column is set in a row with label 0? Which label comes first?"""
    return torch.cat([x, torch.eye(num_classes)[labels.long() - 1]], 1)


@mistake("11.2", "every row gets the first label", CONDITIONING)
def condition_first_label(x: Any, labels: Any, num_classes: int) -> Any:
    """Compare the label columns of two rows with different labels: do they differ?"""
    return torch.cat([x, _rows(labels[:1], num_classes).expand(len(x), -1)], 1)


@mistake("11.2", "counted from the smallest label at hand", CONDITIONING)
def condition_relative(x: Any, labels: Any, num_classes: int) -> Any:
    """In which column is the 1 of label 2 if no smaller one is in the batch? Does a label depend on its neighbours?"""
    return torch.cat([x, _rows(labels.long() - labels.long().min(), num_classes)], 1)


@mistake("11.2", "only long labels work", CONDITIONING)
def condition_long_only(x: Any, labels: Any, num_classes: int) -> Any:
    """Labels are integers of any type. What does your function do with int32, or with the bytes of Fashion-MNIST?"""
    return torch.cat([x, F.one_hot(labels, num_classes).to(x.dtype)], 1)


# 11.3 conditional sample


def _sample(
    decoder: Any, label: int, count: int, latent: int, num_classes: int, generator: Any, scale: float = 1.0
) -> Any:
    z = scale * torch.randn(count, latent, generator=generator)
    return decoder(torch.cat([z, _label(label, count, num_classes)], 1))


def _label(label: int, count: int, num_classes: int) -> torch.Tensor:
    return _rows(torch.full((count,), label), num_classes)


@mistake("11.3", "the decoder does not see the label", SAMPLES)
def sample_without_label(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """How does the decoder know what to draw? What is the width of the tensor that it reads?"""
    return decoder(torch.randn(num_samples, latent_dim, generator=generator))


@mistake("11.3", "the label comes first", SAMPLES)
def sample_label_first(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """In which columns does the decoder look for z, and what does it find there?"""
    z = torch.randn(num_samples, latent_dim, generator=generator)
    return decoder(torch.cat([_label(label, num_samples, num_classes), z], 1))


@mistake("11.3", "the label as one number", SAMPLES)
def sample_number(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """How many columns has the label in what you give to the decoder? Which part of this file makes a row of it?"""
    z = torch.randn(num_samples, latent_dim, generator=generator)
    return decoder(torch.cat([z, torch.full((num_samples, 1), float(label))], 1))


@mistake("11.3", "classes counted from 1", SAMPLES)
def sample_from_one(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Which column do you set for label 0? Of which class are your samples then?"""
    return _sample(decoder, (label - 1) % num_classes, num_samples, latent_dim, num_classes, generator)


@mistake("11.3", "one sample only", SAMPLES)
def sample_one(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """How many rows does the decoder get from you, and how many images were asked for?"""
    return _sample(decoder, label, 1, latent_dim, num_classes, generator)


@mistake("11.3", "the same z for all samples", SAMPLES)
def sample_same_z(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Look at two of your samples: do they differ? How many numbers did you draw?"""
    z = torch.randn(1, latent_dim, generator=generator).expand(num_samples, -1)
    return decoder(torch.cat([z, _label(label, num_samples, num_classes)], 1))


@mistake("11.3", "one number for all dimensions", SAMPLES)
def sample_same_dimensions(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Plot two coordinates of your z against each other: do they fill a disc or a line?"""
    z = torch.randn(num_samples, 1, generator=generator).expand(-1, latent_dim)
    return decoder(torch.cat([z, _label(label, num_samples, num_classes)], 1))


@mistake("11.3", "z is zero", SAMPLES)
def sample_zero(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """What differs between your samples? What in a sample is random?"""
    return _sample(decoder, label, num_samples, latent_dim, num_classes, generator, scale=0.0)


@mistake("11.3", "uniform numbers from 0 to 1", SAMPLES)
def sample_uniform(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Is any coordinate of your z negative? Which distribution is the prior?"""
    z = torch.rand(num_samples, latent_dim, generator=generator)
    return decoder(torch.cat([z, _label(label, num_samples, num_classes)], 1))


@mistake("11.3", "uniform numbers from -1 to 1", SAMPLES)
def sample_uniform_around_zero(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """How far from zero do your coordinates get at most? Has the prior such a limit?"""
    z = 2 * torch.rand(num_samples, latent_dim, generator=generator) - 1
    return decoder(torch.cat([z, _label(label, num_samples, num_classes)], 1))


@mistake("11.3", "too narrow: a tenth of the noise", SAMPLES)
def sample_narrow(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """What is the standard deviation of your z, and what is the prior's?"""
    return _sample(decoder, label, num_samples, latent_dim, num_classes, generator, scale=0.1)


@mistake("11.3", "the generator is ignored", SAMPLES)
def sample_without_generator(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Call your function twice with generators of the same seed: are the samples the same? Who uses `generator`?"""
    return _sample(decoder, label, num_samples, latent_dim, num_classes, None)


@mistake("11.3", "a seed inside", SAMPLES)
def sample_seeded(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Call your function twice: do you get new samples? Whose random numbers did you set back?"""
    torch.manual_seed(0)
    return _sample(decoder, label, num_samples, latent_dim, num_classes, generator)


@mistake("11.3", "the decoder is called row by row", SAMPLES)
def sample_row_by_row(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """How often do you call the decoder? How many rows can it read at once?"""
    z = torch.randn(num_samples, latent_dim, generator=generator)
    rows = torch.cat([z, _label(label, num_samples, num_classes)], 1)
    return torch.cat([decoder(row[None]) for row in rows])


@mistake("11.3", "a sigmoid after the decoder", SAMPLES)
def sample_sigmoid(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """What does a decoder of this course return: logits or pixels? Who has applied the sigmoid already?"""
    return torch.sigmoid(_sample(decoder, label, num_samples, latent_dim, num_classes, generator))


@mistake("11.3", "the decoder is left in eval mode", SAMPLES)
def sample_eval(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """In which mode was the decoder before your function, and in which is it afterwards?"""
    decoder.eval()
    return _sample(decoder, label, num_samples, latent_dim, num_classes, generator)


@mistake("11.3", "z and the label are given apart", SAMPLES)
def sample_two_arguments(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """How many arguments does the decoder take? Which part of this file makes one tensor of z and the label?"""
    return decoder(torch.randn(num_samples, latent_dim, generator=generator), _label(label, num_samples, num_classes))


@mistake("11.3", "the input of the decoder is returned", SAMPLES)
def sample_rows(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Who makes images of the rows that you return?"""
    z = torch.randn(num_samples, latent_dim, generator=generator)
    return torch.cat([z, _label(label, num_samples, num_classes)], 1)


@mistake("11.3", "the generator does not move on", SAMPLES)
def sample_copied(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Call your function twice with the same generator: do the samples differ? Do you draw from it, or from a copy?"""
    own = None if generator is None else torch.Generator().set_state(generator.get_state())
    return _sample(decoder, label, num_samples, latent_dim, num_classes, own)


@mistake("11.3", "one sample of each class", SAMPLES)
def sample_all_classes(
    decoder: Any, label: int, num_samples: int, latent_dim: int, num_classes: int, generator: Any = None
) -> Any:
    """Which label has your first row, and which your second? Of which class were samples asked for?"""
    z = torch.randn(num_samples, latent_dim, generator=generator)
    return decoder(torch.cat([z, _rows(torch.arange(num_samples) % num_classes, num_classes)], 1))


# 11.4 branched loss


@mistake("11.4", "beta and gamma are swapped", LOSS)
def loss_swapped(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Set gamma to 0: which term disappears, and which should?"""
    return recon + gamma * kl + beta * F.cross_entropy(logits, labels)


@mistake("11.4", "gamma weighs the reconstruction", LOSS)
def loss_gamma_on_reconstruction(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Which of your three terms grows with gamma? Which is the one that classifies?"""
    return gamma * recon + beta * kl + F.cross_entropy(logits, labels)


@mistake("11.4", "beta is ignored", LOSS)
def loss_without_beta(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What changes in your loss when beta does?"""
    return recon + kl + gamma * F.cross_entropy(logits, labels)


@mistake("11.4", "gamma is ignored", LOSS)
def loss_without_gamma(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What changes in your loss when gamma does?"""
    return recon + beta * kl + F.cross_entropy(logits, labels)


@mistake("11.4", "neither beta nor gamma is used", LOSS)
def loss_unweighted(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """There are two knobs in the signature. What do yours turn?"""
    return recon + kl + F.cross_entropy(logits, labels)


@mistake("11.4", "a sum over images", LOSS)
def loss_summed(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What becomes of your cross-entropy if every image is in the batch twice? And of recon and kl?"""
    return recon + beta * kl + gamma * F.cross_entropy(logits, labels, reduction="sum")


@mistake("11.4", "one loss for each image", LOSS)
def loss_per_image(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What is the shape of your loss? How many numbers can backward() start from?"""
    return recon + beta * kl + gamma * F.cross_entropy(logits, labels, reduction="none")


@mistake("11.4", "a softmax before the cross-entropy", LOSS)
def loss_of_probabilities(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What does torch's cross-entropy expect, logits or probabilities? How often is the softmax applied in yours?"""
    return recon + beta * kl + gamma * F.cross_entropy(torch.softmax(logits, 1), labels)


@mistake("11.4", "no logarithm of a softmax", LOSS)
def loss_nll_of_logits(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Is your third term ever negative? What has to be done to logits before they are log-probabilities?"""
    return recon + beta * kl + gamma * F.nll_loss(logits, labels)


@mistake("11.4", "probabilities without a logarithm", LOSS)
def loss_nll_of_probabilities(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """How large is your third term for a perfect guess, and how large for a hopeless one? Where is the logarithm?"""
    return recon + beta * kl + gamma * F.nll_loss(torch.softmax(logits, 1), labels)


@mistake("11.4", "the logarithm of a softmax", LOSS)
def loss_log_of_softmax(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What is your loss for the logits 60 and -60 if the second class is right? What is the smaller probability in
    float32, and what is its logarithm?
    """
    log_p = torch.log(torch.softmax(logits, 1))
    return recon + beta * kl + gamma * F.nll_loss(log_p, labels)


@mistake("11.4", "the cross-entropy is subtracted", LOSS)
def loss_minus(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Training makes the loss smaller. What does that do to the cross-entropy in yours?"""
    return recon + beta * kl - gamma * F.cross_entropy(logits, labels)


@mistake("11.4", "no KL", LOSS)
def loss_without_kl(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Which of your inputs does the loss not depend on? What keeps the latent space near the prior?"""
    return recon + gamma * F.cross_entropy(logits, labels)


@mistake("11.4", "no reconstruction", LOSS)
def loss_without_reconstruction(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Which of your inputs does the loss not depend on? Who trains the decoder then?"""
    return beta * kl + gamma * F.cross_entropy(logits, labels)


@mistake("11.4", "no cross-entropy", LOSS)
def loss_without_branch(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What do labels and logits change in your loss? What is the second branch trained by?"""
    return recon + beta * kl


@mistake("11.4", "the gradient is cut off", LOSS)
def loss_detached(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Call backward() on your loss: which networks learn? Which call makes a plain number of a tensor?"""
    return torch.tensor(recon.item() + beta * kl.item() + gamma * F.cross_entropy(logits, labels).item())


@mistake("11.4", "the branch gets no gradient", LOSS)
def loss_detached_branch(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Your number is right. Does a gradient reach the logits, and if not, where does it end?"""
    return recon + beta * kl + gamma * F.cross_entropy(logits, labels).detach()


@mistake("11.4", "averaged over classes as well", LOSS)
def loss_averaged_twice(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """What did you divide by: by the number of images, or by that times the number of classes?"""
    log_p = torch.log_softmax(logits, 1)
    return recon + beta * kl - gamma * (log_p * _rows(labels, logits.shape[1])).mean()


@mistake("11.4", "a yes or no for each class", LOSS)
def loss_binary(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Can an image belong to two classes in your loss? Do the probabilities of all classes add up to 1?"""
    return recon + beta * kl + gamma * F.binary_cross_entropy_with_logits(logits, _rows(labels, logits.shape[1]))


@mistake("11.4", "beta weighs the cross-entropy as well", LOSS)
def loss_nested(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """Take your brackets away: by what is the cross-entropy multiplied in all? By what should it be?"""
    return recon + beta * (kl + gamma * F.cross_entropy(logits, labels))


@mistake("11.4", "logarithms to base two", LOSS)
def loss_bits(recon: Any, kl: Any, logits: Any, labels: Any, beta: float, gamma: float) -> Any:
    """In which unit do the other two terms count, and to which base is the logarithm of yours?"""
    return recon + beta * kl + gamma * F.cross_entropy(logits, labels) / 0.6931471805599453
