import pkgutil
import re

import course

GROUP = re.compile(r"^(\w+)\n((?: {4}\w+ +\S.*\n)+)", re.MULTILINE)


def test_the_docstring_of_the_package_names_every_module_once() -> None:
    groups = dict(GROUP.findall(f"{course.__doc__}\n"))
    assert list(groups) == ["Images", "Models", "Training", "Measuring", "Showing"]
    named = [line.split()[0] for lines in groups.values() for line in lines.splitlines()]
    assert sorted(named) == sorted(module.name for module in pkgutil.iter_modules(course.__path__))
