"""What describers say in German for each fact of a scene: nouns with their grammar, and phrases with weights.

The captions are written for themselves, not translated. Predicates are ``singular/plural rest ^particle``: the finite
verb's two forms, what follows it, and the particle of a separable verb, which goes to the end. Slots: ``{o}`` the
object in the accusative, ``{d}`` in the dative, ``{sein}``, ``{seinem}``, ``{seiner}`` the possessive of the agent.
"""

from vgsnb.scenes.choices import names, phrases, table
from vgsnb.scenes.german_grammar import Noun, read_nouns

NOUNS = read_nouns(
    """
hund m hunde
tier n tiere
welpe m* welpen
vierbeiner m vierbeiner
golden_retriever m golden_retriever
labrador m labradore
schäferhund m schäferhunde
terrier m terrier
pudel m pudel
border_collie m border_collies
hütehund m hütehunde
dalmatiner m dalmatiner
windhund m windhunde
rennhund m rennhunde
junge m* jungen
bub m* buben
kind n kinder
kleinkind n kleinkinder
mädchen n mädchen
mann m männer
kerl m kerle
herr m* herren
person f personen
frau f frauen
dame f damen
mensch m* menschen
leute p leute
freunde p freunde
passant m* passanten
wanderer m wanderer
tourist m* touristen
baby n babys
surfer m surfer
wellenreiter m wellenreiter
snowboarder m snowboarder
skifahrer m skifahrer
skiläufer m skiläufer
kletterer m kletterer
bergsteiger m bergsteiger
radfahrer m radfahrer
fahrradfahrer m fahrradfahrer
mountainbiker m mountainbiker
motorradfahrer m motorradfahrer
motocrossfahrer m motocrossfahrer
rennfahrer m rennfahrer
fahrer m fahrer
skateboarder m skateboarder
skater m skater
jugendliche p jugendliche
spieler m spieler
sportler m sportler
fußballspieler m fußballspieler
fußballer m fußballer
footballspieler m footballspieler
basketballspieler m basketballspieler
tennisspieler m tennisspieler
tennisspielerin f tennisspielerinnen
auto n autos
rennwagen m rennwagen
rennauto n rennautos
wagen m wagen
sportwagen m sportwagen
ball m bälle
gummiball m gummibälle
tennisball m tennisbälle
stock m stöcke
ast m äste
stöckchen n stöckchen
holzstück n holzstücke
spielzeug n spielzeuge
stofftier n stofftiere
kuscheltier n kuscheltiere
spielzeugauto n spielzeugautos
puppe f puppen
frisbee n frisbees
frisbeescheibe f frisbeescheiben
fußball m fußbälle
football m footballs
basketball m basketbälle
schild n schilder
plakat n plakate
tasche f taschen
rucksack m rucksäcke
handtasche f handtaschen
einkaufstasche f einkaufstaschen
koffer m koffer
buch n bücher
zeitung f zeitungen
zeitschrift f zeitschriften
getränk n getränke
glas n gläser
becher m becher
flasche f flaschen
bier n biere
werkzeug n werkzeuge
hammer m hämmer
besen m besen
schaufel f schaufeln
seil n seile
schläger m schläger
tennisschläger m tennisschläger
bank f bänke
parkbank f parkbänke
holzbank f holzbänke
schlitten m schlitten
kamera f kameras
surfbrett n surfbretter
brett n bretter
fahrrad n fahrräder
rad n räder
mountainbike n mountainbikes
motorrad n motorräder
geländemotorrad n geländemotorräder
skateboard n skateboards
hemd n hemden
shirt n shirts
oberteil n oberteile
trikot n trikots
bluse f blusen
pullover m pullover
pulli m pullis
kleid n kleider
sommerkleid n sommerkleider
rock m röcke
mantel m mäntel
regenmantel m regenmäntel
weste f westen
anzug m anzüge
kostüm n kostüme
uniform f uniformen
neoprenanzug m neoprenanzüge
jacke f jacken
winterjacke f winterjacken
skijacke f skijacken
schneeanzug m schneeanzüge
badeanzug m badeanzüge
badehose f badehosen
bikini m bikinis
schwimmweste f schwimmwesten
jeans f jeans
hose f hosen
shorts p shorts
hut m hüte
strohhut m strohhüte
sonnenhut m sonnenhüte
kappe f kappen
mütze f mützen
wollmütze f wollmützen
helm m helme
fahrradhelm m fahrradhelme
sonnenbrille f sonnenbrillen
brille f brillen
schutzbrille f schutzbrillen
skibrille f skibrillen
schal m schals
handschuhe p handschuhe
bart m bärte
halsband n halsbänder
geschirr n geschirre
halstuch n halstücher
haare p haare
"""
)

