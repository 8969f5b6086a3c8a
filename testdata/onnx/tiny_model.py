"""Writes tiny/: a token-classification model of a few KB, as redaction-onnx loads any: model.onnx, tokenizer.json, config.json.

python3 tiny_model.py, with the packages onnx, numpy and tokenizers. Its weights are written by hand: "anna", "john" begin the name
of a person, "schmidt", "miller" go on with it, "berlin" is a place, "acme corp" an organisation, "linux" a product, and an unknown
word after "is" is somebody. The word "boom" has no row in the table of embeddings, so that a text with it makes the model fail;
"void" makes scores that are no numbers, "huge" infinite ones.
"""
import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

HERE = pathlib.Path(__file__).parent / "tiny"
WORDS = (
    "[PAD] [UNK] [CLS] [SEP] my name is call anna schmidt john mill ##er berlin acme corp linux o ' brien lives in and the of"
    " likes customer : , . ! word ##s void huge boom"
).split()
FEATURES = {"given": "anna john o", "surname": "schmidt mill ##er brien", "place": "berlin", "is": "is", "unknown": "[UNK]",
            "firm": "acme", "suffix": "corp", "product": "linux", "apostrophe": "'"}
LABELS = "O B-PER I-PER B-LOC I-LOC B-ORG I-ORG B-MISC I-MISC".split()
BEFORE, HERE_, AFTER = range(3)


def model():
    names = list(FEATURES)
    table = np.zeros((len(WORDS) - 1, len(names)), np.float32)
    for feature, words in enumerate(FEATURES.values()):
        for word in words.split():
            table[WORDS.index(word), feature] = 1
    table[WORDS.index("void")] = np.nan
    table[WORDS.index("huge")] = 3e38
    weights = np.zeros((len(LABELS), len(names), 3), np.float32)

    def weigh(label, feature, place, weight):
        weights[LABELS.index(label), names.index(feature), place] = weight

    weigh("B-PER", "given", HERE_, 8)
    weigh("B-PER", "is", BEFORE, 3)
    weigh("B-PER", "unknown", HERE_, 3)
    weigh("I-PER", "surname", HERE_, 8)
    weigh("I-PER", "apostrophe", HERE_, 3)
    weigh("I-PER", "given", BEFORE, 2)
    weigh("B-LOC", "place", HERE_, 8)
    weigh("B-ORG", "firm", HERE_, 8)
    weigh("I-ORG", "suffix", HERE_, 8)
    weigh("B-MISC", "product", HERE_, 8)
    bias = np.zeros(len(LABELS), np.float32)
    bias[0] = 4

    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask3"]),
        helper.make_node("Mul", ["rows", "mask3"], ["seen"]),
        helper.make_node("Transpose", ["seen"], ["columns"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["columns", "weights", "bias"], ["scores"], pads=[1, 1]),
        helper.make_node("Transpose", ["scores"], ["logits"], perm=[0, 2, 1]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"]) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "tokens", len(LABELS)])],
        [numpy_helper.from_array(array, name) for name, array in
         (("table", table), ("weights", weights), ("bias", bias), ("last", np.array([2], np.int64)))],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="postern")
    made.ir_version = 8
    onnx.checker.check_model(made)
    return made


def tokenizer():
    made = Tokenizer(models.WordPiece({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer(lowercase=True)
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[(word, WORDS.index(word)) for word in ("[CLS]", "[SEP]")])
    # As models come: cut to their length and filled up, which is the tier's own business.
    made.enable_truncation(24)
    made.enable_padding(length=24)
    return made


def main():
    HERE.mkdir(exist_ok=True)
    onnx.save(model(), HERE / "model.onnx")
    tokenizer().save(str(HERE / "tokenizer.json"))
    config = {"id2label": {str(number): label for number, label in enumerate(LABELS)}, "max_position_embeddings": 24}
    (HERE / "config.json").write_text(json.dumps(config, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
