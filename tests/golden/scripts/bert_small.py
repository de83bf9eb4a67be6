# A BERT of some 3,000 numbers, written from the paper with plain matrices (queries, keys and values apart, no nn.Transformer), its weights
# under Hugging Face's names in bert_small.safetensors; and the data of the two pre-training tasks drawn as the text of the header says.
from common import *
import struct
import torch.nn.functional as F

V, D, LAYERS, HEADS, FF, POSITIONS, EPS = 23, 12, 2, 3, 20, 9, 1e-12
torch.manual_seed(7)
W = {}

def matrix(name, *shape):
    W[name] = leaf(0.4 * torch.randn(*shape))

def dense(name, out, inn):
    matrix(name + ".weight", out, inn)
    W[name + ".bias"] = leaf(0.2 * torch.randn(out))

def norm(name):
    W[name + ".weight"] = leaf(1 + 0.2 * torch.randn(D))
    W[name + ".bias"] = leaf(0.2 * torch.randn(D))

E = "bert.embeddings."
matrix(E + "word_embeddings.weight", V, D)
matrix(E + "position_embeddings.weight", POSITIONS, D)
matrix(E + "token_type_embeddings.weight", 2, D)
norm(E + "LayerNorm")
for i in range(LAYERS):
    l = f"bert.encoder.layer.{i}."
    for n in ("query", "key", "value"): dense(l + "attention.self." + n, D, D)
    dense(l + "attention.output.dense", D, D)
    norm(l + "attention.output.LayerNorm")
    dense(l + "intermediate.dense", FF, D)
    dense(l + "output.dense", D, FF)
    norm(l + "output.LayerNorm")
dense("bert.pooler.dense", D, D)
W["cls.predictions.bias"] = leaf(0.2 * torch.randn(V))
dense("cls.predictions.transform.dense", D, D)
norm("cls.predictions.transform.LayerNorm")
dense("cls.seq_relationship", 2, D)

def save_safetensors(path, tensors):
    header, data = {}, b""
    for name, t in tensors.items():
        flat = t.detach().reshape(-1).tolist()
        header[name] = {"dtype": "F64", "shape": list(t.shape), "data_offsets": [len(data), len(data) + 8 * len(flat)]}
        data += struct.pack(f"<{len(flat)}d", *flat)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f: f.write(struct.pack("<Q", len(text)) + text + data)
    print(os.path.basename(path), os.path.getsize(path), "bytes")

save_safetensors(os.path.join(OUT, "bert_small.safetensors"), W)

def lin(x, name): return x @ W[name + ".weight"].T + W[name + ".bias"]
def ln(x, name): return F.layer_norm(x, (D,), W[name + ".weight"], W[name + ".bias"], EPS)
def gelu(x): return x * 0.5 * (1 + torch.erf(x / math.sqrt(2)))

