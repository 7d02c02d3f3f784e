"""The facts of a scene: everything that its picture shows and that its describers may mention.

Scenes come from *scripts* (surfing, a dog on a lawn, a football game …), so that things come together as in life. The
weights of the scripts, the numbers of dogs and the colours by sex and uniform follow what captions of Flickr8k mention.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from vgsnb.scenes.choices import Choices, each_of, happens, odds

PEOPLE_COLOURS = odds(
    "red .21, blue .2, white .2, black .16, green .09, yellow .08, orange .06, pink .02, gray .04, brown "
    ".03, purple .02"
)
GIRLS_COLOURS = odds("pink .3, white .16, red .13, blue .11, black .09, yellow .07, orange .04, green .05, purple .05")
UNIFORM_COLOURS = odds("red .42, white .2, blue .13, orange .13, yellow .10, black .06")
COAT_COLOURS = odds("brown .33, black .33, white .22, tan .12")
SECOND_COAT_COLOURS = odds("white .6, black .2, brown .2")
CAR_COLOURS = odds("red .4, blue .2, white .15, yellow .15, black .1")
OBJECT_COLOURS = odds("red .24, yellow .18, blue .16, orange .16, green .12, pink .08, white .07")
HAIR_COLOURS = odds("brown .42, black .22, blond .24, red .06, gray .06")
BREEDS = {  # by the first colour of the coat
    "tan": odds("mixed .65, retriever .25, terrier .1"),
    "brown": odds("mixed .85, shepherd .07, terrier .04, poodle .04"),
    "black": odds("mixed .88, poodle .05, collie .07"),
    "white": odds("mixed .8, poodle .07, terrier .08, dalmatian .05"),
}

# What a place looks like in particular; the first is what one draws when in doubt.
SPOTS: Mapping[str, dict[str, float]] = {
    "grass": {"lawn": 0.5, "yard": 0.3, "meadow": 0.2},
    "field": {"field": 0.7, "pasture": 0.15, "hay": 0.15},
    "snow": {"flat": 0.6, "hill": 0.25, "woods": 0.15},
    "lake": {"lake": 0.4, "river": 0.25, "stream": 0.2, "puddle": 0.15},
    "ocean": {"waves": 0.6, "shore": 0.4},
    "pool": {"pool": 0.8, "plastic": 0.2},
    "beach": {"sand": 0.6, "shore": 0.3, "pier": 0.1},
    "dirt": {"road": 0.4, "trail": 0.35, "mud": 0.25},
    "woods": {"forest": 0.6, "path": 0.3, "leaves": 0.1},
    "street": {"road": 0.4, "sidewalk": 0.25, "shops": 0.15, "crossing": 0.1, "market": 0.1},
    "building": {"house": 0.3, "wall": 0.35, "store": 0.2, "steps": 0.15},
    "park": {"playground": 0.6, "path": 0.2, "garden": 0.2},
    "indoor": {"room": 0.3, "couch": 0.2, "kitchen": 0.15, "bed": 0.1, "restaurant": 0.15, "stage": 0.1},
    "ramp": {"ramp": 0.5, "rail": 0.25, "steps": 0.25},
    "mountain": {"peak": 0.4, "trail": 0.3, "ledge": 0.3},
    "rock": {"cliff": 0.6, "boulder": 0.4},
}


@dataclass(frozen=True)
class Scene:
    """What one picture shows. Names of scripts, places, actions and objects are those of ``SCRIPTS``."""

    script: str
    agent: str  # dog, child, adult, people, surfer, snowboarder, skier, climber, biker, rider, skater, player, baby, …
    count: int  # how many agents, 1 to 5
    sex: str | None  # boy, girl, man, woman; None for animals, cars and mixed groups
    place: str
    action: str
    objects: tuple[str, ...] = ()
    size: str = "mid"  # of an animal: small, mid, large
    coat: tuple[str, ...] = ()  # colours of an animal's coat, one or two
    shirt: str | None = None  # colour of what covers the upper body
    jacket: bool = False
    hat: str | None = None  # its colour
    vehicle_colour: str | None = None
    object_colour: str = "red"
    race: bool = False
    on_top: bool = False
    close_up: bool = False
    smiles: bool = False
    background: str = "none"  # tree, building, car, rock, mountain
    spot: str = ""  # what the place looks like in particular, one of SPOTS[place]; "" where there is no choice
    age: str | None = None  # child, adult, old; None for animals, cars and mixed groups
    garment: str | None = None  # of GARMENTS, or uniform, wetsuit, jacket, swimsuit; its colour is ``shirt``
    legs: str | None = None  # jeans, shorts, pants, skirt
    legs_colour: str | None = None
    hat_kind: str | None = None  # hat, cap, helmet, beanie
    hair: str | None = None  # brown, black, blond, red, gray
    long_hair: bool = False
    accessories: tuple[str, ...] = ()  # of PERSON_ACCESSORIES or DOG_ACCESSORIES
    breed: str = "mixed"  # of a dog: one of BREEDS
    gesture: str | None = None  # of GESTURES
    props: tuple[str, ...] = ()  # things that stand around, of the script's props
    onlookers: str = "none"  # none, man, woman, child, people (two or three), crowd, dog
    light: str = "plain"  # plain, sunny, sunset, night, rain, autumn
    focus: str = "plain"  # what strikes everyone, being large or bright: plain, looks, place, things


@dataclass(frozen=True)
class Script:
    """A kind of scene: who does what where, with what, each with its weight; objects and props with their chances."""

    weight: float
    agents: Mapping[str, float]
    places: Mapping[str, float]
    actions: Mapping[str, float]
    objects: Mapping[str, float] = field(default_factory=dict)
    counts: Mapping[int, float] | None = None  # by the agent where none is given
    props: Mapping[str, float] = field(default_factory=dict)
    race: float = 0.0  # chance that it is a race
    on_top: float = 0.02  # chance that the agent is at the top of something
    uniform: bool = False
    close_up: bool = False
    onlookers: Mapping[str, float] = field(default_factory=lambda: odds("none .85, people .06, man .05, woman .04"))


SCRIPTS: Mapping[str, Script] = {
    "dogs": Script(
        weight=26,
        agents=odds("dog"),
        counts={1: 0.68, 2: 0.24, 3: 0.08},
        places=odds(
            "grass .34, field .12, snow .11, lake .09, ocean .06, pool .04, beach .11, dirt .06, woods .04, street .03"
        ),
        actions=odds("run .36, jump .15, carry .14, play .12, stand .09, sit .05, walk .05, chase .06"),
        objects=odds("ball .08, tennisball .07, stick .09, toy .08, frisbee .06"),
        props=odds("fence .08, log .05, hurdle .03, bush .05, leash .04, sprinkler .02, house .03"),
        onlookers=odds("none .84, man .05, woman .05, child .03, people .03"),
    ),
    "surf": Script(
        weight=2.2,
        agents=odds("surfer"),
        places=odds("ocean"),
        actions=odds("ridewave"),
        objects=odds("surfboard .9"),
    ),
    "beachfolk": Script(
        weight=4.5,
        agents=odds("child .5, adult .3, people .2"),
        places=odds("beach .8, ocean .2"),
        actions=odds("play .35, run .2, walk .2, sit .15, jump .1"),
        objects=odds("ball .08, toy .08"),
        props=odds("umbrella .1, towel .08, boat .1, bucket .1, kite .05, bird .08"),
        onlookers=odds("none .8, people .12, dog .08"),
    ),
    "pool": Script(
        weight=2.2,
        agents=odds("child .8, adult .2"),
        places=odds("pool"),
        actions=odds("swim .6, jump .25, play .15"),
        objects=odds("toy .1"),
        props=odds("slide .08, chair .08, tube .12"),
    ),
    "snowsport": Script(
        weight=3.2,
        agents=odds("snowboarder .55, skier .45"),
        places=odds("snowmountain .9, snow .1"),
        actions=odds("air .5, slide .5"),
        props=odds("flag .08, lift .06, pine .15"),
    ),
    "snowplay": Script(
        weight=2.2,
        agents=odds("child .6, people .4"),
        places=odds("snow"),
        actions=odds("play .4, walk .3, slide .3"),
        objects=odds("sled .4"),
        props=odds("snowman .08, shovel .06, pine .1, house .08, tent .04"),
    ),
    "climb": Script(
        weight=2.6,
        agents=odds("climber"),
        places=odds("rock .85, mountain .15"),
        actions=odds("climb"),
        objects=odds("rope .3"),
    ),
    "hike": Script(
        weight=2.4,
        agents=odds("adult .6, people .4"),
        places=odds("mountain .7, rock .3"),
        actions=odds("stand .5, walk .3, sit .2"),
        props=odds("tent .08, waterfall .08, lake .1, cloud .15, pole .06, pine .08"),
        on_top=0.5,
    ),
    "mtb": Script(
        weight=2.4,
        agents=odds("biker"),
        places=odds("dirt .6, woods .25, mountain .15"),
        actions=odds("ride .65, air .35"),
        objects=odds("bike"),
        props=odds("log .08, jump .15"),
    ),
    "motocross": Script(
        weight=1.8,
        agents=odds("rider"),
        places=odds("dirt"),
        actions=odds("ride .55, air .45"),
        objects=odds("motorbike"),
        props=odds("jump .2, flag .1, sign .08"),
        onlookers=odds("none .75, crowd .25"),
        race=0.5,
    ),
    "roadbike": Script(
        weight=1.4,
        agents=odds("adult .6, child .4"),
        places=odds("street .8, park .2"),
        actions=odds("ride"),
        objects=odds("bike"),
        props=odds("house .1, truck .08, bridge .08, streetlight .06"),
    ),
    "skate": Script(
        weight=3,
        agents=odds("skater"),
        places=odds("ramp .6, street .25, park .15"),
        actions=odds("ride .35, air .65"),
        objects=odds("skateboard"),
        props=odds("graffiti .15, fence .08, bench .06, cone .05"),
    ),
    "carrace": Script(
        weight=1.1,
        agents=odds("racecar"),
        places=odds("track .7, dirt .3"),
        actions=odds("drive"),
        props=odds("smoke .25, flag .1, tire .12, sign .08"),
        onlookers=odds("none .7, crowd .3"),
        race=1,
    ),
    "dograce": Script(
        weight=1,
        agents=odds("greyhound"),
        counts={2: 0.6, 3: 0.4},
        places=odds("track"),
        actions=odds("run"),
        props=odds("fence .1, number .4"),
        onlookers=odds("none .85, crowd .15"),
        race=1,
    ),
    "soccer": Script(
        weight=2,
        agents=odds("child .6, player .4"),
        places=odds("field .9, grass .1"),
        actions=odds("kick .7, run .3"),
        objects=odds("soccerball"),
        props=odds("goal .2, fence .06, number .1"),
        onlookers=odds("none .75, people .12, crowd .08, man .05"),
    ),
    "football": Script(
        weight=1.5,
        agents=odds("player"),
        counts={1: 0.45, 2: 0.4, 3: 0.15},
        places=odds("field"),
        actions=odds("run .4, tackle .35, carry .25"),
        objects=odds("football .8"),
        props=odds("number .2, goal .06"),
        onlookers=odds("none .6, crowd .25, man .15"),
        uniform=True,
    ),
    "basket": Script(
        weight=1.2,
        agents=odds("player"),
        places=odds("court"),
        actions=odds("air .4, play .6"),
        objects=odds("basketball"),
        props=odds("hoop .4, number .12"),
        onlookers=odds("none .65, crowd .3, man .05"),
        uniform=True,
    ),
    "tennis": Script(
        weight=1.05,
        agents=odds("adult .7, player .3"),
        places=odds("court"),
        actions=odds("hit"),
        objects=odds("racket .9, tennisball .6"),
        props=odds("net .3"),
        onlookers=odds("none .85, crowd .15"),
    ),
    "playground": Script(
        weight=5,
        agents=odds("child"),
        places=odds("park .7, grass .3"),
        actions=odds("slide .3, swing .3, climb .12, run .13, jump .15"),
        objects=odds("toy .06"),
        props=odds("trampoline .06, ladder .06, fence .08, bubble .06, sprinkler .05, house .05"),
        onlookers=odds("none .82, woman .08, man .06, child .04"),
    ),
    "street": Script(
        weight=7,
        agents=odds("adult .6, people .4"),
        places=odds("street .8, building .2"),
        actions=odds("walk .45, stand .3, sit .15, carry .1"),
        objects=odds("bag .2, sign .1, car .05"),
        props=odds(
            "umbrella .06, bus .08, truck .06, flag .05, bicycle .06, streetlight .05, poster .06, phone "
            ".08, stroller .05, pigeon .05, newspaper .04, cigarette .05, cart .04, statue .03"
        ),
        onlookers=odds("none .7, people .15, crowd .07, dog .08"),
    ),
    "bench": Script(
        weight=3.5,
        agents=odds("adult .7, people .3"),
        places=odds("park .55, street .25, building .2"),
        actions=odds("sit"),
        objects=odds("bench .9, book .2"),
        props=odds(
            "newspaper .08, phone .08, pigeon .08, flower .08, statue .06, cigarette .05, cane .05, stroller "
            ".05, bicycle .06, sandwich .06"
        ),
        onlookers=odds("none .84, dog .1, people .06"),
    ),
    "pose": Script(
        weight=6,
        agents=odds("adult .55, women .14, child .31"),
        places=odds("indoor .4, building .25, street .2, grass .15"),
        actions=odds("smile .65, pose .35"),
        objects=odds("drink .15, camera .06"),
        props=odds(
            "microphone .06, guitar .07, balloon .06, cake .04, poster .05, flower .06, curtain .04, window .05"
        ),
        close_up=True,
    ),
    "baby": Script(
        weight=2,
        agents=odds("baby"),
        places=odds("indoor .7, grass .3"),
        actions=odds("sit .5, play .3, smile .2"),
        objects=odds("toy .5"),
        props=odds("blanket .12, highchair .06, bottle .06, pillow .06, block .06, bowl .06"),
        onlookers=odds("none .84, woman .1, man .06"),
    ),
    "kidsfield": Script(
        weight=5,
        agents=odds("child"),
        counts={1: 0.55, 2: 0.27, 3: 0.18},
        places=odds("grass .5, field .3, tree .2"),
        actions=odds("run .45, jump .3, stand .1, climb .15"),
        objects=odds("ball .12, stick .04"),
        props=odds("fence .05, bubble .06, kite .05, flower .06, hose .04, tent .04, cow .03, balloon .04"),
        onlookers=odds("none .83, woman .07, man .05, dog .05"),
    ),
    "splash": Script(
        weight=2.6,
        agents=odds("child .8, adult .2"),
        places=odds("fountain .6, lake .4"),
        actions=odds("play .6, run .2, jump .2"),
        props=odds("dock .08, boat .06, statue .06, bucket .06, duck .06"),
    ),
    "manwork": Script(
        weight=4,
        agents=odds("adult"),
        places=odds("building .4, street .3, indoor .3"),
        actions=odds("hold .5, stand .3, carry .2"),
        objects=odds("sign .2, bag .2, tool .3"),
        props=odds(
            "ladder .1, box .1, bucket .06, table .1, computer .05, window .06, pole .05, bottle .05, truck .05"
        ),
        onlookers=odds("none .86, people .08, woman .06"),
    ),
}

COUNTS: Mapping[str, dict[int, float]] = {  # by agent, where the script does not say; 1 for everyone else
    "child": {1: 0.82, 2: 0.13, 3: 0.05},
    "adult": {1: 0.84, 2: 0.12, 3: 0.04},
    "player": {1: 0.80, 2: 0.15, 3: 0.05},
    "women": {2: 0.8, 3: 0.2},
    "people": {3: 0.22, 4: 0.34, 5: 0.44},
}
BACKGROUNDS = odds("none .72, tree .09, building .06, car .02, rock .05, mountain .06")
NO_BACKGROUND = frozenset({"indoor", "pool", "court"})
SIZES = odds("large .2, small .2, mid .6")
WATERS = frozenset({"lake", "ocean", "pool"})
LAND_PROPS = frozenset({"fence", "log", "hurdle", "bush", "leash", "sprinkler", "house", "towel", "statue"})
DOG_IN_WATER = {"swim": 0.35, "run": 0.30, "jump": 0.15, "carry": 0.20}
LIGHTS = odds("plain .7, sunny .14, sunset .05, night .05, rain .02, autumn .04")
LIGHTS_INDOORS = odds("plain")
LEAFY = frozenset({"grass", "field", "woods", "street", "park", "tree", "dirt", "building"})  # where autumn is seen
FOCUS = odds("plain .2, looks .33, place .27, things .2")
GESTURES = odds("mouth open .35, tongue out .15, arms raised .25, pointing .1, waving .15")
PERSON_ACCESSORIES = odds("sunglasses .1, glasses .07, backpack .1, scarf .05, gloves .05, beard .08")
SPORT_ACCESSORIES = odds("sunglasses .05, goggles .25, gloves .2, backpack .08")
DOG_ACCESSORIES = odds("collar .25, harness .05, bandanna .03")
VEHICLE_AGENTS = frozenset({"racecar"})
ANIMAL_AGENTS = frozenset({"dog", "greyhound"})
SPORT_AGENTS = frozenset({"snowboarder", "skier", "climber", "biker", "rider", "skater"})
GARMENTS: Mapping[str, dict[str, float]] = {
    "girl": {"shirt": 0.42, "dress": 0.34, "sweater": 0.10, "swimsuit": 0.06, "costume": 0.08},
    "woman": {"shirt": 0.46, "dress": 0.28, "sweater": 0.14, "coat": 0.08, "costume": 0.04},
    "other": {"shirt": 0.68, "sweater": 0.14, "coat": 0.06, "vest": 0.05, "suit": 0.04, "costume": 0.03},
}
HAT_KINDS = odds("hat .55, cap .3, beanie .15")
LEGS = odds("jeans .3, shorts .35, pants .35")
LEGS_COLOURS = odds("blue .35, black .25, white .12, brown .1, red .08, green .05, gray .05")


def pick(rng: np.random.Generator, weights: Mapping[str, float]) -> str:
    """Draw one name by its weight."""
    return Choices(weights).pick(rng)


def sample_scene(rng: np.random.Generator) -> Scene:
    """Draw a script by its weight, then the facts of one scene of it."""
    name = pick(rng, {script: record.weight for script, record in SCRIPTS.items()})
    script = SCRIPTS[name]
    agent = pick(rng, script.agents)
    place = pick(rng, script.places)
    action = pick(rng, DOG_IN_WATER if agent == "dog" and place in WATERS else script.actions)
    sex, age = _person(rng, agent)
    objects = each_of(rng, script.objects)[:2]
    if agent == "dog" and action == "carry" and not objects:
        objects = [pick(rng, {"stick": 1, "toy": 1, "ball": 1})]
    looks = _animal(rng) if agent in ANIMAL_AGENTS else _outfit(rng, script, agent, sex, place)
    return Scene(
        script=name,
        agent=agent,
        count=Choices(script.counts or COUNTS.get(agent, {1: 1.0})).pick(rng),
        sex=sex,
        age=age,
        place=place,
        spot=pick(rng, SPOTS.get(place, {"": 1})),
        action=action,
        objects=tuple(objects),
        object_colour=pick(rng, OBJECT_COLOURS),
        vehicle_colour=pick(rng, CAR_COLOURS) if agent in VEHICLE_AGENTS else None,
        race=happens(rng, script.race),
        on_top=happens(rng, script.on_top),
        close_up=script.close_up,
        smiles=action == "smile" or (script.close_up and happens(rng, 0.4)),
        background="none" if place in NO_BACKGROUND else pick(rng, BACKGROUNDS),
        gesture=pick(rng, GESTURES) if happens(rng, 0.15) else None,
        props=tuple(_props(rng, script, place)),
        onlookers=pick(rng, script.onlookers),
        light=_light(rng, place),
        focus=pick(rng, FOCUS),
        **looks,
    )


def _person(rng: np.random.Generator, agent: str) -> tuple[str | None, str | None]:
    """Return sex and age of the agents, None where they are not persons of one kind."""
    if agent == "child":
        return pick(rng, {"boy": 0.56, "girl": 0.44}), "child"
    if agent == "adult":
        return pick(rng, {"man": 0.64, "woman": 0.36}), pick(rng, {"adult": 0.9, "old": 0.1})
    return ("woman", "adult") if agent == "women" else (None, None)


def _light(rng: np.random.Generator, place: str) -> str:
    """Return the light or season: nothing to be seen of it indoors, and autumn only where leaves fall."""
    light = pick(rng, LIGHTS_INDOORS if place in NO_BACKGROUND else LIGHTS)
    return "plain" if light == "autumn" and place not in LEAFY else light


def _props(rng: np.random.Generator, script: Script, place: str) -> list[str]:
    """Return at most two of the script's props, and no fence in the sea."""
    return [prop for prop in each_of(rng, script.props)[:2] if place not in WATERS or prop not in LAND_PROPS]


