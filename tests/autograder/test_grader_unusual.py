"""Right but unusual solutions are accepted, all of them."""

from __future__ import annotations

from tests.autograder.submissions import GradeAll, solution_with, states

WALK_START = """
    with torch.no_grad():
        codes = [vae.encode(p) for p in patterns]
        codes.append(codes[0])
"""

UNUSUAL = {
    "helper methods, float64 results, stacked numpy frames, RGB frames": (
        {
            "1.1": "return self._through(x, [self.encoder_fc1, self.encoder_fc2, self.fc_mu]).double()",
            "1.2": "return self._through(z, [self.decoder_fc1, self.decoder_fc2, self.decoder_out]).sigmoid().double()",
            "1.3": """
            z_a, z_b = vae.encode(pattern_a).detach(), vae.encode(pattern_b).detach()
            t = torch.arange(num_steps) / (num_steps - 1)
            return np.stack([vae.decode(z_a + s * (z_b - z_a)).detach().view(16, 16).numpy() for s in t])
            """,
            "1.4": WALK_START
            + """
        images = [vae.decode(torch.lerp(a, b, s)) for a, b in zip(codes, codes[1:]) for s in (0.0, 0.5, 1.0)]
    frames = [np.repeat((i.reshape(16, 16, 1).numpy() * 255).astype(np.uint8), 3, 2) for i in images]
    iio.imwrite(path, np.stack(frames), extension=".gif", duration=120)
    return frames
    """,
        },
        "SimpleVAE._through = lambda self, h, layers: layers[2](layers[1](layers[0](h).relu()).relu())",
    ),
    "helper module beside the file, prints, loops, tuple of frames, one stacked array": (
        {
            "1.1": "print('x' * 10_000, file=sys.stderr)\nfrom helper import twice\nreturn self.fc_mu(twice(self, x))",
            "1.2": """
            rows = []
            for row in z:
                h = torch.nn.functional.relu(self.decoder_fc1(row))
                rows.append(torch.sigmoid(self.decoder_out(torch.nn.functional.relu(self.decoder_fc2(h)))))
            return torch.stack(rows)
            """,
            "1.3": """
            print("walking", num_steps)
            with torch.inference_mode():
                both = vae.encode(torch.cat([pattern_a, pattern_b]))
                weights = torch.stack([torch.linspace(1, 0, num_steps), torch.linspace(0, 1, num_steps)], 1)
                return tuple(vae.decode(weights @ both).unflatten(1, (16, 16)))
            """,
            "1.4": WALK_START
            + """
        steps = [a + (1 - np.cos(np.pi * s)) / 2 * (b - a) for a, b in zip(codes, codes[1:]) for s in np.arange(9) / 8]
        frames = (vae.decode(torch.cat(steps)).reshape(-1, 16, 16) * 255).round().byte().numpy()
    frames = frames.repeat(5, axis=1).repeat(5, axis=2)
    from PIL import Image
    first, *rest = [Image.fromarray(f) for f in frames]
    first.save(path, save_all=True, append_images=rest, duration=50)
    return frames
    """,
        },
        "",
    ),
    "explicit weights, einsum, extra defaulted parameters, torch frames, a bent way": (
        {
            "1.1": """
            def layer(h, of):
                return torch.einsum("bi,oi->bo", h, of.weight) + of.bias
            h = layer(x, self.encoder_fc1)
            h = h * (h > 0)
            h = layer(h, self.encoder_fc2)
            return layer(torch.where(h > 0, h, torch.zeros_like(h)), self.fc_mu)
            """,
            "1.2": """
            h = nn.Sequential(self.decoder_fc1, nn.ReLU(), self.decoder_fc2, nn.ReLU(), self.decoder_out)(z)
            return 1 / (1 + torch.exp(-h))
            """,
            "1.3": """
            was = torch.is_grad_enabled()
            torch.set_grad_enabled(False)
            z_a, z_b = vae.encode(pattern_a).squeeze(), vae.encode(pattern_b).squeeze()
            frames = torch.stack([vae.decode(torch.lerp(z_a, z_b, k / (num_steps - 1))) for k in range(num_steps)])
            torch.set_grad_enabled(was)
            return frames.reshape(-1, 16, 16).double()
            """,
            "1.4": WALK_START
            + """
        bent = [torch.lerp(a, b, s) + s * (1 - s) * torch.ones_like(a) for a, b in zip(codes, codes[1:])
                for s in torch.linspace(0, 1, 7)[:-1]] + [codes[0]]
        frames = [torch.floor(255 * vae.decode(z).reshape(16, 16)).to(torch.uint8) for z in bent]
    iio.imwrite(path, [f.numpy() for f in frames], extension=".gif", duration=1000 / fps, loop=3)
    return tuple(frames)
    """,
        },
        "",
    ),
    "layers used through a Sequential of __init__, lambdas, Fortran order, interpolate for the walk": (
        {
            "1.1": "return self.way_in(x)",
            "1.2": "return (lambda h: self.way_out(h))(z)",
            "1.3": """
            vae_was = vae.training
            vae.eval()
            with torch.no_grad():
                ends = np.concatenate([vae.encode(p).numpy() for p in (pattern_a, pattern_b)])
                codes = np.linspace(ends[0], ends[1], num_steps)
                frames = [np.asfortranarray(vae.decode(torch.tensor(c)[None]).numpy().reshape(16, 16)) for c in codes]
            vae.train(vae_was)
            return frames
            """,
            "1.4": """
            order = list(patterns) + [patterns[0]]
            legs = [interpolate(vae, order[k], order[k + 1], 4)[:-1] for k in range(len(patterns))]
            frames = [np.asarray(f) for leg in legs for f in leg]
            frames.append(np.asarray(interpolate(vae, order[0], order[0], num_steps=2)[0]))
            frames = [(f * 255.999).astype("uint8") for f in frames]
            iio.imwrite(path, frames, extension=".gif", fps=fps)
            return frames
            """,
        },
        "",
    ),
}
INIT = """
        self.way_in = nn.Sequential(self.encoder_fc1, nn.ReLU(), self.encoder_fc2, nn.ReLU(), self.fc_mu)
        out = [self.decoder_out, nn.Sigmoid()]
        self.way_out = nn.Sequential(self.decoder_fc1, nn.ReLU(), self.decoder_fc2, nn.ReLU(), *out)
"""


def text_of(name: str) -> str:
    bodies, extra = UNUSUAL[name]
    text = solution_with(bodies, extra)
    last = "        self.decoder_out = nn.Linear(hidden_dim, input_dim)\n"
    text = text.replace(last, last + INIT) if "Sequential of" in name else text
    return text.replace("num_steps: int = 8\n", "num_steps: int = 8, smooth: bool = False, *, device: str = 'cpu'\n")


def test_right_but_unusual_is_accepted(graded_side_by_side: GradeAll) -> None:
    for name, outcomes in graded_side_by_side({name: text_of(name) for name in UNUSUAL}).items():
        assert states(outcomes) == ["done"] * 4, (name, [outcome.finding for outcome in outcomes.values()])
