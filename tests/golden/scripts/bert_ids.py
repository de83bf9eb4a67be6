"""Numbers of some 70 lines by google-research/bert's tokenization.py, which is not part of this project:

    python3 bert_ids.py PATH/tokenization.py PATH/vocab.txt

vocab.txt is that of BERT's uncased English models (30,522 pieces, `./byhand data bert-vocab`). The module imports TensorFlow only to open
that file, so a stand-in does. Lines that are not UTF-8 are given to it as bytes: it decodes them with errors="ignore".
"""
import importlib.util, json, os, sys, types, unicodedata
from common import OUT, save

LONGEST = 100  # letters of a word; tokenization.py says 200 since November 2018, Hugging Face's port has kept 100
LINES = {
    "empty": "", "blanks": " \t \r\n ", "english": "The quick brown fox doesn't jump over the lazy dog.",
    "long words": "unaffable antidisestablishmentarianism Llanfairpwllgwyngyll tokenization embeddings",
    "capitals": "NASA, Ph.D., iPhone and McDONALD", "numbers": "3.14159 1,234,567 1e-9 0x1F 50% $9.99 12:30 1611",
    "punctuation": "(a)[b]{c}<d>/e\\f|g~h`i^j_k=l+m-n*o&p%q$r#s@t!u?v;w:x'y\"z", "dots": "wait... what?! -- yes -- no",
    "specials as text": "[CLS] the [MASK] sat [SEP] [PAD] [UNK]", "pieces as text": "##ing play##ed # ## [unused0]",
    "accents": "café naïve Zürich São Paulo Ångström El Niño œuvre Łódź straße", "accents decomposed": "cafe\u0301 Zu\u0308rich A\u030angstro\u0308m",
    "capital accents": "ÉCOLE ÜBER ÇA ÑANDÚ ØRE ÞÓR ÆSIR ẞ", "two accents": "e\u0323\u0301 e\u0301\u0323 \u1ec7 Việt Nam đường phố",
    "turkish": "İSTANBUL Iğdır ısı İ", "greek": "ΟΔΥΣΣΕΥΣ ΣΟΦΟΣ. Σ ΑΣ.Α ΑΣ' Ἀθῆναι ῥόδον ΐ", "greek sigma": "ΑΣ ΑΣΑ \u03a3\u0301 ΑΣ\u0301 1Σ ⅣΣ ΣΣ",
    "russian": "Москва — столица России, ещё йод", "hebrew": "שלום עולם בְּרֵאשִׁית", "arabic": "السلام عليكم مُحَمَّد؟", "hindi": "नमस्ते दुनिया। हिन्दी",
    "thai": "สวัสดีชาวโลก ภาษาไทย", "armenian": "Բարեւ աշխարհ։", "georgian": "გამარჯობა ᲛᲗᲐᲕᲠᲣᲚᲘ", "ethiopic": "ሰላም፡ለዓለም።",
    "korean": "어텐션은 질문과 열쇠의 내적을 구한다.", "korean words": "한국 서울 사람 나라 왕과 여왕 2024년 3월", "korean and english": "BERT는 [MASK] 토큰을 예측한다(80/10/10).",
    "korean decomposed": "\u1112\u1161\u11ab\u1100\u116e\u11a8 \u1109\u1165\u110b\u116e\u11af", "jamo": "ㅋㅋㅋ ㅎㅎ ㅠㅠ ㄱㄴㄷ", "old korean": "나랏말\u110a\u119e미 ᄒᆞᆫ글",
    "halfwidth": "ﾊﾝｶｸ ｱｲｳ ￡１２３ ＡＢＣ！", "chinese": "北京是中国的首都。", "chinese mixed": "我爱NLP和BERT模型abc你好，世界！",
    "chinese rare": "\u3400\u4db5\U00020000\U0002a6d6\U0002a700\U0002b740\U0002b820 \uf900\ufa0e\U0002f800", "beyond the list": "\U0002ceb0\U00030000 \u2e80 \u2f00 \u31c0",
    "japanese": "こんにちは世界、カタカナとひらがな。ガギグ", "fullwidth space": "全角\u3000空白\u3000です",
    "emoji": "I love it 😂👍🏽 ❤️ 👨‍👩‍👧 🇰🇷 ok", "emoji in words": "so😂funny 5⭐ ©2024 ™ €5 £3 ¥9", "arrows and mathematics": "x → y ≤ ∞ ∑ √2 ½ ² ₂ ℝ ∀ε>0 ±1 × ÷",
    "quotes": "“double” ‘single’ «guillemets» „low“ ‚low‘ it’s", "dashes": "a–b a—b a‐b a‑b a−b a…b a·b a•b", "marks of other scripts": "¿qué? ¡sí! § ¶ † ‡ ‰ ′ ″ ※ ؟ ،",
    "control characters": "a\x00b\x01c\x07d\x08e\x0bf\x0cg\x1bh\x1ci\x1fj\x7fk\x85l\x9fm", "tabs and line ends": "one\ttwo\rthree\nfour\r\nfive",
    "format characters": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u202eh\u061ci", "separators": "a\u00a0b\u2002c\u2009d\u2028e\u2029f\u202fg\u205fh\u1680i\u3000j",
    "replacement": "a\ufffdb \ufffd \ufffd\ufffd end", "private and not a character": "a\ue000b \uf8ff \uffff \U0010ffff end",
    "enclosing marks": "1\u20e3 a\u20dd \u0488 x\u0903", "only marks": "\u0301\u0302 \u0301 a", "ligatures": "ﬁne oﬃce ﬀ ǆ Ǆ ǅ ĳ", "circled": "①② ⒜ Ⓐⓐ 🄰 🅰 Ⅷ ⅷ",
    "old scripts": "𐐀𐐨 𐌰𐌱 𒀀 𓀀", "mathematical letters": "𝐀𝒷𝔠 𝟙 𝛴", "100 letters": "a" * 100 + " end", "101 letters": "a" * 101 + " end",
    "100 accents": "é" * 100 + " end", "101 syllables": "가" * 34 + " " + "가" * 51 + " end",
    "repeated": "ha" * 30 + "! " + "no " * 10, "address": "mail me at jane.doe+tag@example.com or see https://example.com/a_b?c=d&e=%20#f",
    "code": "for (int i = 0; i < n; ++i) x[i] = f(y->z);", "king james": "In the beginning God created the heaven and the earth.",
    "broken: one byte": b"a\xffb \xfe\xff c", "broken: cut short": b"caf\xc3 na\xefve \xed\x95 \xf0\x9f\x98", "broken: overlong": b"a\xc0\xafb \xe0\x80\xafc \xf0\x80\x80\xafd",
    "broken: surrogates": b"a\xed\xa0\x80b \xed\xb0\x80 \xed\xa0\xbd\xed\xb8\x82c", "broken: too high": b"a\xf4\x90\x80\x80b \xf8\x88\x80\x80\x80c",
    "broken: continuation": b"\x80\x81 a\xbfb \xe2\x28\xa1 \xe2\x82\x28", "broken: korean cut": "한국어".encode()[1:-1],
}


