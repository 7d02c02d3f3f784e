"""German captions: written for themselves by describers of their own, not translated from the English ones."""

import re
from dataclasses import dataclass

import numpy as np

from vgsnb.scenes import german_words as words
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
from vgsnb.scenes.german_grammar import ACCUSATIVE, DATIVE, NOMINATIVE, Noun, noun_phrase, relative_pronoun

HIS = {"sein": "sein", "seinem": "seinem", "seiner": "seiner"}
HER = {"sein": "ihr", "seinem": "ihrem", "seiner": "ihrer"}
EVERYDAY = names(
    """ein eine einen einem einer der die das den dem des im in am an auf ins ans vor neben mit und bei beim über durch
    unter zwischen zu zum zur von aus um für sich zwei"""
)
STATES = frozenset({"stehen", "sitzen", "liegen", "hängen", "fahren", "gehen"})  # no "beim stehen" in captions
RESTING = names("spielen kauen halten haben stehen sitzen liegen schnüffeln")  # nobody stands "ins wasser"
DOWNHILL = frozenset({"hinunter", "hinauf"})  # particles that follow their own noun: "den hang hinunter"
TAKES_TWO = re.compile(
    r"\b(zusammen|gemeinsam|miteinander|nebeneinander|im kreis|hand in hand|unterhalten|balgen|raufen)\b"
)


@dataclass(frozen=True)
class Subject:
    """Who the caption is about, as this describer sees it."""

    text: str
    noun: Noun
    plural: bool  # of the verb; "eine gruppe von leuten" is singular

    @property
    def possessives(self) -> dict[str, str]:
        """Return his, or her and their, which are one in German; a girl is a "she" in spite of her grammar."""
        return HER if self.plural or self.noun.gender == "f" or self.noun.singular == "mädchen" else HIS


@dataclass(frozen=True)
class Predicate:
    """A verb phrase: the finite form that agrees with the subject, what follows it, and the separable particle."""

    finite: str
    infinitive: str
    rest: str
    particle: str


def describe(scene: Scene, rng: np.random.Generator, careful: bool = False) -> str:
    """Return one German caption by a new describer: correct cases and endings, lower case, no punctuation or digits.

    With ``careful`` the describer says nothing that is not so.
    """
    describer = new_describer(rng, scene, careful)
    subject = _subject(scene, describer)
    predicate = _predicate(scene, describer, subject)
    form = describer.rng.random()
    silent = form < 0.10
    place = ""
    if silent or describer.says(
        0.42 if scene.action in ("ridewave", "kick", "hit", "tackle", "smile", "pose") else 0.76, "place"
    ):
        place = _place(scene, describer, silent or predicate.infinitive in RESTING)
    if predicate.particle in DOWNHILL and not silent and place.endswith(tuple(DOWNHILL)):
        place = ""
    how = "" if silent else _manner(scene, describer, subject)
    parts = [subject.text, _clothes(scene, describer, subject)]
    if silent:
        parts.append(place)
    elif form < 0.16 and not predicate.rest and predicate.infinitive not in STATES:
        parts += [f"beim {predicate.particle}{predicate.infinitive}", place]
    else:
        relative = form < 0.26
        parts.append(_clause(subject, predicate, how, place, relative))
    for extra in _extras(scene, describer):
        add_unless_repeated(parts, extra, EVERYDAY)
    return " ".join(" ".join(parts).split()).format(**subject.possessives)


def _clause(subject: Subject, predicate: Predicate, how: str, place: str, relative: bool) -> str:
    """Return a main clause's verb phrase, verb second, or a relative clause, verb last."""
    middle = [how, place, predicate.rest] if predicate.particle in DOWNHILL else [predicate.rest, how, place]
    if predicate.rest.startswith("sich"):
        middle = [predicate.rest, how, place]
    if relative:
        pronoun = relative_pronoun(subject.noun, subject.plural)
        return " ".join([pronoun, *middle, predicate.particle + predicate.finite])
    return " ".join([predicate.finite, *middle, predicate.particle])