def _animal(rng: np.random.Generator) -> dict:
    """Return size, coat, breed and what it wears, of a dog."""
    coat = [pick(rng, COAT_COLOURS)]
    if happens(rng, 0.35):
        coat.append(pick(rng, SECOND_COAT_COLOURS))
    return {
        "size": pick(rng, SIZES),
        "coat": tuple(dict.fromkeys(coat)),
        "breed": pick(rng, BREEDS[coat[0]]),
        "accessories": tuple(each_of(rng, DOG_ACCESSORIES)),
    }


def _outfit(rng: np.random.Generator, script: Script, agent: str, sex: str | None, place: str) -> dict:
    """Return clothes, hat and hair of the persons; a car has none."""
    if agent in VEHICLE_AGENTS:
        return {}
    colours = UNIFORM_COLOURS if script.uniform else GIRLS_COLOURS if sex in ("girl", "woman") else PEOPLE_COLOURS
    cold = place in ("snow", "snowmountain", "mountain")
    jacket = happens(rng, 0.58 if cold else 0.08)
    has_hat = happens(rng, 0.12 if sex == "girl" else 0.22) and agent != "surfer" and place != "pool"
    legs = None if agent in ("baby", "surfer") or place == "pool" else pick(rng, LEGS)
    if legs and sex in ("girl", "woman") and happens(rng, 0.3):
        legs = "skirt"
    return {
        "shirt": pick(rng, colours),
        "jacket": jacket,
        "garment": _garment(rng, script, agent, sex, place, jacket),
        "hat": pick(rng, PEOPLE_COLOURS) if has_hat else None,
        "hat_kind": _hat_kind(rng, agent, script) if has_hat else None,
        "legs": legs,
        "legs_colour": pick(rng, LEGS_COLOURS) if legs else None,
        "hair": pick(rng, HAIR_COLOURS),
        "long_hair": happens(rng, 0.7 if sex in ("girl", "woman") else 0.08),
        "accessories": _accessories(rng, agent, sex),
    }


