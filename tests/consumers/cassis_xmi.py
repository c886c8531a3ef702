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


def cases(folder):
    with open(folder / "TypeSystem.xml", "rb") as file:
        types = cassis.load_typesystem(file)
    for path in sorted(folder.rglob("*.xmi")):
        with open(path, "rb") as file:
            yield cassis.load_cas_from_xmi(file, typesystem=types)


def read(folder):
    return {about(cas): layer(cas) for cas in cases(folder)}


def again(folder, place):
    for cas in list(cases(folder)):
        path = place(*about(cas))
        cas.to_xmi(path / "again.xmi")
        cas.typesystem.to_xml(path / "TypeSystem.xml")