# --- who -----------------------------------------------------------------------------------------------------------
def _subject(scene: Scene, describer: Describer) -> Subject:
    noun = _noun(scene, describer)
    count = seen_count(scene, describer)
    if scene.age == "child" and count > 1 and describer.does(0.4):
        noun = words.NOUNS["kind"]
    if count == 1 and noun.gender != "p":
        draw = describer.rng.random()
        article = "ein" if draw < 0.90 else "der" if draw < 0.95 else ""
        return Subject(noun_phrase(noun, NOMINATIVE, article, _adjectives(scene, describer)), noun, False)
    count = max(count, 2)
    if count == 2 and scene.agent == "dog" and len(scene.coat) == 2 and describer.does(0.35):
        one, other = ([_colour(describer, colour, words.WRONG_COATS)] for colour in scene.coat)
        first = noun_phrase(noun, NOMINATIVE, "ein", one).removesuffix(noun.singular).strip()
        return Subject(f"{first} und {noun_phrase(noun, NOMINATIVE, 'ein', other)}", noun, True)
    adjectives = _adjectives(scene, describer)
    if count > 2 and describer.does(0.16):
        group = noun_phrase(noun, DATIVE, "", adjectives, plural=True)
        return Subject(f"eine gruppe von {group}", words.GROUP, False)
    number = words.NUMBERS[min(count, 5)]
    if count > 2 and describer.does(0.5 if scene.agent == "people" else 0.2):
        number = describer.pick(words.SOME)
    return Subject(noun_phrase(noun, NOMINATIVE, number, adjectives, plural=True), noun, True)


def _noun(scene: Scene, describer: Describer) -> Noun:
    if scene.agent == "dog" and scene.breed != "mixed" and describer.does(0.4):
        return words.NOUNS[describer.pick(words.AGENTS[f"dog/{scene.breed}"])]
    agent = seen_agent(scene, describer)
    return words.NOUNS[describer.pick(known(words.AGENTS, f"{agent}/{scene.script}", agent))]


def _adjectives(scene: Scene, describer: Describer) -> list[str]:
    """Return the adjectives before the subject, without endings."""
    if scene.agent in ANIMAL_AGENTS:
        return _dog_adjectives(scene, describer)
    if scene.agent in VEHICLE_AGENTS:
        return [_colour(describer, scene.vehicle_colour)] if describer.says(0.45, "looks") else []
    if scene.age == "child" or scene.agent == "baby":
        looks, chance = words.CHILD_LOOKS, 0.42
    elif scene.age == "old":
        looks, chance = words.OLD_LOOKS, 0.5
    else:
        looks, chance = words.ADULT_LOOKS, 0.11 if scene.sex else 0.04
    return [describer.pick(looks)] if describer.says(chance, "looks") else []


def _dog_adjectives(scene: Scene, describer: Describer) -> list[str]:
    adjectives = []
    if describer.says(0.26 if scene.size != "mid" else 0.05, "looks"):
        size = scene.size if scene.size != "mid" else "large" if describer.does(0.4) else "small"
        adjectives.append(describer.pick(words.SIZES[size]))
    if describer.says(0.06, "looks"):
        adjectives.append(describer.pick(words.DOG_LOOKS))
    if describer.says(0.46 if scene.count == 1 else 0.22, "looks"):
        coat = scene.coat if describer.does(0.75) else scene.coat[:1]
        adjectives.append(
            " ".join(dict.fromkeys(_colour(describer, colour, words.WRONG_COATS) for colour in coat))
        )  # schwarz weißer hund
    return adjectives


def _colour(describer: Describer, colour: str | None, wrong: Choices[str] = words.WRONG_COLOURS) -> str:
    """Return a colour as this describer sees and calls it, without ending."""
    if describer.errs(WRONG_COLOUR):
        return describer.pick(wrong)
    return describer.pick(words.COLOURS[colour or "red"])


