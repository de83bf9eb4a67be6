"""transformer_gradients.json: gradients of layers with gelu and of stacks of layers, with and without masks, which the files
transformer_encoder_layer.json, transformer_decoder_layer.json and transformer_encoder_stack2.json do not have. Run: GOLDEN_OUT=tests/golden python3 transformer_gradients.py

The loss is sum(out * R). Every gradient was compared with central differences (fdcheck)."""
from common import *
import torch.nn as nn
import torch.nn.functional as F

X, R, memory = gen((2, 3, 4), .35, 1.), gen((2, 3, 4), 1.1, 1.), gen((2, 2, 4), 1.7, 1.)
causal = torch.triu(torch.ones(3, 3, dtype=torch.bool), 1)
padding = torch.tensor([[False, False, False], [False, False, True]])


def fill(module, phase):
    """Weights by formula; those of layer norms near 1, so that the norms do not cancel."""
    for i, (name, p) in enumerate(module.named_parameters()):
        p.data = gen(tuple(p.shape), phase + .31 * i, .2 if "norm" in name else .5)
        if "norm" in name and name.endswith("weight"): p.data += 1
    return module.train()  # dropout is 0; in evaluation PyTorch takes another path, without gradients


def entry(what, module, inputs, call):
    leaves = {name: leaf(value) for name, value in inputs.items()}
    everything = {**dict(module.named_parameters()), **leaves}
    gradients = fdcheck(lambda: (call(module, leaves) * R).sum(), everything, what=what)
    return {"out": call(module, leaves).detach(), "grads_of_sum(out*R)": gradients}


def gelu_tanh(x): return F.gelu(x, approximate="tanh")


def options(norm_first, activation): return dict(dropout=0., activation=activation, batch_first=True, norm_first=norm_first)


expected, params = {}, {}


def layer(name, norm_first, activation, **mask):
    module = fill(nn.TransformerEncoderLayer(4, 2, 8, **options(norm_first, activation)), .15)
    params["layer"] = dict(module.state_dict())  # the same each time: names and shapes are
    expected[name] = entry(name, module, {"x": X}, lambda m, v: m(v["x"], **mask))


def stack(name, norm_first, **mask):
    module = fill(nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, **options(norm_first, "gelu")), 2, nn.LayerNorm(4)), .45)
    params["stack"] = dict(module.state_dict())
    expected[name] = entry(name, module, {"x": X}, lambda m, v: m(v["x"], **mask))


def decoder(name, norm_first, activation):
    module = fill(nn.TransformerDecoderLayer(4, 2, 8, **options(norm_first, activation)), .75)
    params["decoder"] = dict(module.state_dict())
    expected[name] = entry(name, module, {"x": X, "memory": memory}, lambda m, v: m(v["x"], v["memory"], tgt_mask=causal))


# The names say what the test has to build and to hide.
layer("layer_post_norm_gelu", False, "gelu")
layer("layer_pre_norm_gelu_tanh_causal", True, gelu_tanh, src_mask=causal)
stack("stack_pre_norm_gelu", True)
stack("stack_pre_norm_gelu_key_padding", True, src_key_padding_mask=padding)
decoder("decoder_post_norm_gelu_causal", False, "gelu")
decoder("decoder_pre_norm_gelu_tanh_causal", True, gelu_tanh)
save("transformer_gradients", __file__,
     source="computed with nn.TransformerEncoderLayer(4,2,8), nn.TransformerEncoder of 2 layers and a last LayerNorm, nn.TransformerDecoderLayer(4,2,8); "
            "gelu in its erf or its tanh form, dropout 0, batch_first, train mode",
     params=params, inputs={"X": X, "memory": memory, "R": R, "causal_True_hidden": causal, "key_padding_True_hidden": padding}, expected=expected)
