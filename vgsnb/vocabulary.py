"""The keywords, their German counterparts, and which words belong together: by spelling, by stem, by meaning."""

import re
import unicodedata
from functools import cache
from types import MappingProxyType

import snowballstemmer  # type: ignore[import-untyped]

_KEYWORDS = """air baby ball beach bike black boy brown building camera car carrying children climbing dirt dogs
face field football grass hair hat holding jacket jumps large little mountain mouth ocean orange
park pink pool race red rides riding road rock running sand shirt sits sitting skateboard small
smiling snow snowy soccer stands stick street swimming tennis three top toy tree walks water wearing
white women yellow young"""
KEYWORDS: tuple[str, ...] = tuple(_KEYWORDS.split())

ADJECTIVE_ENDINGS = ("", "e", "en", "er", "es", "em")


def _adjective(*stems: str) -> tuple[str, ...]:
    """Return a German adjective with its endings, the bare form of the first stem first."""
    return tuple(stem + ending for stem in stems for ending in ADJECTIVE_ENDINGS)


# By hand; the first form is the lemma, or the plural where the English keyword is one. Compounds (Sandstrand) are words
# of their own; homographs in lower case (rennen: a race, to run) cannot be told apart, so "young" lists no form like
# "junge". "green" is no English keyword, but one of the German queries that were published.
GERMAN: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "air": ("luft", "lüfte", "lüften"),
        "baby": ("baby", "babys"),
        "ball": ("ball", "balls", "balles", "bälle", "bällen"),
        "beach": ("strand", "strands", "strandes", "strände", "stränden"),
        "bike": ("fahrrad", "fahrrads", "fahrrades", "fahrräder", "fahrrädern"),
        "black": _adjective("schwarz"),
        "boy": ("junge", "jungen", "jungs"),
        "brown": _adjective("braun"),
        "building": ("gebäude", "gebäudes", "gebäuden"),
        "camera": ("kamera", "kameras"),
        "car": ("auto", "autos"),
        "carrying": ("tragen", "trägt", "tragend", "tragende", "tragenden"),
        "children": ("kinder", "kindern"),
        "climbing": ("klettern", "klettert", "kletternd", "kletternde", "kletternder"),
        "dirt": ("erde", "dreck", "schmutz"),
        "dogs": ("hunde", "hunden"),
        "face": ("gesicht", "gesichts", "gesichtes", "gesichter", "gesichtern"),
        "field": ("feld", "felds", "feldes", "felde", "felder", "feldern"),
        "football": ("football", "footballs"),
        "grass": ("gras", "grases"),
        "green": _adjective("grün"),
        "hair": ("haare", "haaren", "haar"),
        "hat": ("hut", "huts", "hutes", "hüte", "hüten"),
        "holding": ("halten", "hält", "haltend"),
        "jacket": ("jacke", "jacken"),
        "jumps": ("springt", "springen", "springend", "springende", "springender"),
        "large": _adjective("groß"),
        "little": _adjective("klein"),
        "mountain": ("berg", "bergs", "berges", "berge", "bergen"),
        "mouth": ("maul", "mauls", "mäuler", "mäulern", "mund", "mündern"),
        "ocean": ("meer", "meeres", "meere", "meeren", "ozean"),
        "orange": ("orange", "orangen", "oranges", "oranger", "orangem", "orangefarbenen"),
        "park": ("park", "parks"),
        "pink": ("rosa", *_adjective("rosafarben")),
        "pool": ("pool", "pools", "schwimmbecken"),
        "race": ("rennen", "rennens"),
        "red": _adjective("rot"),
        "rides": ("fährt", "fahren", "reitet"),
        "riding": ("fahren", "fährt", "fahrend"),
        "road": ("straße", "straßen"),
        "rock": ("felsen", "fels", "felsens"),
        "running": ("rennen", "rennt", "rennend", "laufen", "läuft", "laufend"),
        "sand": ("sand", "sands", "sandes"),
        "shirt": ("hemd", "hemds", "hemdes", "hemden", "shirt", "shirts"),
        "sits": ("sitzt", "sitzen"),
        "sitting": ("sitzen", "sitzt", "sitzend", "sitzende", "sitzender"),
        "skateboard": ("skateboard", "skateboards"),
        "small": _adjective("klein"),
        "smiling": ("lächeln", "lächelt", "lächelnd", "lächelnde", "lächelnder"),
        "snow": ("schnee", "schnees"),
        "snowy": _adjective("verschneit", "schneebedeckt"),
        "soccer": ("fußball", "fußballs"),
        "stands": ("steht", "stehen"),
        "stick": ("stock", "stocks", "stockes", "stöcke", "stöcken", "stöckchen"),
        "street": ("straße", "straßen"),
        "swimming": ("schwimmen", "schwimmt", "schwimmend"),
        "tennis": ("tennis",),
        "three": ("drei",),
        "top": ("gipfel", "gipfels", "gipfeln"),
        "toy": ("spielzeug", "spielzeugs", "spielzeuge", "spielzeugen"),
        "tree": ("baum", "baums", "baumes", "bäume", "bäumen"),
        "walks": ("geht", "gehen", "spaziert", "spazieren"),
        "water": ("wasser", "wassers"),
        "wearing": ("tragen", "trägt", "tragend"),
        "white": _adjective("weiß"),
        "women": ("frauen",),
        "yellow": _adjective("gelb"),
        "young": ("jung", "junger", "junges", "jungem"),
    }
)

