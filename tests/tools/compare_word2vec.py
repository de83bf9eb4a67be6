#!/usr/bin/python3
"""Compares the vectors of our word2vec with gensim's on the same text, with the same settings. Needs python3-gensim.

    ./byhand run word2vec --data TEXT --save ours.bin          (or --model cbow)
    tests/tools/compare_word2vec.py TEXT ours.bin [more of ours …] [--cbow] [--other NAME=FILE …]

For 30 probe words it prints how many of the ten nearest words two runs share, on average: gensim with gensim from another seed, ours with
gensim, ours with ours, and each with the vectors of any other program that are given. gensim reads our files for that, so it also shows
that it can. For word2vec.c, which knows no punctuation, --tokens FILE writes the text as words between blanks, a sentence a line:

    tests/tools/compare_word2vec.py TEXT --tokens words.txt
    word2vec -train words.txt -output theirs.bin -binary 1 -size 100 -window 5 -negative 5 -sample 1e-3 -iter 5 -min-count 5 \\
        -threads 1 -cbow 0 -alpha 0.025                        (or -cbow 1 -alpha 0.05)

    tests/tools/compare_word2vec.py TEXT --speed build/bin/byhand_bench

times one pass of skip-gram instead, gensim and ours in turn, three times with 1 and with 2 threads. Both get what stands between white
space as words, and only the training is timed."""
import argparse
import itertools
import json
import re
import statistics
import subprocess
import time

import gensim
import numpy as np
from gensim.models import KeyedVectors, Word2Vec

PROBES = ("king queen man woman god lord heaven earth father mother son daughter bread wine water fire sword war peace gold silver sheep ox "
          "priest temple prophet sin righteousness jerusalem egypt").split()
# All beyond ASCII but the no-break space, the quotes « », dashes, quotes and dots, Chinese, Japanese and Korean punctuation, the BOM.
LETTER = "[a-z0-9\x80-\x9f\xa1-\xaa\xac-\xba\xbc-\u200f\u2028-\u2fff\u3004-\u3007\u3012-\ufefe\uff00-\U0010ffff]"


def words(line):
    """As byhand::text::words: ASCII letters in lower case, apostrophes only between letters, also curly ones."""
    line = "".join(c.lower() if c.isascii() else c for c in line.replace("\u2019", "'"))
    return re.findall(f"{LETTER}+(?:'{LETTER}+)*", line)


def gensim_model(cbow, seed, **more):
    return Word2Vec(vector_size=100, window=5, min_count=5, negative=5, sample=1e-3, sg=0 if cbow else 1, alpha=0.05 if cbow else 0.025,
                    seed=seed, **more)


def gensim_vectors(sentences, seed, cbow):
    model = gensim_model(cbow, seed, workers=1)
    model.build_vocab(sentences)
    model.train(sentences, total_examples=model.corpus_count, epochs=5)
    return model.wv


def gensim_speed(sentences, threads):
    """Words a second of one pass, rare and skipped words counted."""
    model = gensim_model(False, 1, workers=threads)
    model.build_vocab(sentences)
    start = time.perf_counter()
    model.train(sentences, total_examples=model.corpus_count, epochs=1)
    return sum(map(len, sentences)) / (time.perf_counter() - start)


def our_speed(program, text, threads):
    command = [program, "word2vec", "--threads", str(threads), "--seconds", "3", "--text", text, "--json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)["value"]


def compare_speed(text, program):
    with open(text, encoding="utf-8", errors="surrogateescape") as file:
        sentences = [line.split() for line in file]
    print("gensim %s, %d words between white space; millions of words a second, in turn:" % (gensim.__version__, sum(map(len, sentences))))
    best = {"ours": 0, "gensim": 0}
    for threads in (1, 2):
        ours, theirs = [], []
        for _ in range(3):
            ours.append(our_speed(program, text, threads) / 1e6)
            theirs.append(gensim_speed(sentences, threads) / 1e6)
        print("  %d thread(s): ours %s, gensim %s" % (threads, *(" ".join("%.2f" % v for v in values) for values in (ours, theirs))))
        best["ours"] = max(best["ours"], statistics.median(ours))
        best["gensim"] = max(best["gensim"], statistics.median(theirs))
    print("better median: ours %.2f, gensim %.2f, %.1f times as many" % (best["ours"], best["gensim"], best["ours"] / best["gensim"]))


def load(name, known):
    """The words of a file that gensim's run has too. word2vec.c counts the end of a sentence, </s>, as a word."""
    vectors = KeyedVectors.load_word2vec_format(name, binary=name.endswith(".bin"))
    if set(vectors.index_to_key) - {"</s>"} != set(known):
        raise SystemExit("%s: its %d words are not gensim's %d" % (name, len(vectors), len(known)))
    return vectors


def ten_nearest(vectors, word):
    found = [w for w, _ in vectors.most_similar(word, topn=11) if w != "</s>"]
    return set(found[:10])


def compare(options, sentences):
    runs = [("gensim", "seed %d" % seed, gensim_vectors(sentences, seed, options.cbow)) for seed in (1, 2, 3)]
    known = runs[0][2].index_to_key
    runs += [("ours", name, load(name, known)) for name in options.ours]
    for other in options.other:
        name, _, file = other.partition("=")
        runs.append((name, file, load(file, known)))
    probes = [word for word in PROBES if word in runs[0][2]]
    near = [{word: ten_nearest(vectors, word) for word in probes} for _, _, vectors in runs]
    print("gensim %s, %d words, %d probe words; shared by the ten nearest, mean:" % (gensim.__version__, sum(map(len, sentences)), len(probes)))
    pairs = {}
    for i, j in itertools.combinations(range(len(runs)), 2):
        overlap = float(np.mean([len(near[i][word] & near[j][word]) / 10 for word in probes]))
        pairs.setdefault(runs[i][0] + " - " + runs[j][0], []).append(overlap)
        print("  %-40s %-40s %.3f" % (" ".join(runs[i][:2]), " ".join(runs[j][:2]), overlap))
    for kind, values in pairs.items():
        print("%-24s mean overlap@10 %.3f over %d pairs of runs" % (kind, np.mean(values), len(values)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("ours", nargs="*", help="files that our program saved")
    parser.add_argument("--cbow", action="store_true")
    parser.add_argument("--other", action="append", default=[], metavar="NAME=FILE", help="vectors of another program; several times if need be")
    parser.add_argument("--tokens", metavar="FILE", help="only write the words of the text there")
    parser.add_argument("--speed", metavar="PROGRAM", help="only time gensim and this program, byhand_bench")
    options = parser.parse_args()
    if options.speed:
        return compare_speed(options.text, options.speed)
    with open(options.text, encoding="utf-8", errors="surrogateescape") as file:
        sentences = [words(line) for line in file]
    if options.tokens:
        with open(options.tokens, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.writelines(" ".join(sentence) + "\n" for sentence in sentences)
    else:
        compare(options, sentences)


if __name__ == "__main__":
    main()
