"""Golden files of the attacks: the same network, weights and pictures, attacked by two independent libraries.

    npx tsx test/reference/attacks/inputs.ts DIR      writes network.json and the arrays that it names
    python3 test/reference/attacks/golden.py DIR OUT  attacks them, writes OUT (committed as golden.json)

Needs numpy, jax (CPU), foolbox 3.3.4 and adversarial-robustness-toolbox 1.20.1 (without its dependencies, but six, tqdm,
scipy, scikit-learn, packaging, setuptools). JAX differentiates; it shares no line with TensorFlow.js.
"""

import json
import pathlib
import sys
import warnings

import jax
import jax.numpy as jnp
import numpy as np

warnings.filterwarnings("ignore")
import art  # noqa: E402
import foolbox  # noqa: E402
from art.attacks.evasion import (  # noqa: E402
    BasicIterativeMethod,
    DeepFool,
    FastGradientMethod,
    ProjectedGradientDescentNumpy,
)
from art.estimators.classification import ClassGradientsMixin, ClassifierMixin  # noqa: E402
from art.estimators.estimator import BaseEstimator, LossGradientsMixin  # noqa: E402


def network(folder):
    """The folded network as a function of a batch: convolutions of stride 1 ("same"), 2x2 max-pooling, dense layers."""
    described = json.loads((folder / "network.json").read_text())
    values = {
        name: jnp.asarray(np.fromfile(folder / file, "<f4").reshape(shape))
        for name, (file, shape) in described["weights"].items()
    }

    def logits(x):
        for layer in described["layers"]:
            kind = layer["kind"]
            if kind == "conv":
                x = jax.lax.conv_general_dilated(
                    x, values[layer["name"] + "/kernel"], (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC")
                )
                x = x + values[layer["name"] + "/bias"]
            elif kind == "relu":
                x = jnp.maximum(x, 0)
            elif kind == "max-pool":
                x = jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")
            elif kind == "flatten":
                x = x.reshape(x.shape[0], -1)
            elif kind == "dense":
                x = x @ values[layer["name"] + "/kernel"] + values[layer["name"] + "/bias"]
            else:
                raise ValueError(kind)
        return x

    shape = described["inputs"]["shape"]
    inputs = np.fromfile(folder / described["inputs"]["file"], "<f4").reshape(shape)
    return jax.jit(logits), inputs, described["epsilons"]


class Classifier(ClassGradientsMixin, ClassifierMixin, LossGradientsMixin, BaseEstimator):
    """The network as ART wants one."""

    estimator_params = BaseEstimator.estimator_params

    def __init__(self, logits, inputs, classes):
        super().__init__(model=None, clip_values=(0.0, 1.0))
        self.nb_classes = classes
        self._shape = inputs.shape[1:]
        self._logits = logits
        self._by_class = jax.jit(jax.jacrev(lambda x: logits(x[None])[0]))

        def loss(x, y):
            return -jnp.sum(y * jax.nn.log_softmax(logits(x)))

        self._loss = jax.jit(jax.grad(loss))

    @property
    def input_shape(self):
        return self._shape

    def predict(self, x, batch_size=128, **kwargs):
        return np.asarray(self._logits(jnp.asarray(x)))

    def fit(self, x, y, batch_size=128, nb_epochs=20, **kwargs):
        raise NotImplementedError

    def loss_gradient(self, x, y, **kwargs):
        return np.asarray(self._loss(jnp.asarray(x), jnp.asarray(y)))

    def class_gradient(self, x, label=None, **kwargs):
        every = np.stack([np.asarray(self._by_class(jnp.asarray(one))) for one in x])
        if label is None:
            return every
        chosen = np.full(len(x), label) if np.isscalar(label) else np.asarray(label)
        return every[np.arange(len(x)), chosen][:, None]


def result(logits, inputs, labels, attacked):
    flat = (np.asarray(attacked) - inputs).reshape(len(inputs), -1)
    fooled = np.argmax(np.asarray(logits(jnp.asarray(attacked))), 1) != labels
    return {
        "fooled": [bool(one) for one in fooled],
        "l2": [round(float(value), 6) for value in np.linalg.norm(flat, axis=1)],
        "linf": [round(float(value), 6) for value in np.abs(flat).max(1)],
    }


def art_attacks(logits, inputs, labels, epsilon, radius):
    classifier = Classifier(logits, inputs, int(logits(jnp.asarray(inputs[:1])).shape[1]))
    targets = np.eye(classifier.nb_classes)[labels]
    attacks = {
        "fgsm": FastGradientMethod(classifier, eps=epsilon),
        "bim": BasicIterativeMethod(classifier, eps=epsilon, eps_step=epsilon / 10, max_iter=10, verbose=False),
        "pgd-linf": ProjectedGradientDescentNumpy(
            classifier, eps=epsilon, eps_step=epsilon / 10, max_iter=40, num_random_init=0, verbose=False
        ),
        "pgd-l2": ProjectedGradientDescentNumpy(
            classifier, norm=2, eps=radius, eps_step=radius / 10, max_iter=40, num_random_init=0, verbose=False
        ),
        "deep-fool": DeepFool(classifier, max_iter=50, epsilon=0.02, nb_grads=10, verbose=False),
    }
    return {
        name: result(logits, inputs, labels, attack.generate(inputs, targets if name != "deep-fool" else None))
        for name, attack in attacks.items()
    }


def foolbox_attacks(logits, inputs, labels, epsilon, radius):
    model = foolbox.JAXModel(logits, bounds=(0, 1))
    attacks = {
        "fgsm": (foolbox.attacks.FGSM(random_start=False), epsilon),
        "bim": (foolbox.attacks.LinfBasicIterativeAttack(abs_stepsize=epsilon / 10, steps=10), epsilon),
        "pgd-linf": (foolbox.attacks.LinfPGD(abs_stepsize=epsilon / 10, steps=40, random_start=False), epsilon),
        "pgd-l2": (foolbox.attacks.L2PGD(abs_stepsize=radius / 10, steps=40, random_start=False), radius),
        "deep-fool": (foolbox.attacks.L2DeepFoolAttack(steps=50, overshoot=0.02, candidates=10), None),
    }
    found = {}
    for name, (attack, size) in attacks.items():
        _, clipped, _ = attack(model, jnp.asarray(inputs), jnp.asarray(labels), epsilons=size)
        found[name] = result(logits, inputs, labels, clipped)
    return found


def main():
    folder, out = map(pathlib.Path, sys.argv[1:3])
    logits, inputs, epsilons = network(folder)
    plain = np.asarray(logits(jnp.asarray(inputs)))
    labels = plain.argmax(1)
    size = epsilons["linf"], epsilons["l2"]
    golden = {
        "made": f"golden.py with ART {art.__version__}, Foolbox {foolbox.__version__}, JAX {jax.__version__}",
        "epsilons": epsilons,
        "labels": labels.tolist(),
        "logits": [[round(float(value), 5) for value in row] for row in plain],
        "art": art_attacks(logits, inputs, labels, *size),
        "foolbox": foolbox_attacks(logits, inputs, labels, *size),
    }
    out.write_text(json.dumps(golden) + "\n")
    for library in ("art", "foolbox"):
        for name, attack in golden[library].items():
            norms = [norm for norm, ok in zip(attack["l2"], attack["fooled"]) if ok]
            print(library, name, sum(attack["fooled"]), "of", len(labels), "median L2", np.median(norms or [0]))


main()
