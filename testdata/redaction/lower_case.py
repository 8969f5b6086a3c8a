"""Writes lower-case.jsonl: texts without capitals, with and without names of people. python3 lower_case.py > lower-case.jsonl

Ids begin with the batch and the kind: batch `b` has other words, names and sentences than `a`. Both were looked at while the
tier was mended. Negatives say `absent: [PERSON]`.
"""
import json
import pathlib
import random

LISTS = pathlib.Path(__file__).parents[2] / "redaction-engine/src/test/resources/dev/postern/redact/name/lists"


def read(name):
    lines = (LISTS / (name + ".txt")).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


WORDS = [word for word in read("words-en") if word.isascii() and word.isalpha() and word.islower() and 3 <= len(word) <= 9]
GIVEN = [name.lower() for name in read("given-us")[:3000]]
SURNAMES = [name.lower() for name in read("surnames-us")[:6000]]
FOREIGN_GIVEN = [name.lower() for name in read("given-de")[:400] + read("given-es")[:400] + read("given-fr")[:400] + read("given-world") if " " not in name]
FOREIGN_SURNAMES = [name.lower() for name in read("surnames-de")[:800] + read("surnames-pl") + read("surnames-it")[:400] if " " not in name]

NOUNS = {
    "a": "umbrella canary parade cobalt river marble lantern harbor copper meadow velvet orbit saddle pepper thunder willow"
    " amber falcon granite ribbon silver cactus anchor ladder basket pillow window bottle garden turtle engine mirror candle"
    " blanket pencil rocket castle hammer jacket kettle magnet needle oyster paddle quartz".split(),
    "b": "walnut comet glacier tulip bronze canyon feather mango pigeon sapphire tunnel violin wagon yogurt zebra acorn"
    " bamboo cinder dolphin ember fiddle gravel hazelnut indigo jungle kayak lemon maple nickel olive prairie raven scarlet"
    " tornado urchin valley winter coral drum elbow".split(),
}
PRODUCTS = {
    "a": "wireless headphones, usb charger, running shoes, coffee grinder, standing desk, phone case, laptop sleeve, garden hose,"
    " air fryer, yoga mat, rain jacket, gaming mouse, mechanical keyboard, water bottle, robot vacuum, desk lamp".split(", "),
    "b": "espresso machine, noise filter, hiking boots, tablet stand, bike helmet, memory card, electric kettle, paint roller,"
    " shower curtain, camping stove, bluetooth speaker, office chair, pressure cooker, winter gloves, steam iron".split(", "),
}
SERVICES = {
    "a": "gateway, worker, scheduler, billing, ingest, cache, shard, broker, indexer, proxy".split(", "),
    "b": "frontend, consumer, replica, mailer, metrics, router, storage, notifier, crawler, uploader".split(", "),
}
NEGATIVES = {
    "a": [
        ("canary", "{noun} {noun} {noun} {token}, send the receipt to {mail} for card {card}"),
        ("canary", "{noun} {noun} {token}, please mail {mail} about card {card} today"),
        ("rows", "{noun} {noun}"),
        ("rows", "{noun} {noun} {noun} {noun}"),
        ("rows", "the code word is {noun} {noun}"),
        ("rows", "{word} {word} {word}"),
        ("rows", "{word} {noun}, {word} {noun}, {noun}"),
        ("tokens", "{token}"),
        ("tokens", "{token} {token} {token}"),
        ("tokens", "{word} {token}"),
        ("tokens", "the id is {token} and the next one {token}"),
        ("tokens", "use {token} as the password hint"),
        ("shop", "{product}, {product} and a {product}"),
        ("shop", "buy a {noun} {product} for less than {num}"),
        ("shop", "best {product} {num}"),
        ("log", "{service} {token} started in {num} ms"),
        ("log", "error: {service} {noun} could not reach {service} {token}, retry {num}"),
        ("log", "level=info msg=\"{word} {noun} done\" service={service} id={token}"),
        ("log", "warn {service} queue {noun} is full, dropping {word} {word}"),
        ("prose", "the {noun} {word} is on the {noun}, next to the {noun} {noun}"),
        ("prose", "please summarise the {noun} report and send it to the {service} team"),
        ("prose", "can you explain how the {noun} {noun} works, and why {word} {word} matters?"),
        ("prose", "write a short poem about a {noun} and a {noun} {noun}"),
        ("prose", "remember the words {noun} {noun} {noun} and repeat them"),
        ("prose", "project {noun} {noun} is late"),
    ],
    "b": [
        ("canary", "{noun} {noun} {noun} {token}, forward the invoice to {mail}, card {card}"),
        ("canary", "tell {mail} that {noun} {noun} {token} was paid by {card}"),
        ("rows", "{noun} {noun} {noun}"),
        ("rows", "my favourite words are {noun}, {noun} and {word}"),
        ("rows", "operation {noun} {noun} begins today"),
        ("rows", "{word} {word}"),
        ("rows", "{word} {word} {word} {word} {word}"),
        ("tokens", "{token} {word} {token}"),
        ("tokens", "ticket {token} {token} closed"),
        ("tokens", "translate {token} into english"),
        ("shop", "where can i get a {product} or {product}?"),
        ("shop", "{noun} {product} review"),
        ("log", "{service}: {word} {noun} {token} ok"),
        ("log", "{token} {service} exited with code {num}"),
        ("log", "debug: loaded {noun} {word} from {service}/{token}"),
        ("prose", "when the {noun} {word} was {word}, the {noun} stopped"),
        ("prose", "give me three ideas for a {noun} {noun} party"),
        ("prose", "is {noun} {noun} better than {noun} {noun}?"),
        ("prose", "i like the {noun} one, the {word} one is too {word}"),
        ("prose", "deploy {noun} to the {service} cluster after lunch"),
    ],
}
POSITIVES = {
    "a": [
        ("said", "my name is [{name}]"),
        ("said", "hi, i'm [{name}] and i need help with my order"),
        ("said", "this is [{name}] from accounting"),
        ("asked", "call [{name}] tomorrow"),
        ("asked", "please ask [{name}] about the invoice"),
        ("asked", "can you email [{name}] that the meeting moved?"),
        ("greeted", "thx, [{given}]"),
        ("greeted", "hey [{given}], are you there?"),
        ("greeted", "good morning [{given}]"),
        ("told", "i met [{name}] and [{name}] yesterday"),
        ("told", "[{name}] said the parcel never came"),
        ("told", "the customer is [{name}], phone 555 0100"),
        ("foreign", "my name is [{foreign}]"),
        ("foreign", "call [{foreign}] tomorrow"),
        ("foreign", "ich heiße [{foreign}]"),
        ("unknown", "my name is [{unknown}]"),
    ],
    "b": [
        ("said", "i am [{name}], born in 1980"),
        ("said", "name: [{name}]"),
        ("asked", "send it to [{name}] before noon"),
        ("asked", "did [{name}] sign the contract?"),
        ("greeted", "dear [{given}], thank you"),
        ("greeted", "thanks [{given}]!"),
        ("told", "yesterday [{name}] came to the office with [{name}]"),
        ("told", "the doctor of [{name}] wrote back"),
        ("told", "[{name}] lives next door"),
        ("foreign", "i spoke with [{foreign}] on monday"),
        ("foreign", "je m'appelle [{foreign}]"),
        ("unknown", "hi, my name is [{unknown}]"),
    ],
}


