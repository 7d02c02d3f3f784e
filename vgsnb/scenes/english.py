"""English captions: each by a new describer, who has words of their own, leaves things out and is sometimes wrong."""

import re
from dataclasses import dataclass

import numpy as np

from vgsnb.scenes import english_words as words
from vgsnb.scenes.choices import Choices, names
from vgsnb.scenes.describer import (
    MOVING,
    PLACE_KINDS,
    UNSEEN,
    WRONG_COLOUR,
    Describer,
    add_unless_repeated,
    first_known,
    known,
    new_describer,
    seen_agent,
    seen_count,
)
from vgsnb.scenes.facts import ANIMAL_AGENTS, SPORT_AGENTS, VEHICLE_AGENTS, Scene

IRREGULAR_PLURALS = {
    "someone": "people",
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "gentleman": "gentlemen",
}
PRONOUNS = {
    "male": {"his": "his", "him": "him", "himself": "himself"},
    "female": {"his": "her", "him": "her", "himself": "herself"},
    "animal": {"his": "its", "him": "it", "himself": "itself"},
    "plural": {"his": "their", "him": "them", "himself": "themselves"},
}
FEMALE_NOUNS = frozenset({"girl", "woman", "lady", "female"})
DIRECTED = names("over past through off down up along across into out toward")
RESTING = names("play chew hold have stand sit lie sniff bite fight look wait pose")  # nobody stands "into the water"
RIDDEN = frozenset({"bike", "motorbike", "skateboard", "surfboard", "sled"})
CARRIED = frozenset({"a backpack", "backpacks", "a bag", "bags", "a pack", "packs", "a knapsack", "knapsacks"})
ADVERBS = names("quickly happily playfully quietly together alone away around fast very side")  # stand before the place
DOUBLED = re.compile(r"\b(\w+) \1\b")
TAKES_TWO = re.compile(r"\b(each other|together|side by side|in a (line|row|circle|group)|leapfrog)\b")
BODY_PARTS = re.compile(
    r"\b(their (?:own )?)(mouth|tongue|face|head|tail|nose|back|hand|board|racket|surfboard|stomach|opponent)\b"
)
EVERYDAY = names("a an the in on at of with and to by near his her its their it is are one two up for from as while")


@dataclass(frozen=True)
class Subject:
    """Who the caption is about, as this describer sees it."""

    text: str
    plural: bool
    pronouns: dict[str, str]
    singular: str  # the head noun's singular form


def describe(scene: Scene, rng: np.random.Generator, careful: bool = False) -> str:
    """Return one caption by a new describer: grammatical English, lower case, no punctuation, no digits.

    With ``careful`` the describer says nothing that is not so.
    """
    describer = new_describer(rng, scene, careful)
    subject = _subject(scene, describer)
    clothes = _clothes(scene, describer, subject)
    silent = describer.does(0.05)  # a fragment without a verb: "a dog on the beach"
    bare = _bare_predicate(scene, describer, subject)
    parts = [
        _opening(scene, describer, subject),
        clothes,
        "" if silent else _inflected(bare, describer, subject, clothes),
    ]
    manner = _manner(scene, describer, subject, silent)
    adverb = manner.split(" ")[0] in ADVERBS
    parts.append(manner if adverb else "")
    if silent or describer.says(0.4 if scene.action in words.ONLY_DO | {"smile", "pose"} else 0.72, "place"):
        parts.append(_place(scene, describer, silent or bare.split()[0] in RESTING))
    for extra in ["" if adverb else manner, *_extras(scene, describer, subject)]:
        add_unless_repeated(parts, extra, EVERYDAY)
    text = " ".join(" ".join(parts).split()).format(**subject.pronouns)
    return DOUBLED.sub(r"\1", BODY_PARTS.sub(r"\1\2s", text))  # "slides down down a hill"


# --- small grammar -------------------------------------------------------------------------------------------------
def with_article(noun_phrase: str) -> str:
    """Put "a" or "an" before a noun phrase, or take it as it is where it begins with "="."""
    if noun_phrase.startswith("="):
        return noun_phrase[1:]
    vowel = noun_phrase[0] in "aeio" or noun_phrase.startswith("umbrella")  # but: a uniform
    return ("an " if vowel else "a ") + noun_phrase


