"""UIMA XMI by dkpro-cassis, which counts code points once it has read."""

import cassis

import meant

FORMAT = "cas-xmi"


def layer(cas):
    spans = cas.select("webanno.custom.Span")
    for span in spans:
        assert span.get_covered_text() == cas.sofa_string[span.begin : span.end]
    place = lambda span: (span.begin, span.end)
    labels = [(*place(span), span.label) for span in spans]
    relations = [(one.label, place(one.Governor), place(one.Dependent)) for one in cas.select("webanno.custom.Relation")]
    return meant.Layer(cas.sofa_string, labels, relations)


def about(cas):
    (said,) = cas.select("wusum.Document")
    return said.documentId, said.annotator


def read(folder):
    with open(folder / "TypeSystem.xml", "rb") as file:
        types = cassis.load_typesystem(file)
    layers = {}
    for path in sorted(folder.rglob("*.xmi")):
        with open(path, "rb") as file:
            cas = cassis.load_cas_from_xmi(file, typesystem=types)
        # What it writes again must be readable to itself, and the same.
        again = cassis.load_cas_from_xmi(cas.to_xmi(), typesystem=types)
        assert layer(again).sort() == layer(cas).sort()
        layers[about(cas)] = layer(cas)
    return layers