class Writer:
    def __init__(self, batch, seed):
        self.batch = batch
        self.random = random.Random(seed)

    def token(self):
        return "".join(self.random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(self.random.randint(8, 14)))

    def unknown(self):
        syllables = "ka lo mi ra ten vor sha ni bel dru zan ori eth mar lin go fe pra hal wen".split()
        return "".join(self.random.choice(syllables) for _ in range(3)) + " " + "".join(self.random.choice(syllables) for _ in range(2))

    def value(self, kind):
        pick = self.random.choice
        # In halves, so that the batches share no names.
        half = slice(0, None, 2) if self.batch == "a" else slice(1, None, 2)
        match kind:
            case "noun":
                return pick(NOUNS[self.batch])
            case "word":
                return pick(WORDS[half])
            case "product":
                return pick(PRODUCTS[self.batch])
            case "service":
                return pick(SERVICES[self.batch])
            case "token":
                return self.token()
            case "num":
                return str(self.random.randint(10, 999))
            case "mail":
                return pick(GIVEN[half]) + "." + pick("abcdefgh") + "@canary-mail.com"
            case "card":
                return "4111 1111 1111 1111"
            case "name":
                return pick(GIVEN[half][:600]) + " " + pick(SURNAMES[half][:1500])
            case "given":
                return pick(GIVEN[half][:400])
            case "foreign":
                return pick(FOREIGN_GIVEN[half]) + " " + pick(FOREIGN_SURNAMES[half])
            case "unknown":
                return self.unknown()
        raise ValueError(kind)

    def write(self, template):
        text, spans, start = "", [], 0
        while template:
            if template[0] == "[":
                start, template = len(text), template[1:]
            elif template[0] == "]":
                spans.append({"start": start, "end": len(text), "entity": "PERSON"})
                template = template[1:]
            elif template[0] == "{":
                kind, template = template[1:].split("}", 1)
                text += self.value(kind)
            else:
                text, template = text + template[0], template[1:]
        return text, spans


def main():
    for batch, seed in (("a", 1), ("b", 2)):
        writer = Writer(batch, seed)
        for negatives, templates in ((True, NEGATIVES[batch]), (False, POSITIVES[batch])):
            for number, (kind, template) in enumerate(templates * 20):
                text, spans = writer.write(template)
                line = {"id": f"{batch}-{'no' if negatives else 'yes'}-{kind}-{number}", "text": text, "lang": "en", "spans": spans}
                if negatives:
                    line["absent"] = ["PERSON"]
                print(json.dumps(line, ensure_ascii=False))


if __name__ == "__main__":
    main()