def reference(path):
    tensorflow = types.ModuleType("tensorflow")
    tensorflow.gfile = types.SimpleNamespace(GFile=lambda name, mode: open(name, mode, encoding="utf-8", newline="\n"))
    sys.modules["tensorflow"] = tensorflow
    spec = importlib.util.spec_from_file_location("tokenization", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ids(module, vocabulary, lower_case):
    full = module.FullTokenizer(vocabulary, do_lower_case=lower_case)
    full.wordpiece_tokenizer = module.WordpieceTokenizer(full.vocab, max_input_chars_per_word=LONGEST)
    return {name: full.convert_tokens_to_ids(full.tokenize(line)) for name, line in LINES.items()}, len(full.vocab)


def written(line):
    return line if isinstance(line, str) else {"hex": line.hex()}


module = reference(sys.argv[1])
for line in LINES.values():  # what one version of Unicode assigns and another does not would depend on who runs this
    for c in line if isinstance(line, str) else line.decode("utf-8", "ignore"):
        assert c in "\uffff\U0010ffff" or unicodedata.category(c) != "Cn", hex(ord(c))
uncased, pieces = ids(module, sys.argv[2], True)
cased, _ = ids(module, sys.argv[2], False)
inputs = {name: written(line) for name, line in LINES.items()}
save("bert_ids", __file__, source="google-research/bert, tokenization.py, commit eedf571; the lines are ours",
     computed_with=f"Python {sys.version.split()[0]}, Unicode {unicodedata.unidata_version}", params={"longest_word": LONGEST, "pieces": pieces},
     inputs=inputs, expected={"uncased": uncased, "cased": cased})
with open(os.path.join(OUT, "bert_ids.json"), encoding="utf-8") as file:
    assert json.load(file)["inputs"] == inputs  # save() compacts lists by a pattern that must not reach into these texts
