"""TEI by lxml: valid by the schema of TEI, every name once, every pointer to something, every range on its words."""

import pathlib
import re

import schemas
from lxml import etree

import meant

FORMAT = "tei"
TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
SCHEMA = pathlib.Path(schemas.__file__).parent / "tei_all.rng"
RANGE = re.compile(r"#string-range\(text,(\d+),(\d+)\)")


def read(folder):
    layers = {}
    schema = etree.RelaxNG(etree.parse(str(SCHEMA)))
    for path in sorted(folder.rglob("*.tei.xml")):
        root = etree.parse(str(path), etree.XMLParser(resolve_entities=False)).getroot()
        schema.assertValid(root)
        names = [one.get(ID) for one in root.iter() if one.get(ID)]
        assert len(names) == len(set(names))
        (text,) = [one.text or "" for one in root.iter(f"{TEI}ab")]
        kinds = {f"#{one.get(ID)}": one.get("n") for one in root.iter(f"{TEI}category")}
        people = {f"#{one.get(ID)}": one.findtext(f"{TEI}name") for one in root.iter(f"{TEI}respStmt")}
        (document,) = [one.text for one in root.iter(f"{TEI}idno") if one.get("type") == "document"]
        places = {}
        for group in root.iter(f"{TEI}spanGrp"):
            layer = layers[document, people[group.get("resp")]] = meant.Layer(text)
            for span in group:
                ranges = [(int(start), int(start) + int(length)) for start, length in RANGE.findall(span.get("target"))]
                assert " … ".join(text[start:end] for start, end in ranges) == (span.text or "")
                places[f"#{span.get(ID)}"] = place = (ranges[0][0], ranges[-1][1])
                layer.labels.append((*place, kinds[span.get("ana").split()[0]]))
        for group in root.iter(f"{TEI}linkGrp"):
            for link in group:
                one, other = link.get("target").split()
                layers[document, people[group.get("resp")]].relations.append(
                    (kinds[link.get("ana").split()[0]], places[one], places[other])
                )
        for pointer in (word for one in root.iter() for word in (one.get("ana") or "").split()):
            assert pointer[1:] in names
    return layers
