"""A tiny genuine model: CTranslate2 weights written as arrays, SentencePiece pieces learnt from our own sentences.

It translates nothing well; it is read, and run, as a large one is.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import ctranslate2
import numpy as np
import sentencepiece

SENTENCES = [
    "Порт открыл новый причал для гостей города.", "The port opened a new pier for the guests of the city.",
    "Кластер собрал инженеров и показал сорок проектов.", "The cluster gathered engineers and showed forty projects.",
    "Выставка продлится до конца месяца.", "The exhibition lasts until the end of the month.",
    "На заводе варят сталь и строят корабли.", "The plant makes steel and builds ships.",
    "Музей ждёт школьников каждую субботу.", "The museum awaits schoolchildren every Saturday.",
    "Договор подписан, работы начнутся весной.", "The agreement is signed, the works begin in spring.",
    "[0] [1] [2] [3] [4] [5] [6] [7] [8] [9]",
]  # fmt: skip
WIDTH, HEADS, INNER = 32, 2, 48


def pieces() -> bytes:
    """Return a SentencePiece model learnt from our sentences."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES), model_writer=model, vocab_size=140, model_type="unigram",
        hard_vocab_limit=False, minloglevel=2, num_threads=1, character_coverage=1.0,
    )  # fmt: skip
    return model.getvalue()


def vocabulary(model: bytes) -> list[str]:
    """Return the pieces in the order in which a model counts them."""
    processor = sentencepiece.SentencePieceProcessor(model_proto=model)
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]


def save(folder: Path, tokens: list[str], seed: int = 7) -> None:
    """Write a Transformer of one layer in CTranslate2's format; the same seed gives the same bytes."""
    dice = np.random.default_rng(seed)
    spec = ctranslate2.specs.TransformerSpec.from_config((1, 1), HEADS)

    def weights(*shape):
        return dice.normal(0, 0.3, shape).astype(np.float32)

    def linear(layer, rows, columns):
        layer.weight, layer.bias = weights(rows, columns), np.zeros(rows, np.float32)

    def norm(layer):
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def attention(layer, *, own):
        norm(layer.layer_norm)
        sizes = (3 * WIDTH, WIDTH) if own else (WIDTH, 2 * WIDTH, WIDTH)
        for one, rows in zip(layer.linear, sizes, strict=True):
            linear(one, rows, WIDTH)

    def feed_forward(layer):
        norm(layer.layer_norm)
        linear(layer.linear_0, INNER, WIDTH)
        linear(layer.linear_1, WIDTH, INNER)

    for side in (spec.encoder, spec.decoder):
        norm(side.layer_norm)
        side.position_encodings.encodings = weights(600, WIDTH)
        attention(side.layer[0].self_attention, own=True)
        feed_forward(side.layer[0].ffn)
    attention(spec.decoder.layer[0].attention, own=False)
    spec.encoder.embeddings[0].weight = weights(len(tokens), WIDTH)
    spec.decoder.embeddings.weight = weights(len(tokens), WIDTH)
    linear(spec.decoder.projection, len(tokens), WIDTH)
    spec.decoder.projection.bias[tokens.index("</s>")] = 3.0  # or it would never end
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.bos_token, spec.config.eos_token, spec.config.unk_token = "<s>", "</s>", "<unk>"
    spec.config.decoder_start_token = "<s>"
    folder.mkdir(parents=True, exist_ok=True)
    spec.validate()
    spec.optimize()
    spec.save(str(folder))


def argos_package(folder: Path, pair: str = "ru-en") -> Path:
    """Write an Argos package of a pair, and return where it lies."""
    source, target = pair.split("-")
    model = pieces()
    save(folder / "model", vocabulary(model))
    names = {"ru": "Russian", "en": "English"}
    about = {
        "package_version": "1.9", "argos_version": "1.9.0", "from_code": source, "from_name": names[source],
        "to_code": target, "to_name": names[target],
    }  # fmt: skip
    path = folder / f"translate-{source}_{target}-1_9.argosmodel"
    root = f"translate-{source}_{target}-1_9"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{root}/metadata.json", json.dumps(about))
        archive.writestr(f"{root}/README.md", "# Tiny\n\nLicense: CC-BY-4.0, made of sentences of our own.\n")
        archive.writestr(f"{root}/sentencepiece.model", model)
        for file in sorted((folder / "model").iterdir()):
            archive.write(file, f"{root}/model/{file.name}")
    return path


def opus_folder(folder: Path) -> Path:
    """Write an OPUS-MT folder converted for CTranslate2, and return it."""
    model = pieces()
    save(folder, vocabulary(model))
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(model)
    (folder / "README.md").write_text("---\nlanguage: ru\nlicense: cc-by-4.0\n---\n", encoding="utf-8")
    return folder