AGENTS = table(
    {
        "dog": "hund *95 | tier *1 | welpe *2 | vierbeiner *.4",
        "dog/retriever": "golden retriever *3 | labrador *2 | hund",
        "dog/shepherd": "schäferhund",
        "dog/terrier": "terrier *3 | hund",
        "dog/poodle": "pudel *3 | hund",
        "dog/collie": "border collie *2 | hütehund",
        "dog/dalmatian": "dalmatiner",
        "greyhound": "windhund *5 | hund *5 | rennhund *3",
        "boy": "junge *76 | kind *15 | kleinkind *1 | bub *3 | person",
        "girl": "mädchen *78 | kind *15 | kleinkind *3 | person",
        "man": "mann *85 | person *8 | herr *1.5 | kerl *1 | mensch",
        "woman": "frau *85 | person *7 | dame *4 | mensch *.5",
        "people": "leute *30 | mensch *30 | person *18 | mann *8 | frau *2 | freunde *2 | passant *1.5 | tourist",
        "people/hike": "leute *15 | mensch *20 | person *18 | wanderer *24 | mann *6 | bergsteiger *3",
        "baby": "baby *55 | kleinkind *18 | kind *18 | junge *6 | mädchen *4",
        "surfer": "surfer *50 | mann *24 | person *12 | wellenreiter *3 | frau *2",
        "snowboarder": "snowboarder *65 | person *12 | mann *12 | junge *3",
        "skier": "skifahrer *55 | person *12 | mann *10 | skiläufer *5 | frau *3",
        "climber": "kletterer *24 | mann *34 | person *14 | bergsteiger *6 | frau *6 | junge *3",
        "biker": "radfahrer *24 | mountainbiker *18 | mann *26 | person *9 | fahrradfahrer *7 | junge *6",
        "rider": "motorradfahrer *24 | motocrossfahrer *22 | mann *18 | person *8 | fahrer *6 | rennfahrer *3",
        "skater": "skateboarder *32 | skater *12 | junge *20 | mann *16 | person *6",
        "player": "spieler *40 | mann *14 | sportler *4 | junge *4",
        "player/tennis": "tennisspieler *24 | tennisspielerin *22 | frau *14 | mann *12 | spieler *3",
        "player/soccer": "fußballspieler *44 | fußballer *8 | spieler *14 | mann *9 | junge *6",
        "player/football": "footballspieler *55 | spieler *18 | mann *6 | sportler *3",
        "player/basket": "basketballspieler *55 | spieler *18 | mann *8 | sportler *2",
        "racecar": "auto *28 | rennwagen *28 | rennauto *16 | wagen *6 | sportwagen *3",
    }
)
NUMBERS = {2: "zwei", 3: "drei", 4: "vier", 5: "fünf"}
SOME = phrases("einige *4 | mehrere *3 | ein paar *1.5 | viele")
SIZES = table({"large": "groß", "small": "klein *6 | winzig *.4"})
DOG_LOOKS = phrases(
    "nass *3 | jung *2 | zottelig | wuschelig *.7 | gefleckt *1.5 | langhaarig | schmutzig *.7 | verspielt *.5 | "
    "nett *.3"
)
CHILD_LOOKS = phrases(
    "klein *60 | jung *9 | blond *8 | fröhlich *2 | dunkelhaarig *2 | barfüßig *.7 | lachend *3 | süß *.6"
)
ADULT_LOOKS = phrases(
    "jung *26 | dunkelhaarig *2 | blond *4 | lächelnd *3 | bärtig *1.5 | schlank *.6 | asiatisch *1.5 | lachend *1.5"
)
OLD_LOOKS = phrases("alt *4 | älter *5 | grauhaarig")
COLOURS = table(
    {
        "tan": "hellbraun *5 | beige *1.5 | braun *3 | blond *.6 | hell *1.5",
        "brown": "braun *9 | dunkelbraun *.7 | hellbraun *.8",
        "gray": "grau",
        "blue": "blau *9 | hellblau *.8 | dunkelblau *.8 | türkis *.2",
        "green": "grün *9 | hellgrün *.6 | dunkelgrün *.4",
        "purple": "lila *3 | violett *.7",
        "pink": "rosa *5 | pinkfarben *.8",
        "red": "rot *12 | dunkelrot *.4 | knallrot *.3",
        "orange": "orange *2 | orangefarben *2",
        "yellow": "gelb *12 | hellgelb *.3",
        "white": "weiß *12 | hell *.6",
        "black": "schwarz *12 | dunkel *.8",
    }
)
WRONG_COATS = phrases("weiß | schwarz | braun | grau | hell | dunkel | gelb *.3")
WRONG_COLOURS = phrases("rot | blau | grün | weiß | schwarz | gelb | braun | grau | dunkel")
BUNT = phrases("gestreift *2 | bunt *3 | kariert *1.5 | dunkel *1.5 | hell *.7")
HAIR = table(
    {
        "brown": "braun *3 | dunkel *2",
        "black": "schwarz *2 | dunkel *2",
        "blond": "blond",
        "red": "rot",
        "gray": "grau *2 | weiß",
    }
)
GARMENTS = table(
    {
        "shirt": "hemd *5 | shirt *8 | oberteil *3 | bluse *.6 | trikot *.5",
        "sweater": "pullover *5 | pulli *2 | oberteil | jacke *.6",
        "dress": "kleid *7 | sommerkleid *.6 | rock *1.5",
        "coat": "mantel *4 | jacke *2 | regenmantel *.6",
        "vest": "weste *4 | jacke",
        "suit": "anzug",
        "costume": "kostüm *4 | kleid *.4",
        "uniform": "trikot *8 | uniform *1.5 | shirt *2",
        "wetsuit": "neoprenanzug *4 | anzug *.7",
        "jacket": "jacke *9 | winterjacke *1.5 | schneeanzug *1.2 | mantel | skijacke *.8",
        "swimsuit/male": "badehose *7 | schwimmweste *.7",
        "swimsuit/female": "badeanzug *6 | bikini *3 | schwimmweste *.5",
    }
)
LEGS = table({"jeans": "jeans *4 | hose", "shorts": "shorts *3 | hose *2", "pants": "hose", "skirt": "rock"})
HATS = table(
    {
        "hat": "hut *7 | strohhut *.7 | sonnenhut *.6 | mütze *2",
        "cap": "kappe *5 | mütze *3",
        "helmet": "helm *8 | fahrradhelm *.4",
        "beanie": "mütze *6 | wollmütze *1.5",
    }
)
ACCESSORIES = table(
    {
        "sunglasses": "sonnenbrille",
        "glasses": "brille",
        "backpack": "rucksack",
        "scarf": "schal *3 | halstuch",
        "gloves": "handschuhe",
        "beard": "bart",
        "goggles": "schutzbrille *2 | skibrille *2 | brille",
        "collar": "halsband",
        "harness": "geschirr",
        "bandanna": "halstuch",
    }
)
OBJECTS = table(
    {
        "ball": "ball *12 | gummiball *.5",
        "tennisball": "tennisball *8 | ball *7",
        "stick": "stock *7 | ast *4 | stöckchen *2.5 | holzstück *.5",
        "toy": "spielzeug *8 | stofftier | kuscheltier *.6",
        "toy/person": "spielzeug *8 | stofftier | kuscheltier | puppe | spielzeugauto *1.2 | ball *.5",
        "frisbee": "frisbee *7 | frisbeescheibe *2",
        "soccerball": "fußball *7 | ball *6",
        "football": "football *6 | ball *6",
        "basketball": "basketball *5 | ball *6",
        "sign": "schild *6 | plakat *2",
        "bag": "tasche *6 | rucksack *2 | handtasche *1.5 | einkaufstasche | koffer",
        "book": "buch *6 | zeitung *1.5 | zeitschrift *.7",
        "drink": "getränk *3 | glas *3 | becher *2 | flasche *2 | bier *1.5",
        "tool": "werkzeug *3 | hammer | besen | schaufel *1.5 | seil",
        "racket": "schläger *4 | tennisschläger *5",
        "bench": "bank *10 | parkbank *3 | holzbank *1.5",
        "sled": "schlitten",
        "camera": "kamera",
        "rope": "seil",
        "surfboard": "surfbrett *5 | brett",
        "bike": "fahrrad *9 | rad *3",
        "bike/mtb": "fahrrad *6 | mountainbike *5 | rad *2",
        "motorbike": "motorrad *8 | geländemotorrad *2",
        "skateboard": "skateboard *8 | brett",
    }
)