# --- in what -------------------------------------------------------------------------------------------------------
def _clothes(scene: Scene, describer: Describer, subject: Subject) -> str:
    """Return what the agents wear, or nothing: "in einem roten hemd", "mit schwarzer mütze", "in grün"."""
    if scene.agent in VEHICLE_AGENTS:
        return ""
    things = _things_worn(scene, describer, subject)
    if not things:
        return _looks(scene, describer)
    draw = describer.rng.random()
    several = subject.plural or subject.noun is words.GROUP
    if draw < 0.10 and scene.agent not in ANIMAL_AGENTS:
        pronoun = relative_pronoun(subject.noun, subject.plural)
        worn = [noun_phrase(noun, ACCUSATIVE, "ein", colours, several) for noun, colours in things]
        return f"{pronoun} {' und '.join(worn)} {'tragen' if subject.plural else 'trägt'}"
    carried = any(noun.singular in words.NEVER_IN for noun, _ in things)
    article = "" if draw < 0.60 or carried else "ein"
    worn = [noun_phrase(noun, DATIVE, article, colours, several) for noun, colours in things]
    return f"{'mit' if article == '' else 'in'} {' und '.join(worn)}"


def _things_worn(scene: Scene, describer: Describer, subject: Subject) -> list[tuple[Noun, list[str]]]:
    """Return at most two things to wear, each with its colours."""
    things: list[tuple[Choices[str], str | None, float]] = []
    if scene.agent not in ANIMAL_AGENTS:
        if describer.says(0.2, "looks"):
            gender = "female" if subject.possessives is HER and not subject.plural else "male"
            things.append(
                (known(words.GARMENTS, f"{scene.garment}/{gender}", scene.garment or "shirt"), scene.shirt, 0.85)
            )
        if scene.legs and describer.says(0.05, "looks"):
            things.append((words.LEGS[scene.legs], scene.legs_colour, 0.7))
        if scene.hat and scene.hat_kind and describer.says(0.26, "looks"):
            things.append((words.HATS[scene.hat_kind], scene.hat, 0.5))
    for accessory in scene.accessories:
        if describer.says(0.14, "looks"):
            things.append((words.ACCESSORIES[accessory], None, 0.0))
    return [
        (words.NOUNS[describer.pick(nouns)], _colours(describer, colour, chance))
        for nouns, colour, chance in things[:2]
    ]


def _colours(describer: Describer, colour: str | None, chance: float) -> list[str]:
    if colour and describer.does(chance):
        return [_colour(describer, colour)]
    return [describer.pick(words.BUNT)] if describer.does(0.12) else []


def _looks(scene: Scene, describer: Describer) -> str:
    if scene.hair and describer.says(0.16 if scene.close_up and scene.long_hair else 0.012, "looks"):
        hair = [describer.pick(words.HAIR[scene.hair])]
        if scene.long_hair and describer.does(0.5):
            hair.insert(0, "lang")
        return f"mit {noun_phrase(words.NOUNS['haare'], DATIVE, '', hair)}"
    return f"in {_colour(describer, scene.shirt)}" if scene.shirt and describer.says(0.04, "looks") else ""


# --- does what -----------------------------------------------------------------------------------------------------
def _predicate(scene: Scene, describer: Describer, subject: Subject) -> Predicate:
    """Return what the agents do: with the thing in hand if there is one and it comes to mind."""
    action = scene.action
    kind = "dog" if scene.agent in ANIMAL_AGENTS else scene.agent
    keys = (f"{action}/{scene.agent}", f"{action}/{scene.script}", f"{action}/{kind}", action)
    thing = _thing_in_hand(scene, describer)
    if "bench" in scene.objects and describer.says(0.55, "things"):
        choices, thing = words.PREDICATES_WITH["bench"], "bench"
    elif "book" in scene.objects and describer.says(0.4, "things"):
        choices, thing = words.PREDICATES_WITH["read"], "book"
    else:
        with_thing = first_known(words.PREDICATES_WITH, *keys)
        in_hand = with_thing and scene.objects and describer.says(0.85 if action == "carry" else 0.4, "things")
        choices = with_thing if in_hand and with_thing else known(words.PREDICATES, *keys)
    phrase = describer.pick(choices)
    while not subject.plural and TAKES_TWO.search(phrase):
        phrase = describer.pick(choices)
    return _parsed(_with_object(scene, describer, phrase, thing), subject.plural)