def encoder(ids, segments, attention_mask, weights=None):
    B, L = ids.shape
    x = W[E + "word_embeddings.weight"][ids] + W[E + "token_type_embeddings.weight"][segments] + W[E + "position_embeddings.weight"][:L]
    x = ln(x, E + "LayerNorm")
    for i in range(LAYERS):
        l = f"bert.encoder.layer.{i}."
        q, k, v = [lin(x, l + "attention.self." + n).view(B, L, HEADS, D // HEADS).transpose(1, 2) for n in ("query", "key", "value")]
        s = q @ k.transpose(-1, -2) / math.sqrt(D // HEADS)
        w = torch.softmax(s.masked_fill(attention_mask[:, None, None, :] == 0, float("-inf")), -1)
        if weights is not None: weights.append(w)
        c = (w @ v).transpose(1, 2).reshape(B, L, D)
        x = ln(x + lin(c, l + "attention.output.dense"), l + "attention.output.LayerNorm")
        x = ln(x + lin(gelu(lin(x, l + "intermediate.dense")), l + "output.dense"), l + "output.LayerNorm")
    return x

def heads(x):
    pooled = torch.tanh(lin(x[:, 0], "bert.pooler.dense"))
    h = ln(gelu(lin(x, "cls.predictions.transform.dense")), "cls.predictions.transform.LayerNorm")
    return pooled, h @ W[E + "word_embeddings.weight"].T + W["cls.predictions.bias"], lin(pooled, "cls.seq_relationship")

ids = torch.tensor([[2, 7, 4, 9, 3, 12, 22, 4, 3], [2, 15, 3, 4, 8, 3, 0, 0, 0], [2, 5, 6, 21, 4, 3, 10, 3, 0]])
segments = torch.tensor([[0, 0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 0, 1, 1, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 1, 1, 0]])
mask = (ids != 0).long()
labels = torch.full_like(ids, -100)
labels[0, 2], labels[0, 7], labels[1, 3], labels[2, 4], labels[2, 1] = 11, 5, 17, 20, 5
follows = torch.tensor([0, 1, 0])

def losses():
    x = encoder(ids, segments, mask)
    _, mlm, nsp = heads(x)
    return F.cross_entropy(mlm.reshape(-1, V), labels.reshape(-1), ignore_index=-100), F.cross_entropy(nsp, follows)

grads = fdcheck(lambda: sum(losses()), W, what="bert")
weights = []
x = encoder(ids, segments, mask, weights)
pooled, mlm, nsp = heads(x)
a, b = losses()
assert torch.allclose(encoder(ids[1:2, :6], segments[1:2, :6], mask[1:2, :6]), x[1:2, :6], atol=1e-14)  # padding changes nothing
x0 = encoder(ids[1:2], torch.zeros_like(ids[1:2]), torch.ones_like(ids[1:2]))
keep = mask[..., None].double()
kept = ["bert.embeddings.word_embeddings.weight", "bert.embeddings.position_embeddings.weight", "bert.embeddings.token_type_embeddings.weight",
        "bert.embeddings.LayerNorm.weight", "bert.encoder.layer.0.attention.self.query.weight", "bert.encoder.layer.0.attention.self.value.bias",
        "bert.encoder.layer.1.attention.self.key.weight", "bert.encoder.layer.1.output.LayerNorm.bias",
        "bert.pooler.dense.bias", "cls.predictions.bias", "cls.predictions.transform.dense.bias", "cls.seq_relationship.weight"]
save("bert_small", __file__, source="computed; Devlin et al. 2019, post-norm layers, GELU by erf, tied decoder; names as in Hugging Face's transformers",
     inputs={"ids": ids, "segments": segments, "padding_1_hidden": 1 - mask, "labels": labels, "next_sentence": follows, "heads": HEADS},
     expected={"n_params": sum(v.numel() for v in W.values()), "sequence": x, "weights_of_layer_1_in_text_1": weights[1][1],
               "pooled": pooled, "mlm_logits": mlm, "nsp_logits": nsp, "mlm_loss": a, "nsp_loss": b, "loss": a + b,
               "mean_pooled": (x * keep).sum(1) / keep.sum(1), "sequence_of_text_1_without_segments_and_padding": x0, "grads": {k: grads[k] for k in kept}},
     notes="weights: bert_small.safetensors (F64), 0.4 randn, biases 0.2 randn, gains 1 + 0.2 randn. key biases are not among the gradients: theirs are 0 but for rounding.")

# The data of pre-training. One draw at a time, as common/bert/masked_lm.hpp says: torch.rand(1) in float32, torch.randint(n, (1,)).
def u(): return torch.rand(1, dtype=torch.float32).item()
def below(n): return int(torch.randint(n, (1,)))
PAD, CLS, SEP, MASK = 0, 2, 3, 4
special, vocabulary = [PAD, CLS, SEP, MASK, 9], 30

def mask_tokens(text, share, to_mask, to_random):
    ordinary = [i for i in range(vocabulary) if i not in special]
    out, labels = list(text), [-100] * len(text)
    for i, t in enumerate(text):
        if t in special or not u() < share: continue
        labels[i], fate = t, u()
        if fate < to_mask: out[i] = MASK
        elif fate < to_mask + to_random: out[i] = ordinary[below(len(ordinary))]
    return out, labels

def next_sentence_pairs(documents):
    pairs = []
    for d, document in enumerate(documents):
        for s in range(len(document) - 1):
            if u() < 0.5: pairs.append((document[s], document[s + 1], 0)); continue
            others = documents[:d] + documents[d + 1:]
            other = others[below(len(others))]
            pairs.append((document[s], other[below(len(other))], 1))
    return pairs

def pack(a, b, most, length):
    a, b = list(a), list(b)
    while len(a) + len(b) > most - 3: (a if len(a) > len(b) else b).pop()
    first, second = [CLS] + a + [SEP], b + [SEP]
    pad = length - len(first) - len(second)
    return first + second + [PAD] * pad, [0] * len(first) + [1] * len(second) + [0] * pad, [0] * (length - pad) + [1] * pad

text = [[CLS] + [5 + (7 * i + 3 * r) % 25 for i in range(18)] + [SEP] + [PAD] * r for r in range(4)]
text = torch.tensor([t + [PAD] * (23 - len(t)) for t in text])
torch.manual_seed(42)
standard = [torch.tensor(t).view(text.shape) for t in mask_tokens(text.flatten().tolist(), 0.15, 0.8, 0.1)]
after = u()
torch.manual_seed(42)
often = [torch.tensor(t).view(text.shape) for t in mask_tokens(text.flatten().tolist(), 0.7, 0.2, 0.5)]
documents, n = [], 10
for lengths in ((3, 5, 2, 9, 1), (4,), (2, 12, 6, 7), (1, 1, 3)):
    documents.append([])
    for k in lengths: documents[-1].append(list(range(n, n + k))); n += k
torch.manual_seed(42)
pairs = next_sentence_pairs(documents)
packed = {}
for most in (5, 12, 13, 40):
    length = min(most, 3 + max(len(a) + len(b) for a, b, _ in pairs))
    i, s, p = zip(*(pack(a, b, most, length) for a, b, _ in pairs))
    packed[f"max_length_{most}"] = {"ids": torch.tensor(i), "segments": torch.tensor(s), "padding": torch.tensor(p)}
save("bert_batches", __file__, source="computed; Devlin et al. 2019, appendix A.1 and A.2; one draw at a time from torch.manual_seed(42)",
     inputs={"text": text, "special": torch.tensor(special), "vocabulary": vocabulary, "pad_cls_sep_mask": torch.tensor([PAD, CLS, SEP, MASK]),
             "sentence_lengths": [torch.tensor([len(s) for s in d]) for d in documents]},
     expected={"share_0.15_mask_0.8_random_0.1": {"ids": standard[0], "labels": standard[1], "next_draw": after},
               "share_0.7_mask_0.2_random_0.5": {"ids": often[0], "labels": often[1]},
               "pair_labels": torch.tensor([p[2] for p in pairs]), "packed": packed},
     notes="the tokens of all sentences are 10, 11, 12, … in order, so that a packed pair shows where its sentences are from")