def plural_of(noun: str) -> str:
    """Return the plural of a noun phrase's last word."""
    *before, last = noun.split()
    for singular, plural in IRREGULAR_PLURALS.items():
        if last == singular or (last.endswith("man") and singular == "man"):
            return " ".join([*before, last[: len(last) - len(singular)] + plural])
    if last.endswith("y") and last[-2] not in "aeiou":
        return " ".join([*before, last[:-1] + "ies"])
    return " ".join([*before, last + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s")])


def third_person(verb: str) -> str:
    """Return the form for he, she or it: jumps, splashes, carries."""
    if verb in words.IRREGULAR_THIRD:
        return words.IRREGULAR_THIRD[verb]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def participle(verb: str) -> str:
    """Return the form in -ing: jumping, riding, running."""
    if verb in words.IRREGULAR_ING:
        return words.IRREGULAR_ING[verb]
    if verb in words.DOUBLED:
        return verb + verb[-1] + "ing"
    return (verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb) + "ing"


# --- who -----------------------------------------------------------------------------------------------------------
def _subject(scene: Scene, describer: Describer) -> Subject:
    noun = _noun(scene, describer)
    count = seen_count(scene, describer)
    plural = count > 1 or noun.startswith("=")
    noun = noun.removeprefix("=")
    singular = words.PLAIN_FORM.get(noun, noun)
    if count == 2 and scene.agent == "dog" and describer.does(0.24):
        text = f"{with_article(_described(scene, describer, noun))} and {_other_dog(scene, describer)}"
    elif plural:
        text = _several(scene, describer, singular, max(count, 2))
    else:
        text = _determined(describer, _described(scene, describer, noun))
    return Subject(text, plural, _pronouns(scene, describer, singular, plural), singular)


def _noun(scene: Scene, describer: Describer) -> str:
    """Return the head noun in the singular, or as it is behind "="."""
    if scene.agent == "dog" and scene.breed != "mixed" and describer.does(0.4):
        return describer.pick(words.NOUNS[f"dog/{scene.breed}"])
    agent = seen_agent(scene, describer)
    return describer.pick(known(words.NOUNS, f"{agent}/{scene.script}", agent))


def _determined(describer: Describer, noun_phrase: str) -> str:
    if describer.does(0.115):
        return "the " + noun_phrase
    return "one " + noun_phrase if describer.does(0.01) else with_article(noun_phrase)


def _several(scene: Scene, describer: Describer, singular: str, count: int) -> str:
    """Return a plural noun phrase with a number or a word for a group."""
    noun = plural_of(singular)
    if scene.age == "child" and describer.does(0.5):
        noun = describer.pick(words.GROUPS["children"])
    noun = _described(scene, describer, noun)
    if count == 2:
        return f"{describer.pick(words.GROUPS['pair'])} {noun}"
    if describer.does(0.66 if scene.agent != "people" else 0.36):
        return f"{words.NUMBERS[min(count, 5)]} {noun}"
    return noun if describer.does(0.15) else f"{describer.pick(words.GROUPS['some'])} {noun}"


def _other_dog(scene: Scene, describer: Describer) -> str:
    if describer.does(0.5):
        return (
            with_article(f"{_colour(describer, scene.coat[-1], words.WRONG_COATS)} dog")
            if describer.does(0.6)
            else "another dog"
        )
    choice = describer.pick(words.SECOND_DOG)
    return choice


def _pronouns(scene: Scene, describer: Describer, singular: str, plural: bool) -> dict[str, str]:
    if plural:
        kind = "plural"
    elif scene.agent in ANIMAL_AGENTS | VEHICLE_AGENTS:
        kind = "male" if scene.agent == "dog" and describer.does(0.06) else "animal"
    elif singular in FEMALE_NOUNS:
        kind = "female"
    elif singular in ("man", "boy", "guy") or scene.sex is None:
        kind = "male"
    else:
        kind = "female" if scene.sex in ("girl", "woman") else "male"
    pronouns = PRONOUNS[kind]
    return {**pronouns, "mouth": f"{pronouns['his']} mouth"}


def _described(scene: Scene, describer: Describer, noun: str) -> str:
    """Put adjectives before the noun: size, looks, colour."""
    if scene.agent in ANIMAL_AGENTS:
        return " ".join([*_dog_adjectives(scene, describer), noun])
    if scene.agent in VEHICLE_AGENTS:
        return f"{_colour(describer, scene.vehicle_colour)} {noun}" if describer.says(0.5, "looks") else noun
    head = noun.split()[-1]
    if scene.agent == "baby":
        return _maybe(describer, 0.3, words.ADJECTIVES["baby"], noun)
    if scene.age == "child" or head in words.CHILD_NOUNS:
        return _maybe(describer, 0.37, words.ADJECTIVES["child"], noun)
    if scene.age == "old" and describer.does(0.4):
        return f"{describer.pick(words.ADJECTIVES['old'])} {noun}"
    if scene.agent in SPORT_AGENTS or scene.agent in ("player", "surfer"):
        return _maybe(describer, 0.06, words.ADJECTIVES["sport"], noun)
    return _maybe(describer, 0.11, words.ADJECTIVES["adult"], noun)


def _maybe(describer: Describer, probability: float, adjectives: Choices[str], noun: str) -> str:
    return f"{describer.pick(adjectives)} {noun}" if describer.says(probability, "looks") else noun


def _dog_adjectives(scene: Scene, describer: Describer) -> list[str]:
    adjectives = []
    if scene.size != "mid" and describer.says(0.26, "looks"):
        adjectives.append(describer.pick(words.SIZES[scene.size]))
    elif describer.says(0.03):
        adjectives.append(describer.pick(words.SIZES["large" if describer.does(0.5) else "small"]))
    if describer.says(0.07, "looks"):
        adjectives.append(describer.pick(words.ADJECTIVES["dog"]))
    if describer.says(0.5 if scene.count == 1 else 0.24, "looks"):
        coat = scene.coat if describer.does(0.75) else scene.coat[:1]
        adjectives.append(" and ".join(dict.fromkeys(_colour(describer, colour, words.WRONG_COATS) for colour in coat)))
    return adjectives


def _colour(describer: Describer, colour: str | None, wrong: Choices[str] = words.WRONG_COLOURS) -> str:
    """Return a colour as this describer sees and calls it."""
    if describer.errs(WRONG_COLOUR):
        return describer.pick(wrong)
    return describer.pick(words.COLOURS[colour or "red"])


# --- in what -------------------------------------------------------------------------------------------------------
def _clothes(scene: Scene, describer: Describer, subject: Subject) -> str:
    """Return what the agents wear, or nothing: "in a red shirt and a hat", "wearing a helmet", "with long hair"."""
    if scene.agent in VEHICLE_AGENTS:
        return ""
    if scene.agent in ANIMAL_AGENTS:
        return _dog_gear(scene, describer, subject)
    items = []
    if describer.says(0.18, "looks"):
        items.append(_garment(scene, describer, subject))
    if scene.legs and describer.says(0.05, "looks"):
        legs = _coloured(describer, scene.legs_colour, words.LEGS[scene.legs], 0.6)
        items.append(_for_several(legs) if subject.plural else legs)
    if scene.hat and scene.hat_kind and describer.says(0.26, "looks"):
        hat = _coloured(describer, scene.hat, words.HATS[scene.hat_kind], 0.45)
        items.append(_for_several(hat) if subject.plural else hat)
    for accessory in scene.accessories:
        if accessory != "beard" and describer.says(0.12, "looks"):
            thing = with_article(describer.pick(words.ACCESSORIES[accessory]))
            items.append(_for_several(thing) if subject.plural else thing)
    if not items or (scene.close_up and scene.long_hair and describer.does(0.3)):
        return _looks(scene, describer)
    return _worn(describer, " and ".join(items[:2]), subject)


def _worn(describer: Describer, items: str, subject: Subject) -> str:
    draw = describer.rng.random()
    if draw < 0.2 or (draw < 0.4 and "glasses" in items) or items in CARRIED:
        return f"wearing {items}"
    if draw < 0.92:
        return f"in {items}" if describer.does(0.85) else f"with {items}"
    return f"dressed in {items}" if draw < 0.96 else f"{'wear' if subject.plural else 'wears'} {items} while"


def _looks(scene: Scene, describer: Describer) -> str:
    """Return the hair, seen in close-ups above all, or just a colour: "a girl in pink"."""
    if "beard" in scene.accessories and describer.says(0.1, "looks"):
        return f"with {with_article(describer.pick(words.ACCESSORIES['beard']))}"
    if scene.hair and describer.says(0.27 if scene.close_up and scene.long_hair else 0.01, "looks"):
        colour = describer.pick(words.HAIR[scene.hair])
        if describer.does(0.12):
            return (
                f"with {colour.removeprefix('long ')} hair and a beard"
                if "beard" in scene.accessories
                else "with curly hair"
            )
        long = "long " if scene.long_hair and "long" not in colour and describer.does(0.4) else ""
        return f"with {long}{colour} hair"
    if scene.shirt and describer.says(0.045, "looks"):
        return f"in {_colour(describer, scene.shirt)}"
    return ""


def _garment(scene: Scene, describer: Describer, subject: Subject) -> str:
    gender = "female" if subject.pronouns["his"] == "her" or scene.sex in ("girl", "woman") else "male"
    garment = scene.garment or "shirt"
    choices = known(words.GARMENTS, f"{garment}/{scene.script}", f"{garment}/{gender}", garment)
    if garment == "wetsuit":
        return with_article(("black " if describer.does(0.3) else "") + describer.pick(choices))
    item = _coloured(describer, scene.shirt, choices, 0.8)
    return _for_several(item) if subject.plural else item


def _for_several(item: str) -> str:
    """Turn "a red shirt" into "red shirts"; what has no article stays."""
    return plural_of(item.split(" ", 1)[1]) if item.startswith(("a ", "an ")) else item


def _coloured(describer: Describer, colour: str | None, choices: Choices[str], probability: float) -> str:
    """Return a thing with its article, and with its colour or pattern as often as given."""
    noun = describer.pick(choices)
    bare = noun.removeprefix("=")
    if describer.does(probability) and not bare.startswith(("red ", "blue ", "dark ")):
        bare = f"{_colour(describer, colour)} {bare}"
    elif describer.does(0.25):
        bare = f"{describer.pick(words.PATTERNS)} {bare}"
    return bare if noun.startswith("=") else with_article(bare)


def _dog_gear(scene: Scene, describer: Describer, subject: Subject) -> str:
    gear = [describer.pick(words.ACCESSORIES[name]) for name in scene.accessories if describer.says(0.2, "looks")]
    if not gear:
        return ""
    thing = with_article(gear[0])
    return f"{'wearing' if describer.does(0.4) else 'with'} {_for_several(thing) if subject.plural else thing}"


# --- does what -----------------------------------------------------------------------------------------------------
def _opening(scene: Scene, describer: Describer, subject: Subject) -> str:
    if scene.close_up and describer.does(0.035):
        return f"{describer.pick(words.PICTURES)} {subject.text}"
    return subject.text


def _inflected(bare: str, describer: Describer, subject: Subject, clothes: str) -> str:
    """Return the verb phrase in one of three forms: "runs", "is running", "running"."""
    verb, _, rest = bare.partition(" ")
    draw = describer.rng.random()
    if clothes.endswith("while"):
        head = participle(verb)
    elif draw < 0.44:
        head = verb if subject.plural else third_person(verb)
    elif draw < 0.66:
        head = f"{'are' if subject.plural else 'is'} {participle(verb)}"
    else:
        head = participle(verb)
    return f"{head} {rest}"


def _bare_predicate(scene: Scene, describer: Describer, subject: Subject) -> str:
    """Return a verb phrase with a plain verb: with the thing in hand if there is one and it comes to mind."""
    action = scene.action
    kind = "dog" if scene.agent in ANIMAL_AGENTS else scene.agent
    keys = (f"{action}/{scene.agent}", f"{action}/{scene.script}", f"{action}/{kind}", action)
    if "bench" in scene.objects and describer.says(0.5, "things"):
        return _filled(scene, describer, subject, words.PREDICATES_WITH["bench"], "bench")
    if "book" in scene.objects and describer.says(0.4, "things"):
        return _filled(scene, describer, subject, words.PREDICATES_WITH["read"], "book")
    thing = _thing_in_hand(scene, describer)
    with_thing = first_known(words.PREDICATES_WITH, *keys)
    if with_thing and thing and describer.says(0.85 if action == "carry" else 0.4, "things"):
        return _filled(scene, describer, subject, with_thing, thing)
    return _filled(scene, describer, subject, known(words.PREDICATES, *keys), thing or "bag")


def _thing_in_hand(scene: Scene, describer: Describer) -> str | None:
    things = [name for name in scene.objects if name not in ("bench", "book", "car")]
    if scene.action == "hit":
        return "tennisball"
    if scene.action == "carry" and scene.script == "football":
        return "football"
    if not things and scene.action in ("hold", "carry") and scene.agent != "dog":
        return "bag" if describer.does(0.6) else "tool"
    return things[0] if things else ("tennisball" if scene.action == "chase" else None)


def _filled(scene: Scene, describer: Describer, subject: Subject, choices: Choices[str], thing: str) -> str:
    """Return one of the phrases, its slot for the object filled; what takes two is not said of one."""
    phrase = describer.pick(choices)
    while not subject.plural and TAKES_TWO.search(phrase):
        phrase = describer.pick(choices)
    return phrase.replace("{o}", _object(scene, describer, subject, thing)) if "{o}" in phrase else phrase


def _object(scene: Scene, describer: Describer, subject: Subject, thing: str) -> str:
    """Return the object with its article; several agents have one each of what one rides."""
    person = "" if scene.agent in ANIMAL_AGENTS else "person"
    choices = known(words.OBJECTS, f"{thing}/{scene.script}", f"{thing}/{scene.age}", f"{thing}/{person}", thing)
    colour = f"{_colour(describer, scene.object_colour)} " if describer.does(0.36) else ""
    noun = describer.pick(choices).replace("{c}", colour).strip()
    if noun.startswith("="):
        return noun[1:]
    if subject.plural and thing in RIDDEN and describer.does(0.85):
        return plural_of(noun)
    if describer.does(0.14):
        return f"the {noun}" if describer.does(0.5) or scene.agent == "dog" else f"{{his}} {noun}"
    return with_article(noun)


# --- where and what else -------------------------------------------------------------------------------------------
def _place(scene: Scene, describer: Describer, at_rest: bool) -> str:
    """Return where: along what for those who move, at what for those who stay or have no verb."""
    kind = PLACE_KINDS.get((scene.script, scene.place))
    if kind:
        return describer.pick(words.PLACES[kind])
    spot = words.PLACES.get(f"{scene.place}/{scene.spot}")
    if spot and describer.does(0.5) and (scene.action != "climb" or scene.place != "rock"):
        return describer.pick(spot)
    moving = scene.action in MOVING and not at_rest
    choices = known(words.PLACES, f"{scene.place}>" if moving else scene.place, scene.place)
    return describer.pick(choices)


def _extras(scene: Scene, describer: Describer, subject: Subject) -> list[str]:
    """Return what else is said, in the order in which it is said."""
    chances: list[tuple[float, str, Choices[str] | None]] = [
        (0.26, "place", words.TOPS["hike" if scene.script == "hike" else "other"] if scene.on_top else None),
        (0.24, "things", _race(scene)),
        *((0.34, "things", words.PROPS.get(prop)) for prop in scene.props),
        (0.20, "place", words.BACKGROUNDS.get(scene.background)),
        (0.33, "things", words.ONLOOKERS.get(scene.onlookers)),
        (0.26, "looks", _gesture(scene)),
        (0.12, "looks", words.SMILES if scene.smiles and scene.action != "smile" else None),
        (0.025, "looks", words.FACES if scene.close_up else None),
        (0.28, "place", words.LIGHTS.get(scene.light)),
    ]
    extras = [
        describer.pick(choices) for chance, aspect, choices in chances if choices and describer.says(chance, aspect)
    ]
    if describer.errs(UNSEEN):
        extras.append(describer.pick(words.WRONG_THING))
    directed = scene.action in MOVING or scene.action == "jump"
    kept = [extra for extra in extras if directed or extra.split()[0] not in DIRECTED]
    participles = [extra for extra in kept if extra.split()[0].endswith("ing")]
    return [extra for extra in kept if extra not in participles[1:]]  # one is enough: "running holding a kite"


def _race(scene: Scene) -> Choices[str] | None:
    if not scene.race:
        return None
    if scene.agent == "greyhound":
        return words.DOG_RACES
    return words.CAR_RACES if scene.agent in VEHICLE_AGENTS else words.RACES


def _gesture(scene: Scene) -> Choices[str] | None:
    if scene.gesture is None or scene.agent in VEHICLE_AGENTS:
        return None
    return (words.DOG_GESTURES if scene.agent in ANIMAL_AGENTS else words.GESTURES)[scene.gesture]


def _manner(scene: Scene, describer: Describer, subject: Subject, silent: bool) -> str:
    """Return how, or in what company."""
    if not describer.says(0.2):
        return ""
    if scene.agent in ANIMAL_AGENTS:
        kind = "dog>" if scene.action in MOVING and not silent else "dog"
    elif scene.agent in VEHICLE_AGENTS:
        kind = "car"
    elif scene.agent in SPORT_AGENTS or scene.agent == "surfer":
        kind = "sport"
    else:
        kind = "group" if subject.plural else "person"
    phrase = describer.pick(words.MANNERS[kind])
    return "" if TAKES_TWO.search(phrase) and not subject.plural else phrase
