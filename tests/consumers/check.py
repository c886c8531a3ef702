"""Exports of the program are read by the programs they are for; what those understood must be what was meant, span for span.

A module of this folder that names a FORMAT is a consumer: it has `read(folder)`, which gives layers by (document, annotator), and
may have `means(layer)`, what of a layer the format is to hold, `compare(understood, layers, folder)`, which gives a line for each
thing that is otherwise than it should be, and `OPTIONS` of `wusum convert`. One that writes the format too may have
`again(folder, place)`: it writes what it read, each layer into the folder `place(document, annotator)`, and what our program reads
there must be what the consumer understood.

A module that has `check(wusum, out)` instead works out figures of the program anew; it gives a line for each that is otherwise, and
how many there are.
"""

import argparse
import importlib
import pathlib
import shutil
import subprocess
import sys
import traceback

import meant
import samples

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent / "data"

# What is exported: the article with both people's labels, and all that breaks readers.
PROJECTS = {
    "article": [DATA / "article.a.jsonl", DATA / "article.b.jsonl"],
    "nasty": [HERE / "nasty.jsonl"],
}


def consumers(chosen, has):
    for path in sorted(HERE.glob("*.py")):
        if path.stem in ("check", "meant", "sample_readers", "samples") or (chosen and path.stem not in chosen):
            continue
        module = importlib.import_module(path.stem)
        if hasattr(module, has):
            yield path.stem, module


def differences(understood, layers):
    """What is otherwise, a line for each."""
    for key in sorted(layers.keys() | understood.keys()):
        if key not in understood:
            yield f"{key}: not there"
        elif key not in layers:
            yield f"{key}: nobody meant it"
        else:
            was, now = layers[key], understood[key]
            if now.text != was.text:
                yield f"{key}: another text"
            for what in ("labels", "relations"):
                one, other = getattr(was, what), getattr(now, what)
                if one != other:
                    missing = [item for item in one if item not in other][:5]
                    extra = [item for item in other if item not in one][:5]
                    yield f"{key}: {len(one)} {what} meant, {len(other)} understood; not understood {missing}, not meant {extra}"


def reread(wusum, module, folder, understood, means):
    """What our program makes of what a consumer wrote: a line for each thing that is otherwise than the consumer understood it."""
    places = {}

    def place(document, annotator):
        path = places[document, annotator] = folder / "again" / str(len(places))
        path.mkdir(parents=True)
        return path

    module.again(folder, place)
    if places.keys() != understood.keys():
        yield f"written again: {sorted(places)}"
    for key, path in places.items():
        back = path.with_suffix(".jsonl")
        command = [wusum, "convert", f"{path}/", "--from", module.FORMAT, "--annotator", key[1], "--to", "wusum", "--out", back]
        done = subprocess.run(command, capture_output=True, text=True)
        # Labels that no schema names are no problem here.
        wrong = [line for line in done.stderr.splitlines() if "which the schema does not have" not in line]
        layers = [means(layer).sort() for layer in meant.load([back]).values()]
        if wrong or len(layers) != 1:
            yield f"{key}: {len(layers)} layers of what was written again, {wrong}"
        else:
            yield from differences({key: layers[0]}, {key: understood[key]})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wusum", type=pathlib.Path, help="the program")
    parser.add_argument("out", type=pathlib.Path, help="a folder for the exports, which is emptied")
    parser.add_argument("consumer", nargs="*", help="only these")
    arguments = parser.parse_args()
    formats = subprocess.run([arguments.wusum, "formats"], check=True, capture_output=True, text=True).stdout.splitlines()
    written = {line.split("\t")[0] for line in formats if "out" in line.split("\t")[1]}
    failed = 0
    for name, module in consumers(arguments.consumer, "FORMAT"):
        if module.FORMAT not in written:
            print(f"{name}: FAILED, the program does not write {module.FORMAT}")
            failed += 1
            continue
        for project, paths in PROJECTS.items():
            folder = arguments.out / name / project
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            command = [arguments.wusum, "convert", *paths, "--to", module.FORMAT, "--out", f"{folder}/", *getattr(module, "OPTIONS", [])]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                print(f"{name}: {project}: FAILED\n{done.stderr}")
                failed += 1
                continue
            means = getattr(module, "means", lambda layer: layer)
            layers = {key: means(layer) for key, layer in meant.load(paths).items()}
            compare = getattr(module, "compare", lambda understood, layers, _: differences(understood, layers))
            understood = {}
            try:
                understood = {key: layer.sort() for key, layer in module.read(folder).items()}
                wrong = list(compare(understood, layers, folder))
                if hasattr(module, "again"):
                    wrong += reread(arguments.wusum, module, folder, understood, means)
            except Exception:
                wrong = [traceback.format_exc()]
            count = lambda layers, what: sum(len(getattr(layer, what)) for layer in layers.values())
            counts = [f"{count(understood, what)} of {count(layers, what)} {what}" for what in ("labels", "relations")]
            if hasattr(module, "again"):
                counts.append("and as it writes them")
            print(f"{name}: {project}: {'FAILED' if wrong else 'as meant'}, {', '.join(counts)}", *wrong, sep="\n  ")
            failed += bool(wrong)
    if not arguments.consumer:
        for is_good, line in samples.check(arguments.wusum, arguments.out.parent / "samples", arguments.out / "samples"):
            print(line)
            failed += not is_good
    for name, module in consumers(arguments.consumer, "check"):
        folder = arguments.out / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        wrong, count = module.check(arguments.wusum, folder)
        print(f"{name}: {'FAILED' if wrong else 'as worked out'}, {count - len(wrong)} of {count} figures", *wrong, sep="\n  ")
        failed += bool(wrong)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