PREDICATES = table(
    {
        "run/dog": "rennt/rennen *30 | läuft/laufen *26 | springt/springen *2 | tobt/toben *2 | jagt/jagen *.5 | "
        "hetzt/hetzen | trabt/traben",
        "run/greyhound": "rennt/rennen *14 | läuft/laufen *5",
        "run": "rennt/rennen *22 | läuft/laufen *22 | spielt/spielen *4 | tobt/toben *2 | hüpft/hüpfen",
        "run/soccer": "spielt/spielen fußball *12 | rennt/rennen *3 | läuft/laufen dem ball ^hinterher *4 | "
        "dribbelt/dribbeln mit dem ball *2 | kämpft/kämpfen um den ball *2",
        "run/football": "rennt/rennen mit dem ball *6 | läuft/laufen mit dem ball *5 | spielt/spielen football *6 | "
        "rennt/rennen *4 | wirft/werfen den ball *2",
        "jump/dog": "springt/springen *34 | springt/springen in die luft *9 | springt/springen ^hoch *7 | "
        "hüpft/hüpfen *4 | macht/machen einen sprung *2 | steht/stehen auf den hinterbeinen *2",
        "jump": "springt/springen *32 | springt/springen in die luft *8 | hüpft/hüpfen *10 | "
        "macht/machen einen sprung *2 | springt/springen ^hoch *4 | schlägt/schlagen ein rad *2",
        "jump/pool": "springt/springen *20 | taucht/tauchen *3 | macht/machen einen sprung *2 | "
        "springt/springen kopfüber *2",
        "carry": "läuft/laufen *5 | geht/gehen *3",
        "carry/dog": "rennt/rennen *5 | trägt/tragen etwas im maul *5 | läuft/laufen *3",
        "play/dog": "spielt/spielen *34 | tobt/toben *7 | balgt/balgen sich *3 | kämpft/kämpfen *3 | "
        "rauft/raufen *2 | wälzt/wälzen sich *2 | bellt/bellen *2",
        "play": "spielt/spielen *40 | tobt/toben ^herum *4 | kniet/knien *2 | hat/haben spaß *3 | tanzt/tanzen *2",
        "play/beachfolk": "spielt/spielen *30 | gräbt/graben *3 | baut/bauen eine sandburg *4 | "
        "tobt/toben ^herum *2 | buddelt/buddeln *3",
        "play/snowplay": "spielt/spielen *24 | wirft/werfen schneebälle *3 | baut/bauen einen schneemann *2 | "
        "tobt/toben *3 | rodelt/rodeln *3",
        "play/splash": "spielt/spielen *26 | planscht/planschen *12 | steht/stehen *3 | wird/werden nass *3 | "
        "kühlt/kühlen sich ^ab *2",
        "play/pool": "spielt/spielen *14 | planscht/planschen *12 | schwimmt/schwimmen *5 | taucht/tauchen *2",
        "play/basket": "spielt/spielen basketball *18 | dribbelt/dribbeln *3 | wirft/werfen den ball *3 | "
        "kämpft/kämpfen um den ball *2 | spielt/spielen *3",
        "play/baby": "spielt/spielen *20 | krabbelt/krabbeln *7 | lacht/lachen *3 | isst/essen *3 | "
        "liegt/liegen auf dem bauch *2",
        "stand": "steht/stehen *50 | wartet/warten *6 | unterhält/unterhalten sich *4 | "
        "schaut/schauen sich ^um *3 | lehnt/lehnen an einer mauer *2 | schaut/schauen in die ferne *2",
        "stand/dog": "steht/stehen *40 | wartet/warten *4 | schüttelt/schütteln sich *5 | "
        "schnüffelt/schnüffeln am boden *3 | bellt/bellen *3 | schaut/schauen ^zurück *2",
        "stand/hike": "steht/stehen *34 | genießt/genießen die aussicht *6 | blickt/blicken ins tal *4 | "
        "macht/machen eine pause *3 | schaut/schauen in die ferne *3",
        "stand/manwork": "steht/stehen *24 | arbeitet/arbeiten *14 | putzt/putzen *2 | "
        "repariert/reparieren etwas *3 | kocht/kochen *1.5 | streicht/streichen eine wand *1.5",
        "hold": "hält/halten {o} *14 | arbeitet/arbeiten mit {d} *3 | hält/halten {o} in der hand *6 | "
        "zeigt/zeigen {o}",
        "sit": "sitzt/sitzen *50 | ruht/ruhen sich ^aus *4 | liegt/liegen *3 | entspannt/entspannen sich *3 | "
        "unterhält/unterhalten sich *3",
        "sit/dog": "sitzt/sitzen *26 | liegt/liegen *14 | ruht/ruhen sich ^aus *3 | schläft/schlafen *2",
        "sit/baby": "sitzt/sitzen *30 | liegt/liegen *5 | lacht/lachen *2 | isst/essen *3 | schläft/schlafen *2 | "
        "spielt/spielen *3",
        "walk": "geht/gehen *26 | läuft/laufen *14 | spaziert/spazieren *8 | schlendert/schlendern *2 | "
        "steht/stehen *3",
        "walk/dog": "läuft/laufen *26 | geht/gehen *4 | rennt/rennen *3 | trottet/trotten *2 | "
        "schnüffelt/schnüffeln am boden *2",
        "walk/hike": "wandert/wandern *20 | geht/gehen *6 | läuft/laufen *4 | steigt/steigen ^hinauf *2",
        "walk/snowplay": "geht/gehen *12 | läuft/laufen *10 | stapft/stapfen *7 | spielt/spielen *3",
        "swim": "schwimmt/schwimmen *36 | planscht/planschen *6 | badet/baden *3 | taucht/tauchen *3 | "
        "spielt/spielen *2",
        "chase": "jagt/jagen einen anderen hund *5 | läuft/laufen einem anderen hund ^hinterher *4 | "
        "rennt/rennen {d} ^hinterher *3 | verfolgt/verfolgen einen anderen hund *3",
        "ridewave": "reitet/reiten auf einer welle *16 | surft/surfen *16 | surft/surfen auf einer welle *12 | "
        "reitet/reiten eine große welle *5 | steht/stehen auf einem surfbrett *6 | "
        "gleitet/gleiten über eine welle *3 | surft/surfen auf einer großen welle *5",
        "ride": "fährt/fahren mit {d} *16 | fährt/fahren fahrrad *10 | radelt/radeln *5 | fährt/fahren auf {d} *9 | "
        "sitzt/sitzen auf {d} *2",
        "ride/motocross": "fährt/fahren mit {d} *14 | fährt/fahren auf {d} *10 | fährt/fahren motorrad *5 | "
        "rast/rasen mit {d} *4 | fährt/fahren ein rennen *3 | legt/legen sich in die kurve *3",
        "ride/skate": "fährt/fahren skateboard *16 | fährt/fahren mit {d} *8 | fährt/fahren auf {d} *6 | "
        "macht/machen einen trick *5 | rollt/rollen auf {d}",
        "air/snowsport": "springt/springen *22 | springt/springen durch die luft *6 | "
        "macht/machen einen sprung *6 | fliegt/fliegen durch die luft *9 | macht/machen einen trick *4 | "
        "zeigt/zeigen ein kunststück *2",
        "air": "springt/springen mit {d} *14 | macht/machen einen trick *7 | springt/springen *8 | "
        "fliegt/fliegen durch die luft *6 | macht/machen einen sprung *5 | springt/springen in die luft *3 | "
        "zeigt/zeigen ein kunststück *1.5",
        "air/basket": "springt/springen ^hoch *5 | wirft/werfen den ball *5 | springt/springen zum korb *4 | "
        "wirft/werfen auf den korb *4 | springt/springen nach dem ball *3",
        "slide/skier": "fährt/fahren ski *20 | fährt/fahren den hang ^hinunter *8 | "
        "saust/sausen den berg ^hinunter *3 | stürzt/stürzen *1.5",
        "slide/snowboarder": "fährt/fahren snowboard *14 | fährt/fahren den hang ^hinunter *9 | "
        "gleitet/gleiten den hang ^hinunter *3 | stürzt/stürzen *1.5",
        "slide/snowplay": "fährt/fahren schlitten *10 | rodelt/rodeln *9 | rutscht/rutschen *6 | "
        "rutscht/rutschen den hügel ^hinunter *4",
        "slide/playground": "rutscht/rutschen *16 | rutscht/rutschen eine rutsche ^hinunter *9 | "
        "spielt/spielen auf einer rutsche *5 | sitzt/sitzen auf einer rutsche *4 | "
        "rutscht/rutschen auf einer gelben rutsche *2",
        "swing": "schaukelt/schaukeln *26 | sitzt/sitzen auf einer schaukel *9 | "
        "spielt/spielen auf einer schaukel *4 | hängt/hängen an einem seil *3 | schwingt/schwingen durch die luft *2",
        "climb": "klettert/klettern *30 | klettert/klettern ^hoch *5 | klettert/klettern ^hinauf *3 | "
        "klettert/klettern auf einen baum *4 | hängt/hängen an einem seil *2",
        "climb/climb": "klettert/klettern *30 | klettert/klettern ^hinauf *5 | hängt/hängen am seil *4 | "
        "seilt/seilen sich ^ab *3 | klettert/klettern ^hoch *5",
        "kick": "spielt/spielen fußball *18 | schießt/schießen {o} *10 | kickt/kicken {o} *5 | "
        "tritt/treten gegen {o} *4 | kämpft/kämpfen um {o} *3 | läuft/laufen {d} ^hinterher *2",
        "hit": "spielt/spielen tennis *20 | schlägt/schlagen {o} *10 | schwingt/schwingen den schläger *4 | "
        "holt/holen zum schlag ^aus *3 | schlägt/schlagen ^auf *3",
        "drive": "fährt/fahren *16 | rast/rasen *8 | fährt/fahren ein rennen *4 | driftet/driften *2 | "
        "wirbelt/wirbeln staub ^auf *3",
        "tackle": "spielt/spielen football *8 | greift/greifen einen anderen spieler ^an *6 | "
        "kämpft/kämpfen um den ball *7 | stürzt/stürzen sich auf den gegner *4 | "
        "wirft/werfen einen spieler zu boden *3",
        "smile": "lächelt/lächeln *24 | lacht/lachen *14 | grinst/grinsen *4 | lächelt/lächeln in die kamera *9 | "
        "schaut/schauen in die kamera *9 | posiert/posieren *7 | sitzt/sitzen *5 | steht/stehen *5",
        "pose": "posiert/posieren *26 | posiert/posieren für ein foto *12 | steht/stehen *10 | "
        "schaut/schauen in die kamera *10 | posiert/posieren für die kamera *4 | blickt/blicken zur seite *4",
    }
)  # fmt: skip
PREDICATES_WITH = table(
    {
        "carry/dog": "trägt/tragen {o} im maul *22 | trägt/tragen {o} *8 | hat/haben {o} im maul *9 | "
        "rennt/rennen mit {d} im maul *12 | läuft/laufen mit {d} im maul *9 | apportiert/apportieren {o} *4 | "
        "spielt/spielen mit {d} *8",
        "run/dog": "rennt/rennen mit {d} im maul *7 | läuft/laufen mit {d} im maul *4 | "
        "rennt/rennen {d} ^hinterher *6 | jagt/jagen {o} *4 | holt/holen {o} *3 | läuft/laufen {d} ^nach *3",
        "jump/dog": "fängt/fangen {o} *8 | springt/springen nach {d} *10 | schnappt/schnappen nach {d} *4 | "
        "fängt/fangen {o} mit dem maul *3",
        "play/dog": "spielt/spielen mit {d} *20 | kaut/kauen auf {d} *4 | zerrt/zerren an {d} *2 | "
        "streitet/streiten sich um {o} *2",
        "stand/dog": "steht/stehen mit {d} im maul *5 | hat/haben {o} im maul *3",
        "sit/dog": "sitzt/sitzen mit {d} *3 | kaut/kauen auf {d} *4 | liegt/liegen neben {d} *2",
        "walk/dog": "läuft/laufen mit {d} im maul *5 | trägt/tragen {o} im maul *4",
        "swim/dog": "schwimmt/schwimmen mit {d} im maul *5 | holt/holen {o} *4 | schwimmt/schwimmen zu {d} *2",
        "play": "spielt/spielen mit {d} *20 | hält/halten {o} *5 | wirft/werfen {o} *4",
        "run": "rennt/rennen mit {d} *6 | läuft/laufen {d} ^hinterher *4 | wirft/werfen {o} *2",
        "jump": "fängt/fangen {o} *4 | springt/springen nach {d} *4 | hält/halten {o} *2",
        "walk": "trägt/tragen {o} *8 | geht/gehen mit {d} *5",
        "stand": "hält/halten {o} *12 | steht/stehen mit {d} *6 | trägt/tragen {o} *3",
        "sit": "hält/halten {o} *6 | sitzt/sitzen mit {d} *6 | spielt/spielen mit {d} *3",
        "swim": "spielt/spielen mit {d} *5 | schwimmt/schwimmen mit {d} *4",
        "climb": "klettert/klettern mit {d} *5 | hängt/hängen an {d} *4",
        "carry": "trägt/tragen {o} *18 | hält/halten {o} *5 | geht/gehen mit {d} *4",
        "carry/football": "läuft/laufen mit {d} *8 | trägt/tragen {o} *6 | hält/halten {o} *6 | fängt/fangen {o} *4",
        "smile": "hält/halten {o} *8 | hält/halten {o} in der hand *5 | lächelt/lächeln mit {d} *2",
        "pose": "hält/halten {o} *7 | posiert/posieren mit {d} *8",
        "slide": "fährt/fahren mit {d} *6 | sitzt/sitzen auf {d} *4 | rutscht/rutschen mit {d} *4",
        "air/basket": "springt/springen mit {d} *5 | wirft/werfen {o} *6 | hält/halten {o} *3",
        "play/basket": "dribbelt/dribbeln mit {d} *4 | hält/halten {o} *5 | spielt/spielen mit {d} *2",
        "read": "liest/lesen {o} *8 | hält/halten {o}",
        "bench": "sitzt/sitzen auf {d} *20 | ruht/ruhen sich auf {d} ^aus *2 | schläft/schlafen auf {d} *2 | "
        "liegt/liegen auf {d} *2",
    }
)  # fmt: skip

