"""UIMA CAS JSON by dkpro-cassis, with the types that the files bring along."""

import cassis

from cassis_xmi import about, layer

FORMAT = "cas-json"


def cases(folder):
    for path in sorted(folder.rglob("*.json")):
        if path.name != "EXPORT.json":
            with open(path, "rb") as file:
                yield cassis.load_cas_from_json(file)


def read(folder):
    layers = {}
    for cas in cases(folder):
        assert layer(cassis.load_cas_from_json(cas.to_json())).sort() == layer(cas).sort()
        layers[about(cas)] = layer(cas)
    return layers


def again(folder, place):
    for cas in list(cases(folder)):
        cas.to_json(place(*about(cas)) / "again.json")
