"""UIMA CAS JSON by dkpro-cassis, with the types that the files bring along."""

import cassis

from cassis_xmi import about, layer

FORMAT = "cas-json"


def read(folder):
    layers = {}
    for path in sorted(folder.rglob("*.json")):
        if path.name == "EXPORT.json":
            continue
        with open(path, "rb") as file:
            cas = cassis.load_cas_from_json(file)
        assert layer(cassis.load_cas_from_json(cas.to_json())).sort() == layer(cas).sort()
        layers[about(cas)] = layer(cas)
    return layers