def _accessories(rng: np.random.Generator, agent: str, sex: str | None) -> tuple[str, ...]:
    """Return what a person carries on; only men have beards, and babies and surfers have nothing on them."""
    if agent in ("baby", "surfer"):
        return ()
    worn = each_of(rng, SPORT_ACCESSORIES if agent in SPORT_AGENTS else PERSON_ACCESSORIES)
    return tuple(name for name in worn if name != "beard" or sex == "man")


def _garment(rng: np.random.Generator, script: Script, agent: str, sex: str | None, place: str, jacket: bool) -> str:
    """Return the name of what covers the upper body, which has the colour ``shirt``."""
    if agent == "surfer":
        return "wetsuit"
    if jacket:
        return "jacket"
    if place == "pool":
        return "swimsuit"
    if script.uniform or agent == "player":
        return "uniform"
    if agent == "baby" or agent in SPORT_AGENTS:
        return "shirt" if happens(rng, 0.75) else "sweater"
    return pick(rng, GARMENTS.get(sex or "other", GARMENTS["other"]))


def _hat_kind(rng: np.random.Generator, agent: str, script: Script) -> str:
    """Return the kind of hat: sportsmen wear helmets."""
    return "helmet" if script.uniform or (agent in SPORT_AGENTS) else pick(rng, HAT_KINDS)