PLACES = table(
    {
        "grass": "auf einer wiese *8 | auf der wiese *5 | im gras *9 | auf dem rasen *4 | im grünen gras *2 | "
        "im freien *1.5 | auf einer grünen wiese *2.5",
        "grass>": "über eine wiese *8 | über die wiese *4 | durch das gras *7 | auf einer wiese *5 | im gras *3 | "
        "über den rasen *3 | über eine grüne wiese *2 | durch hohes gras *1.5 | auf grünem rasen",
        "grass/yard": "im garten *7 | in einem garten *3 | im hof *1.5 | hinter dem haus",
        "grass/meadow": "auf einer blumenwiese *2 | im hohen gras *3 | auf einem hügel",
        "field": "auf einem feld *9 | auf dem feld *3 | auf einer wiese *6 | im gras *3 | auf einem grünen feld *1.5",
        "field>": "über ein feld *9 | über das feld *3 | durch ein feld *3 | über eine wiese *6 | "
        "auf einem feld *5 | durch das gras *2",
        "field/hay": "auf einem stoppelfeld | im heu *1.5 | im trockenen gras *2",
        "field/pasture": "auf einer weide *3 | auf einem bauernhof",
        "field/game": "auf dem spielfeld *4 | auf einem fußballfeld *4 | auf dem fußballplatz *4 | "
        "auf einem sportplatz *2 | auf dem rasen *3 | während eines spiels *3 | auf einem feld *2 | im stadion",
        "field/footballgame": "auf dem spielfeld *6 | auf dem feld *3 | während eines spiels *5 | im stadion *2 | "
        "auf einem footballfeld *2 | auf dem rasen *2",
        "snow": "im schnee *20 | auf einer verschneiten wiese *2 | im tiefen schnee *2 | "
        "in einer verschneiten landschaft *1.5 | im winter",
        "snow>": "durch den schnee *16 | im schnee *8 | durch tiefen schnee *3 | über ein verschneites feld *2 | "
        "über den schnee *1.5",
        "snow/hill": "auf einem verschneiten hügel *3 | an einem schneebedeckten hang *2 | auf einem hügel",
        "snow/woods": "im verschneiten wald *3 | zwischen verschneiten bäumen *1.5",
        "lake": "im wasser *18 | in einem see *6 | im see *2 | im flachen wasser *3 | am wasser *2 | "
        "in einem teich *1.5",
        "lake>": "durch das wasser *12 | im wasser *8 | ins wasser *4 | aus dem wasser *2 | "
        "durch flaches wasser *2 | durch einen see",
        "lake/river": "in einem fluss *5 | im fluss *2 | am flussufer *1.5",
        "lake/stream": "in einem bach *5 | im bach *2 | durch einen bach",
        "lake/puddle": "in einer pfütze *4 | in einer schlammigen pfütze *1.5",
        "ocean": "im meer *9 | im wasser *10 | in den wellen *4 | am strand *5 | am meer *3",
        "ocean>": "durch das wasser *6 | ins meer *3 | durch die wellen *4 | im meer *4 | am strand *4 | "
        "im wasser *6",
        "ocean/surf": "im meer *8 | auf dem meer *2 | im wasser *3 | im blauen wasser *1.5 | in der brandung",
        "pool": "in einem pool *7 | im pool *7 | im schwimmbecken *4 | im wasser *7 | im schwimmbad *4 | "
        "unter wasser *1.5",
        "pool>": "in einen pool *6 | in den pool *4 | ins wasser *5 | im pool *4 | ins schwimmbecken *2",
        "pool/plastic": "in einem planschbecken *4 | im planschbecken *3 | in einem aufblasbaren becken",
        "beach": "am strand *24 | an einem strand *5 | im sand *6 | am sandstrand *4 | am meer *5 | am wasser *3 | "
        "am ufer",
        "beach>": "am strand *14 | am strand entlang *5 | über den strand *4 | durch den sand *4 | "
        "am wasser entlang *2 | am sandstrand *3 | am meer entlang *1.5 | über den sandstrand *2",
        "beach/sand": "im sand *8 | auf dem sand *1.5 | am sandstrand *3 | am strand *4",
        "beach/pier": "an einem steg *2 | in der nähe eines bootes",
        "dirt": "auf der erde *2 | auf einem feldweg *5 | auf einem weg *4 | im dreck *2 | auf sandigem boden *1.5",
        "dirt>": "auf einem feldweg *5 | über einen feldweg *3 | auf einem weg *4 | auf einem schotterweg *1.5 | "
        "einen weg entlang *2 | über einen hügel *2 | durch das gelände *2",
        "dirt/mud": "durch den schlamm *4 | im schlamm *3 | durch matsch",
        "dirt/road": "auf einer straße *4 | auf einer schotterstraße *1.5 | auf einer sandigen straße",
        "dirt/course": "auf einer rennstrecke *5 | auf einer motocrossstrecke *3 | durch das gelände *3 | "
        "über einen hügel *3 | auf einer sandigen piste *2 | über eine staubige piste | im dreck *2",
        "woods": "im wald *12 | in einem wald *3 | auf einem waldweg *3 | zwischen den bäumen *2",
        "woods>": "durch den wald *12 | durch einen wald *3 | auf einem waldweg *4 | über einen waldweg *2 | "
        "zwischen bäumen *1",
        "woods/leaves": "im laub *4 | durch das laub *2",
        "street": "auf der straße *12 | auf einer straße *7 | auf dem gehweg *3 | auf dem bürgersteig *3 | "
        "in der stadt *4 | am straßenrand *3 | in einer stadt *1.5 | auf dem gehsteig",
        "street>": "die straße entlang *7 | auf der straße *8 | über die straße *6 | auf einer straße *6 | "
        "auf dem gehweg *3 | auf dem bürgersteig *3 | durch die stadt *3 | eine straße entlang *3",
        "street/shops": "vor einem geschäft *4 | vor einem laden *2 | vor einem schaufenster *1.5 | vor einem café",
        "street/crossing": "an einer kreuzung *2 | an einem zebrastreifen *2 | an einer bushaltestelle *1.5",
        "street/market": "auf einem markt *4 | an einem marktstand *1.5 | auf einem straßenfest",
        "snowmountain": "auf einem verschneiten berg *4 | auf der piste *4 | im schnee *8 | "
        "an einem verschneiten hang *4 | auf einem schneebedeckten berg *2 | auf der skipiste *1.5",
        "snowmountain>": "einen verschneiten hang hinunter *3 | im schnee *7 | über den schnee *3 | "
        "auf der piste *4 | in den bergen *3 | auf einem verschneiten berg *2 | durch den tiefschnee *2",
        "rock": "auf einem felsen *8 | auf einem großen felsen *2 | auf den felsen *2 | an einer felswand *3 | "
        "auf einer klippe *1.5",
        "rock>": "an einer felswand *9 | auf einen felsen *5 | an einem felsen *6 | eine felswand hinauf *4 | "
        "an einer steilen felswand *3 | an einer klippe *2",
        "mountain": "auf einem berg *7 | in den bergen *8 | auf einem hügel *3 | im gebirge *3 | an einem abgrund | "
        "auf einem berggipfel *1.5",
        "mountain>": "in den bergen *6 | auf einen berg *4 | auf einem bergweg *3 | durch die berge *4 | "
        "im gebirge *3 | über einen berg *2",
        "park": "im park *8 | in einem park *6 | im freien *2 | draußen *3",
        "park/playground": "auf einem spielplatz *9 | auf dem spielplatz *7 | im park *1.5 | draußen *2",
        "park/garden": "im garten *3 | zwischen blumen *1.5",
        "building": "vor einem gebäude *7 | vor einem haus *5 | draußen *3 | an einem gebäude *1.5 | "
        "neben einem gebäude",
        "building/wall": "vor einer mauer *3 | vor einer wand *3 | an einer ziegelmauer *1.5 | "
        "vor einer backsteinmauer",
        "building/store": "vor einem geschäft *3 | vor einem fenster *2 | vor einem restaurant *1.5 | "
        "vor einer kirche",
        "building/steps": "auf einer treppe *5 | auf den stufen *3 | auf der treppe *2",
        "ramp": "auf einer rampe *8 | im skatepark *4 | in einem skatepark *3 | auf einer skateboardrampe *2 | "
        "in der luft *2",
        "ramp>": "auf einer rampe *6 | über eine rampe *5 | in der luft *3 | in einem skatepark *4 | "
        "von einer rampe *2",
        "ramp/rail": "auf einem geländer *4 | über ein geländer *2",
        "ramp/steps": "über eine treppe *3 | eine treppe hinunter *2",
        "track": "auf einer rennstrecke *7 | auf der rennbahn *5 | auf einer rennbahn *4 | um die kurve *3 | "
        "bei einem rennen *4",
        "court": "auf dem platz *4 | während eines spiels *3",
        "court/basket": "in einer sporthalle *4 | in einer turnhalle *2 | auf dem spielfeld *4 | "
        "während eines spiels *4 | auf einem basketballfeld *2 | bei einem basketballspiel *2",
        "court/tennis": "auf einem tennisplatz *7 | auf dem tennisplatz *5 | auf dem platz *2 | bei einem turnier",
        "indoor": "in einem zimmer *5 | in einem raum *4 | auf dem boden *4 | drinnen *1.5 | im haus *1.5 | "
        "an einem tisch *2",
        "indoor/couch": "auf einem sofa *4 | auf der couch *3 | im wohnzimmer *2 | in einem sessel *1.5",
        "indoor/kitchen": "in der küche *5 | in einer küche *3 | am tisch *1.5",
        "indoor/bed": "auf einem bett *5 | im bett *2 | im schlafzimmer",
        "indoor/restaurant": "in einem restaurant *4 | in einer bar *2 | an einem tisch *3 | auf einer party *2",
        "indoor/stage": "auf einer bühne *5 | auf der bühne *3 | in einem büro",
        "fountain": "in einem brunnen *9 | im springbrunnen *5 | im wasser *7 | in einer wasserfontäne *3 | "
        "zwischen wasserfontänen *2",
        "tree": "unter einem baum *6 | in einem baum *3 | neben einem baum *4 | auf einem baum *4 | "
        "an einem baum *2 | im gras *1.5",
    }
)  # fmt: skip