def _parsed(phrase: str, plural: bool) -> Predicate:
    """Read "springt/springen in die luft ^hoch"."""
    verb, _, rest = phrase.partition(" ")
    rest, _, particle = rest.partition("^")
    one, many = verb.split("/")
    return Predicate(many if plural else one, many, rest.strip(), particle.strip())


def _thing_in_hand(scene: Scene, describer: Describer) -> str:
    things = [name for name in scene.objects if name not in ("bench", "book", "car")]
    if scene.action in ("hit", "chase"):
        return "tennisball"
    if scene.action == "carry" and scene.script == "football":
        return "football"
    return things[0] if things else "bag" if describer.does(0.6) else "tool"


def _with_object(scene: Scene, describer: Describer, phrase: str, thing: str) -> str:
    """Fill the object's slot, in the accusative or the dative."""
    if "{o}" not in phrase and "{d}" not in phrase:
        return phrase
    person = "animal" if scene.agent in ANIMAL_AGENTS else "person"
    noun = words.NOUNS[describer.pick(known(words.OBJECTS, f"{thing}/{scene.script}", f"{thing}/{person}", thing))]
    coloured = thing in ("ball", "toy", "frisbee", "sled", "surfboard", "skateboard", "bike", "motorbike")
    adjectives = [_colour(describer, scene.object_colour)] if describer.does(0.3 if coloured else 0.03) else []
    if not adjectives and describer.does(0.07):
        adjectives = ["groß" if describer.does(0.7) else "klein"]
    article = "der" if describer.does(0.14) else "ein"
    return phrase.replace("{o}", noun_phrase(noun, ACCUSATIVE, article, adjectives)).replace(
        "{d}", noun_phrase(noun, DATIVE, article, adjectives)
    )


# --- where and what else -------------------------------------------------------------------------------------------
def _place(scene: Scene, describer: Describer, at_rest: bool) -> str:
    kind = PLACE_KINDS.get((scene.script, scene.place))
    if kind:
        return describer.pick(words.PLACES[kind])
    spot = words.PLACES.get(f"{scene.place}/{scene.spot}")
    if spot and describer.does(0.5):
        return describer.pick(spot)
    moving = scene.action in MOVING and not at_rest
    return describer.pick(known(words.PLACES, f"{scene.place}>" if moving else scene.place, scene.place))


def _extras(scene: Scene, describer: Describer) -> list[str]:
    """Return what else is said, in the order in which it is said."""
    gestures = words.DOG_GESTURES if scene.agent in ANIMAL_AGENTS else words.GESTURES
    chances: list[tuple[float, str, Choices[str] | None]] = [
        (0.34, "place", words.TOPS if scene.on_top and scene.script == "hike" else None),
        (0.32, "things", words.RACES if scene.race else None),
        *((0.34, "things", words.PROPS.get(prop)) for prop in scene.props),
        (0.18, "place", words.BACKGROUNDS.get(scene.background)),
        (0.24, "looks", gestures[scene.gesture] if scene.gesture and scene.agent not in VEHICLE_AGENTS else None),
        (0.10, "looks", words.SMILES if scene.smiles and scene.action != "smile" else None),
        (0.22, "place", words.LIGHTS.get(scene.light)),
        (0.30, "things", words.ONLOOKERS.get(scene.onlookers)),
    ]
    extras = [
        describer.pick(choices) for chance, aspect, choices in chances if choices and describer.says(chance, aspect)
    ]
    if describer.errs(UNSEEN):
        extras.insert(0, describer.pick(words.UNSEEN))
    return sorted(extras, key=lambda extra: extra.startswith("und "))  # a clause of its own comes last


def _manner(scene: Scene, describer: Describer, subject: Subject) -> str:
    """Return how, or in what company."""
    if not describer.says(0.12):
        return ""
    if scene.agent in ANIMAL_AGENTS:
        kind = "dogs" if subject.plural else "dog>" if scene.action in MOVING else "dog"
    elif scene.agent in VEHICLE_AGENTS:
        kind = "car"
    elif scene.agent in SPORT_AGENTS:
        kind = "sport"
    else:
        kind = "group" if subject.plural else "person"
    phrase = describer.pick(words.MANNERS[kind])
    return "" if TAKES_TWO.search(phrase) and not subject.plural else phrase