# Words that describers of the same kind of scene use for the same thing, its parts or its company, what it is set
# against included (black, white). Source: listed by hand from the scripts of the generated corpus (vgsnb.scenes), not
# from annotators. To sort errors and for a row of its own (related_accuracy); the papers' measures do not use it.
_RELATED = {
    "air": "midair sky jump jumping jumps leap leaps flying flies fly trick high airborne",
    "baby": "toddler infant child crib stroller highchair",
    "ball": "soccer football basketball tennis frisbee toy racket game kick kicks kicking player",
    "beach": "sand sandy shore ocean sea coast waves surf water",
    "bike": "bicycle bicycles cyclist biker bicyclist motorcycle motorbike rides riding rider pedals trail",
    "black": "dark white brown gray grey",
    "boy": "child kid toddler man boys girl young little",
    "brown": "tan golden beige black white",
    "building": "house store wall street city window shop buildings",
    "camera": "picture photo photograph pose poses posing smiling",
    "car": "race vehicle truck cars racing drives driving track van taxi",
    "carrying": "holding holds carries bag mouth stick walks",
    "children": "kids boys girls child toddlers boy girl playing playground",
    "climbing": "climber climbs climb rock cliff rope rappelling mountain wall scaling",
    "dirt": "mud muddy road trail track dusty dust path bike ground",
    "dogs": "dog puppy puppies animals greyhounds hounds canine animal",
    "face": "mouth smile head tongue eyes nose rock cliff climbing",
    "field": "grass grassy meadow lawn pasture game pitch",
    "football": "player players tackle tackling uniform game ball team jersey",
    "grass": "lawn grassy field yard meadow green backyard",
    "hair": "blond blonde haired curly head beard",
    "hat": "cap helmet beanie hats visor",
    "holding": "holds carrying carries hand hands",
    "jacket": "coat vest parka snowsuit windbreaker sweater hoodie",
    "jumps": "jump jumping leaps leaping hops air midair",
    "large": "big huge giant small little",
    "little": "small young tiny toddler child",
    "mountain": "hill cliff peak mountains rock slope hiker summit rocky",
    "mouth": "tongue teeth face ball stick toy bites",
    "ocean": "sea wave waves beach surf surfer water shore surfing surfboard",
    "orange": "red yellow basketball",
    "park": "playground bench swing slide garden outside",
    "pink": "purple red dress girl",
    "pool": "swimming swims water swim swimsuit splash diving",
    "race": "racing races track car motocross greyhounds runner competition",
    "red": "orange pink maroon",
    "rides": "riding ride rider bike bicycle skateboard motorcycle wave",
    "riding": "rides ride rider bike bicycle skateboard motorcycle wave",
    "road": "street dirt path highway gravel track",
    "rock": "rocks cliff boulder boulders rocky climbing climber climbs mountain stone",
    "running": "runs run sprinting racing jogging dashing chasing bounding",
    "sand": "beach sandy shore dirt sandbox",
    "shirt": "sweater jersey top tee blouse hoodie shorts jacket wearing",
    "sits": "sitting sit seated bench rests chair couch",
    "sitting": "sits sit seated bench resting chair couch",
    "skateboard": "skateboarder skateboarding skater board ramp trick skate",
    "small": "little tiny young large big",
    "smiling": "smiles smile laughing grinning happy camera poses",
    "snow": "snowy ski skier snowboarder sled snowball winter slope skis snowman",
    "snowy": "snow winter slope skier snowboarder mountain hill skiing",
    "soccer": "ball kick kicks kicking player field goal game",
    "stands": "standing stand waits waiting poses leans",
    "stick": "branch twig log wooden mouth",
    "street": "road sidewalk city crosswalk downtown traffic shops",
    "swimming": "swims swim pool water diving splashing paddling wading",
    "tennis": "racket court ball serves hits",
    "three": "two four five several group",
    "top": "peak summit mountain cliff hill",
    "toy": "ball doll frisbee object bone stuffed",
    "tree": "trees branch woods forest leaves trunk log",
    "walks": "walking walk strolls hikes wanders hiking",
    "water": "lake river ocean pool stream pond waves splash splashing swimming fountain creek puddle sea",
    "wearing": "wears dressed shirt hat jacket clothes dress uniform",
    "white": "black gray brown light",
    "women": "woman ladies girls lady men people",
    "yellow": "gold orange golden",
    "young": "little small child boy girl teenage youth",
}
RELATED: MappingProxyType[str, frozenset[str]] = MappingProxyType(
    {keyword: frozenset(words.split()) for keyword, words in _RELATED.items()}
)
IRREGULAR = {
    "women": "woman",
    "men": "man",
    "children": "child",
    "people": "person",
    "ran": "run",
    "sat": "sit",
    "rode": "ride",
}


def normalise(word: str) -> str:
    """Return a word as it is compared everywhere: composed letters, lower case, neither punctuation nor possessive."""
    word = unicodedata.normalize("NFC", word).lower().replace("\u2019", "'").removesuffix("'s")
    return re.sub(r"[^\w]|_", "", word)


@cache
def stem(word: str, language: str = "english") -> str:
    """Return the stem of a word (Snowball), irregular English plurals and pasts first turned into their lemma."""
    lemma = IRREGULAR.get(word, word) if language == "english" else word
    return str(snowballstemmer.stemmer(language).stemWord(lemma))


def is_variant(one: str, other: str, language: str = "english") -> bool:
    """Return whether two words have the same stem: rides and riding, women and woman."""
    return stem(normalise(one), language) == stem(normalise(other), language)
