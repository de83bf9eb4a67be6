#!/usr/bin/python3
"""Compares the vectors of our word2vec with gensim's on the same text, with the same settings. Needs python3-gensim.

    ./byhand run word2vec --data TEXT --save ours.bin          (or --model cbow)
    tests/tools/compare_word2vec.py TEXT ours.bin [more of ours …] [--cbow]

For 30 probe words it prints how many of the ten nearest words two runs share, on average: gensim with gensim from another seed, ours with
gensim, ours with ours. gensim reads our files for that, so it also shows that it can."""
import argparse
import itertools
import re

import gensim
import numpy as np
from gensim.models import KeyedVectors, Word2Vec

PROBES = ("king queen man woman god lord heaven earth father mother son daughter bread wine water fire sword war peace gold silver sheep ox "
          "priest temple prophet sin righteousness jerusalem egypt").split()
LETTER = "[a-z0-9\x80-\U0010ffff]"


def words(line):
    """As byhand::text::words: ASCII letters in lower case, apostrophes only between letters."""
    line = "".join(c.lower() if c.isascii() else c for c in line)
    return re.findall(f"{LETTER}+(?:'{LETTER}+)*", line)


def gensim_vectors(sentences, seed, cbow):
    model = Word2Vec(sentences, vector_size=100, window=5, min_count=5, negative=5, sample=1e-3, epochs=5, workers=1,
                     sg=0 if cbow else 1, alpha=0.05 if cbow else 0.025, seed=seed)
    return model.wv


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("ours", nargs="+")
    parser.add_argument("--cbow", action="store_true")
    options = parser.parse_args()
    with open(options.text, encoding="utf-8", errors="surrogateescape") as file:
        sentences = [words(line) for line in file]
    runs = [("gensim seed %d" % seed, gensim_vectors(sentences, seed, options.cbow)) for seed in (1, 2, 3)]
    for name in options.ours:
        runs.append((name, KeyedVectors.load_word2vec_format(name, binary=name.endswith(".bin"))))
        if set(runs[-1][1].index_to_key) != set(runs[0][1].index_to_key):
            raise SystemExit("%s: its %d words are not gensim's %d" % (name, len(runs[-1][1]), len(runs[0][1])))
    probes = [word for word in PROBES if word in runs[0][1]]
    near = [{word: {w for w, _ in vectors.most_similar(word, topn=10)} for word in probes} for _, vectors in runs]
    print("gensim %s, %d words, %d probe words; shared by the ten nearest, mean:" % (gensim.__version__, sum(map(len, sentences)), len(probes)))
    pairs = {"gensim - gensim": [], "ours - gensim": [], "ours - ours": []}
    for i, j in itertools.combinations(range(len(runs)), 2):
        kind = ("gensim - gensim", "ours - gensim", "ours - ours")[(i >= 3) + (j >= 3)]
        overlap = float(np.mean([len(near[i][word] & near[j][word]) / 10 for word in probes]))
        pairs[kind].append(overlap)
        print("  %-20s %-20s %.3f" % (runs[i][0], runs[j][0], overlap))
    for kind, values in pairs.items():
        if values:
            print("%-16s mean overlap@10 %.3f over %d pairs of runs" % (kind, np.mean(values), len(values)))


if __name__ == "__main__":
    main()