# Props and the like: a phrase each, in the order of what describers look at.
PROPS = table(
    {
        "fence": "neben einem zaun | vor einem zaun | am zaun | an einem holzzaun *.5",
        "log": "neben einem baumstamm | bei einem umgefallenen baum *.5 | an einem holzstamm *.5",
        "hurdle": "neben einem hindernis | auf einem hindernisparcours | an einer hürde",
        "bush": "neben einem busch | zwischen büschen | bei den sträuchern *.5",
        "leash": "an der leine *3 | an einer leine | mit {seinem} herrchen *.5",
        "sprinkler": "neben einem rasensprenger | mit einem gartenschlauch",
        "house": "vor einem haus *2 | neben einem haus | mit einem haus im hintergrund | bei einer hütte *.5",
        "umbrella": "mit einem regenschirm *2 | unter einem schirm *2 | unter einem sonnenschirm",
        "towel": "mit einem handtuch *2 | auf einem handtuch",
        "boat": "neben einem boot *2 | mit booten im hintergrund | bei einem segelboot *.5",
        "bucket": "mit einem eimer *3 | mit eimer und schaufel *2 | mit einem roten eimer",
        "kite": "mit einem drachen *2 | unter einem bunten drachen",
        "bird": "neben einem vogel | mit möwen im hintergrund | bei den vögeln",
        "slide": "neben einer wasserrutsche *2 | bei einer rutsche",
        "chair": "neben einem stuhl | bei den liegestühlen",
        "tube": "mit einem schwimmreifen *2 | auf einer luftmatratze *2",
        "flag": "neben einer fahne | vor einer flagge | mit fahnen im hintergrund",
        "lift": "neben einem skilift *2 | unter einem sessellift",
        "pine": "neben tannenbäumen | zwischen tannen | mit bäumen im hintergrund *2 | vor einem wald",
        "snowman": "mit einem schneemann *2 | neben einem schneemann *2",
        "shovel": "mit einer schaufel *2 | mit einer schneeschaufel",
        "tent": "vor einem zelt *2 | neben einem zelt *2 | bei den zelten *.5",
        "waterfall": "vor einem wasserfall *2 | neben einem wasserfall | an einem wasserfall",
        "lake": "über einem see *2 | mit einem see im hintergrund | an einem bergsee",
        "cloud": "über den wolken | unter einem bewölkten himmel | mit wolken im hintergrund",
        "pole": "mit wanderstöcken *2 | neben einem pfosten",
        "jump": "über eine schanze | über einen erdhügel *2 | an einer rampe",
        "sign": "neben einem schild *2 | vor einer werbetafel",
        "truck": "neben einem lastwagen *2 | hinter einem lieferwagen",
        "bridge": "auf einer brücke *2 | unter einer brücke",
        "streetlight": "unter einer laterne *2 | neben einer ampel",
        "graffiti": "vor einer bemalten wand *2 | vor graffiti *2",
        "bench": "neben einer bank *2 | vor einer bank",
        "cone": "neben einem verkehrshütchen | zwischen orangen kegeln *.5",
        "smoke": "mit rauchenden reifen | in einer staubwolke *2 | mit viel rauch",
        "tire": "neben einem reifenstapel *2 | vor alten reifen",
        "number": "mit einer nummer auf dem rücken *2 | mit startnummern *.5 | mit der nummer fünf",
        "goal": "vor dem tor *3 | neben dem tor | in der nähe des tores",
        "hoop": "unter dem korb *2 | vor dem basketballkorb *2",
        "net": "am netz *3 | vor dem netz",
        "trampoline": "auf einem trampolin *5 | neben einem trampolin",
        "ladder": "auf einer leiter *3 | neben einer leiter",
        "bubble": "mit seifenblasen *3 | zwischen seifenblasen",
        "bus": "neben einem bus *2 | vor einem bus *2 | vor einer straßenbahn",
        "bicycle": "neben einem fahrrad *3 | mit einem fahrrad *3 | bei den fahrrädern",
        "poster": "vor einem plakat *2 | vor einem bild",
        "phone": "mit einem handy *3 | mit handy am ohr *2 | mit einem telefon",
        "stroller": "mit einem kinderwagen *4 | neben einem kinderwagen",
        "pigeon": "zwischen tauben *2 | neben einigen tauben *2",
        "newspaper": "mit einer zeitung *3 | mit einer zeitung in der hand",
        "cigarette": "mit einer zigarette *3 | mit einer zigarette in der hand",
        "cart": "neben einem karren | mit einem einkaufswagen *2 | an einem imbissstand",
        "statue": "neben einer statue *2 | vor einer statue *2 | vor einem denkmal",
        "flower": "mit blumen *2 | neben blumen *2 | mit einer blume in der hand | mit einem blumenstrauß",
        "cane": "mit einem gehstock *2 | im rollstuhl",
        "sandwich": "mit einem belegten brot *2 | mit einem eis in der hand | mit etwas zu essen *2",
        "microphone": "mit einem mikrofon *3 | vor einem mikrofon *2",
        "guitar": "mit einer gitarre *4 | mit einem instrument",
        "balloon": "mit luftballons *3 | mit einem luftballon *2",
        "cake": "mit einem kuchen *2 | neben einer torte",
        "curtain": "vor einem vorhang *2",
        "window": "vor einem fenster *2 | am fenster *2",
        "blanket": "auf einer decke *4 | mit einer decke *2",
        "highchair": "in einem hochstuhl *3 | im kinderstuhl",
        "bottle": "mit einer flasche *3 | mit einer flasche in der hand",
        "pillow": "auf einem kissen *2 | neben einem kissen",
        "block": "mit bauklötzen *3 | neben bausteinen",
        "bowl": "mit einer schüssel *2 | mit einem löffel",
        "hose": "mit einem gartenschlauch *3 | mit einem wasserschlauch",
        "cow": "neben einer kuh *2 | bei den kühen | mit einem pferd | bei den schafen",
        "dock": "auf einem steg *2 | an einem steg *2",
        "duck": "neben einer ente | bei den enten *2",
        "box": "mit einer kiste *2 | neben einigen kartons *2 | mit einem korb",
        "table": "an einem tisch *3 | hinter einem tisch",
        "computer": "mit einem laptop *2 | an einem computer *2 | vor einem bildschirm",
    }
)  # fmt: skip
BACKGROUNDS = table(
    {
        "tree": "neben einem baum *3 | mit bäumen im hintergrund *4 | vor einem baum *2 | unter bäumen *2",
        "building": "vor einem gebäude *3 | neben einem gebäude *2 | mit einem gebäude im hintergrund *2 | "
        "vor einem hochhaus *.6",
        "car": "neben einem auto *4 | vor einem auto *3 | mit autos im hintergrund *2",
        "rock": "neben einem felsen *3 | zwischen felsen *2 | auf steinen *2 | bei den felsen",
        "mountain": "mit bergen im hintergrund *6 | vor einem berg *3 | vor einer bergkulisse *1.5",
    }
)
ONLOOKERS = table(
    {
        "man": "neben einem mann *4 | mit einem mann *3 | und ein mann schaut zu *2 | vor einem älteren mann",
        "woman": "neben einer frau *4 | mit einer frau *3 | und eine frau schaut zu *2 | bei {seiner} mutter",
        "child": "neben einem kind *3 | mit einem jungen *2 | mit einem kleinen mädchen *2 | und ein kind schaut zu",
        "people": "mit leuten im hintergrund *3 | neben anderen leuten *2 | und andere schauen zu *2 | "
        "mit freunden *2 | mit anderen personen *1.5 | neben zwei frauen | mit drei kindern *.6",
        "crowd": "vor zuschauern *4 | vor einer menschenmenge *4 | vor publikum *2 | und viele leute schauen zu *2",
        "dog": "mit einem hund *5 | mit {seinem} hund *4 | neben einem hund *3 | mit zwei hunden *2",
    }
)
LIGHTS = table(
    {
        "sunny": "in der sonne *4 | bei sonnenschein *3 | an einem sonnigen tag *3 | unter blauem himmel *2 | "
        "im sommer",
        "sunset": "bei sonnenuntergang *5 | im abendlicht | in der dämmerung | am abend *2",
        "night": "in der nacht *3 | bei nacht *3 | im dunkeln *2 | nachts *2",
        "rain": "im regen *4 | bei regen *2",
        "autumn": "im herbst *3 | im laub *2 | zwischen bunten blättern",
    }
)
GESTURES = table(
    {
        "mouth open": "mit offenem mund *4 | mit geöffnetem mund *2 | mit weit offenem mund",
        "tongue out": "mit herausgestreckter zunge *3 | und streckt die zunge heraus",
        "arms raised": "mit erhobenen armen *3 | mit ausgestreckten armen *3 | mit den händen in der luft *1.5",
        "pointing": "mit ausgestrecktem zeigefinger | mit ausgestrecktem arm",
        "waving": "mit winkender hand | mit erhobenem daumen",
    }
)
DOG_GESTURES = table(
    {
        "mouth open": "mit offenem maul *5 | mit geöffnetem maul *3 | mit gefletschten zähnen",
        "tongue out": "mit heraushängender zunge *4 | mit der zunge draußen",
        "arms raised": "mit erhobenem schwanz | mit erhobener pfote | auf den hinterbeinen *2",
        "pointing": "mit der nase am boden *2 | mit gesenktem kopf",
        "waving": "mit wedelndem schwanz *2 | mit geschlossenen augen | mit gespitzten ohren",
    }
)
SMILES = phrases(
    "mit einem lächeln im gesicht *3 | mit einem breiten grinsen *1.5 | mit fröhlichem gesicht *2 | "
    "mit bemaltem gesicht *.7 | mit lustigem gesicht"
)
TOPS = phrases("auf dem gipfel *4 | auf einem berggipfel *2 | ganz oben *2 | auf der spitze eines felsens *1.5")
RACES = phrases("bei einem rennen *5 | in einem rennen *3 | während eines rennens *3 | bei einem wettkampf")
MANNERS = table(
    {
        "dog": "mit einem anderen hund *3 | schnell | fröhlich *.7 | neben einem anderen hund *1.5 | allein *.5",
        "dog>": "schnell *2 | mit einem anderen hund *2 | gemeinsam *.5 | freudig *.6",
        "dogs": "miteinander *3 | zusammen *3 | gemeinsam *2 | nebeneinander *2",
        "person": "allein *2 | barfuß *1.5 | im hintergrund | gerade *1.5 | mit einer anderen person *1.5 | "
        "mit einem freund",
        "group": "gemeinsam *3 | zusammen *4 | nebeneinander *2 | hand in hand | miteinander *2 | im kreis *.7",
        "sport": "hoch in der luft *1.5 | sehr schnell *1.5 | gekonnt *.5 | gerade *1.5 | vor blauem himmel *2",
        "car": "sehr schnell *2 | mit hoher geschwindigkeit *2 | vor einem anderen auto *1.5",
    }
)
UNSEEN = phrases(
    "mit einem roten ball | neben einem auto | auf einer bank | unter einem baum | mit einem hund | am wasser | "
    "an einem zaun | in der sonne | mit einem hut | im sand *.6 | auf der straße *.6"
)
GROUP = Noun("gruppe", "f", "gruppen")
NEVER_IN = names(  # one is "mit", not "in", these
    """sonnenbrille brille schutzbrille skibrille rucksack schal handschuhe bart halsband geschirr halstuch hut
    strohhut sonnenhut kappe mütze wollmütze helm fahrradhelm"""
)
