"""What describers say in English for each fact of a scene: phrases with weights, chosen to resemble real captions.

Slots: ``{c}`` colour of the object, ``{o}`` the object with its article; ``{his}``, ``{him}``, ``{himself}`` and
``{mouth}`` for the agent's pronouns. Verbs stand first and plain. A phrase beginning with ``=`` takes no article. Keys
name a fact; ``fact/agent``, ``fact/script`` or ``fact/spot`` stand for the same fact in particular company.
"""

from vgsnb.scenes.choices import names, phrases, table

NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five"}

NOUNS = table(
    {
        "dog": "dog *95 | animal *2 | puppy *2 | hound *.5 | pup *.4 | canine *.3 | mutt *.2",
        "dog/retriever": "golden retriever *3 | retriever | yellow lab *.7 | labrador",
        "dog/shepherd": "german shepherd *3 | shepherd | alsatian *.2",
        "dog/terrier": "terrier *2 | boston terrier *.4 | jack russell *.4 | yorkie *.3",
        "dog/poodle": "poodle *3 | fluffy dog | curly dog *.5",
        "dog/collie": "border collie *2 | collie | sheepdog *.5",
        "dog/dalmatian": "dalmatian *2 | spotted dog *2",
        "greyhound": "dog *6 | greyhound *5 | racing dog | race dog | muzzled dog *.7 | muzzled greyhound *.6 | "
        "racer *.3",
        "boy": "boy *76 | child *10 | kid *4 | toddler *3 | person *1 | lad *.5 | youngster *.7 | youth *.5 | "
        "teenager *.5",
        "girl": "girl *76 | child *10 | kid *3 | toddler *3 | person *1 | youngster *.4 | teenager *.5",
        "man": "man *82 | person *8 | guy *4 | boy *2 | male *1.5 | gentleman *1 | fellow *.4 | teenager *.5 | "
        "someone *.6",
        "woman": "woman *82 | lady *5 | person *6 | girl *5 | female *1.5 | teenager *.4 | someone *.5",
        "people": "=people *60 | =men *9 | =women *2 | person *6 | =friends *2 | adult *2 | =teenagers *1 | "
        "pedestrian *1 | =tourists *1",
        "baby": "baby *60 | toddler *9 | child *14 | infant *3 | boy *8 | girl *6",
        "surfer": "surfer *38 | man *30 | person *18 | boy *4 | woman *3 | guy *2 | male *1",
        "snowboarder": "snowboarder *55 | person *18 | man *13 | boy *3 | guy *2 | someone *1 | boarder *1",
        "skier": "skier *52 | person *18 | man *13 | woman *4 | someone *1 | guy *1",
        "climber": "man *34 | climber *14 | rock climber *9 | person *16 | woman *7 | boy *5 | guy *2 | "
        "mountain climber *2",
        "biker": "biker *12 | cyclist *9 | bicyclist *5 | mountain biker *8 | person *18 | man *28 | boy *6 | "
        "rider *6",
        "rider": "man *26 | person *16 | rider *9 | motorcyclist *8 | biker *6 | motocross rider *7 | racer *3 | "
        "boy *2 | driver *1",
        "skater": "skateboarder *34 | boy *20 | man *18 | person *9 | skater *6 | teenager *4 | guy *3 | youth *1",
        "player": "player *62 | man *9 | boy *5 | athlete *2 | person *1 | teammate *.4",
        "player/tennis": "tennis player *40 | woman *15 | man *15 | player *8 | girl *4 | athlete *1",
        "player/soccer": "soccer player *48 | player *14 | man *9 | boy *8 | girl *4 | athlete *1",
        "player/football": "football player *60 | player *14 | man *5 | boy *3 | athlete *1 | quarterback *1 | "
        "running back *.7",
        "player/basket": "basketball player *50 | player *18 | man *6 | boy *5 | athlete *1",
        "racecar": "car *36 | race car *34 | vehicle *6 | racing car *6 | stock car *4 | sports car *3 | racer *1 | "
        "rally car *3",
    }
)  # fmt: skip
PLAIN_FORM = {"men": "man", "friends": "friend", "teenagers": "teenager", "tourists": "tourist", "people": "person"}
GROUPS = table(
    {
        "children": "children *6 | kids *3 | youngsters *.3",
        "some": "some *4 | several *3 | a group of *5 | a few | many *.7 | a bunch of *.4 | a couple of *.3",
        "pair": "two *20 | a pair of *.8 | a couple of *.8",
    }
)

SIZES = table({"large": "large *12 | big *7 | huge *.8 | giant *.2", "small": "small *9 | little *5 | tiny *.7"})
ADJECTIVES = table(
    {
        "dog": "wet *2 | furry *1.5 | fluffy *2 | shaggy *1.2 | spotted *.7 | muddy *.6 | long haired *.6 | "
        "playful *.4 | happy *.6 | short haired *.4 | light colored *.5 | hairy *.5 | skinny *.3 | excited *.2 | "
        "cute *.2 | wild *.2",
        "child": "young *20 | little *23 | small *12 | blond *4 | blonde *2 | happy *2 | cute *1 | smiling *1.5 | "
        "barefoot *1",
        "baby": "little *3 | smiling *1.5 | happy *1.2 | small *1.5 | cute *.5 | young *2 | blond *.5 | "
        "chubby *.3 | laughing *.3",
        "adult": "young *26 | tall *3 | smiling *3 | asian *5 | bearded *2 | blond *3 | shirtless *3 | bald *3 | "
        "dark haired *4 | thin *1 | lone *2 | middle aged *2 | tattooed *1 | muscular *.6 | heavy *.5",
        "old": "old *3 | older *4 | elderly *3 | young *.2 | gray haired *.7",
        "sport": "young *4 | lone *1.5 | skilled *.2 | brave *.15 | professional *.2",
    }
)
CHILD_NOUNS = frozenset({"boy", "girl", "child", "kid", "toddler", "baby", "youngster", "infant", "lad"})

COLOURS = table(
    {
        "tan": "tan *6 | light brown *1.5 | brown *2 | golden | beige *.6 | yellow *.6 | cream colored *.3",
        "brown": "brown *9 | dark brown *.4 | tan *.8 | reddish *.2",
        "gray": "gray *3 | grey *3 | silver *.4",
        "blue": "blue *9 | light blue *.7 | dark blue *.5 | navy *.2 | turquoise *.15",
        "green": "green *9 | bright green *.4 | lime green *.15 | light green *.2",
        "purple": "purple *9 | violet *.3 | lavender *.2",
        "pink": "pink *12 | bright pink *.4 | hot pink *.3 | magenta *.1",
        "red": "red *14 | bright red *.4 | maroon *.3 | dark red *.2",
        "orange": "orange *10 | bright orange *.6",
        "yellow": "yellow *12 | bright yellow *.6 | gold *.4",
        "white": "white",
        "black": "black *20 | dark *.8",
    }
)
WRONG_COATS = phrases("white | black | brown | gray | tan | dark | yellow *.5 | golden *.5")
WRONG_COLOURS = phrases("red | blue | green | white | black | yellow | brown | gray | dark | orange | purple")
PATTERNS = phrases(
    "striped *3 | plaid *2 | colorful *2 | checkered *.6 | bright *.8 | matching *.3 | dark *2 | floral *.6 | "
    "denim *.4 | leather *.4"
)
HAIR = table(
    {
        "brown": "brown *5 | dark *2 | long brown *.6",
        "black": "black *3 | dark *4 | curly black *.4",
        "blond": "blond *3 | blonde *4 | curly blond *.4",
        "red": "red *5 | bright red *.4 | orange *.3",
        "gray": "gray *3 | white *2 | grey | thinning *.2",
    }
)
GARMENTS = table(
    {
        "shirt": "shirt *24 | tee *1.5 | top *2 | tank top *2 | blouse *1 | polo shirt *.5 | jersey *1 | "
        "outfit *2 | =clothes *.8 | vest *.3 | sleeveless shirt *.5 | button up shirt *.3",
        "sweater": "sweater *5 | sweatshirt *3 | hoodie *3 | shirt *2 | jacket *.8 | cardigan *.4 | pullover *.4 | "
        "jumper *.6",
        "dress": "dress *9 | sundress *.6 | skirt *2 | gown *.5 | outfit *1 | =clothes *.5 | tutu *.4",
        "coat": "coat *5 | jacket *2 | raincoat *.7 | overcoat *.4 | trench coat *.3",
        "vest": "vest *5 | safety vest *.8 | jacket *.6 | waistcoat *.3",
        "suit": "suit *6 | suit and tie | tuxedo *.7 | blazer *.4 | jacket *.5",
        "costume": "costume *5 | outfit *2 | robe *.7 | cape *.5 | mask *.6 | clown suit *.3 | apron *.6 | "
        "kimono *.3 | wig *.4 | kilt *.3",
        "uniform": "uniform *7 | jersey *6 | shirt *2.5 | outfit *.6",
        "uniform/tennis": "shirt *2 | outfit *2 | uniform | dress *.5",
        "wetsuit": "wetsuit *5 | wet suit *.7 | bathing suit *.5",
        "jacket": "jacket *10 | coat *3 | parka *.7 | snowsuit *1 | vest *.5 | windbreaker *.3 | ski jacket *.4 | "
        "winter coat *.6",
        "swimsuit": "swimsuit *4 | bathing suit *4 | swimming suit *.5 | life jacket *.7",
        "swimsuit/male": "=swim trunks *3 | =swimming trunks *1.2 | =trunks *2 | =swim shorts | bathing suit *2 | "
        "=shorts | life jacket *.5",
        "swimsuit/female": "swimsuit *4 | bathing suit *4 | bikini *2.5 | swimming suit *.6",
    }
)  # fmt: skip
LEGS = table(
    {
        "jeans": "=jeans *8 | =pants *1.5 | =overalls *.7 | =denim *.3",
        "shorts": "=shorts *8 | =trunks *.6 | =cargo shorts *.3 | =board shorts *.3",
        "pants": "=pants *7 | =trousers *.8 | =khakis *.4 | =slacks *.3 | =sweatpants *.3 | =tights *.3 | "
        "=leggings *.3",
        "skirt": "skirt *6 | miniskirt *.3 | kilt *.1",
    }
)
HATS = table(
    {
        "hat": "hat *12 | sun hat *.5 | straw hat *.6 | cowboy hat *.7 | cap *1 | floppy hat *.2 | top hat *.4",
        "cap": "cap *4 | hat *4 | baseball cap *1.6 | baseball hat *.4 | visor *.4",
        "helmet": "helmet *9 | hat *.5 | bike helmet *.2",
        "beanie": "hat *4 | beanie *1.5 | knit cap *.7 | stocking cap *.5 | winter hat *.5 | wool hat *.4",
    }
)
ACCESSORIES = table(
    {
        "sunglasses": "=sunglasses *5 | =shades *.4 | =dark glasses *.6",
        "glasses": "=glasses *6 | =eyeglasses *.4 | =spectacles *.3",
        "backpack": "backpack *6 | bag *.6 | knapsack *.2 | pack *.6",
        "scarf": "scarf *5 | bandanna *.8 | shawl *.4",
        "gloves": "=gloves *5 | =mittens *.7",
        "beard": "beard *5 | mustache *1.6 | goatee *.6 | ponytail *.2",
        "goggles": "=goggles *5 | =ski goggles *.5 | mask *.5",
        "collar": "collar *6 | red collar *2 | blue collar *1.5 | tag *.2",
        "harness": "harness *5 | vest *.6 | muzzle *.6",
        "bandanna": "bandanna *3 | scarf | red bandanna | sweater *.7",
    }
)

# --- what they do --------------------------------------------------------------------------------------------------
PREDICATES = table(
    {
        "run/dog": "run *38 | sprint *4 | race *4 | dash *4 | bound *3 | trot *3 | play *4 | gallop | speed | "
        "charge | romp *2 | walk *3",
        "run/greyhound": "race *8 | run *10 | sprint *2 | compete | run fast",
        "run": "run *30 | jog *2 | race *3 | dash *3 | sprint *2 | play *6 | skip *2 | hurry *.6 | "
        "chase each other *.8 | walk *3",
        "run/soccer": "run *5 | play soccer *7 | chase the ball *4 | chase a ball *3 | dribble the ball *2 | "
        "run for the ball *3 | compete *.6 | run with a soccer ball *2 | fight for the ball *1.5",
        "run/football": "run *6 | run with the ball *6 | play football *3 | sprint | rush forward *.6 | "
        "run with a football *2 | score a touchdown *.7 | try to escape a tackle *.5 | throw the ball *1.5 | "
        "prepare to throw *.7",
        "jump/dog": "jump *50 | leap *9 | jump in the air *7 | jump up *7 | hop *2 | leap into the air *3 | "
        "jump through the air *4 | fly through the air *2 | stand on {his} hind legs *2 | spin *.6 | jump high *1.5",
        "jump": "jump *42 | leap *6 | hop *4 | jump in the air *6 | jump up and down *2 | leap into the air *2 | "
        "bounce *3 | jump up *3 | do a flip *2 | do a cartwheel *1.2 | fly through the air *2 | do a handstand *1",
        "jump/pool": "jump *20 | dive *8 | leap *2 | cannonball *.5 | do a flip *1 | splash *2",
        "jump/kidsfield": "jump *30 | jump in the air *6 | leap *4 | hop *3 | do a cartwheel *2 | jump rope *2 | "
        "dance *2 | do a handstand *1 | play leapfrog *.5",
        "carry": "carry something *2 | walk *4",
        "carry/dog": "carry something *3 | carry something in {mouth} *3 | run *5 | walk *2",
        "play/dog": "play *50 | wrestle *6 | fight *5 | romp *2 | roll around *3 | frolic *1.5 | dig *2 | bark *2 | "
        "run around *4 | bite *1 | roll over *1 | growl *.6 | sniff around *1.2 | scratch *.5",
        "play": "play *60 | have fun *3 | run around *4 | laugh *2 | kneel *2 | dig *3 | crouch *2 | dance *2 | "
        "make faces *.5",
        "play/pool": "play *16 | splash *10 | float *4 | swim *5 | have fun *2 | splash around *3 | wade *1.5 | "
        "paddle *.8",
        "play/splash": "play *34 | splash *12 | wade *5 | splash around *4 | get wet *3 | cool off *3 | "
        "have fun *3 | get soaked *.8 | stand *4",
        "play/snowplay": "play *30 | throw snowballs *2.5 | have a snowball fight *1.5 | build a snowman *2 | "
        "shovel *1.5 | dig *2 | make a snow angel *.8 | have fun *2 | lie *2",
        "play/basket": "play basketball *16 | play *5 | shoot the ball *2 | dribble *2.5 | dribble the ball *3 | "
        "try to score *2 | pass the ball *1.5 | guard another player *1.2 | compete *1 | fight for the ball *1 | "
        "hold a basketball *2",
        "play/baby": "play *24 | crawl *6 | chew on something *2 | eat *3 | lie on {his} stomach *1.5 | laugh *2 | "
        "reach for something *1.5",
        "play/beachfolk": "play *34 | dig *6 | build a sandcastle *3.5 | have fun *2 | run around *3 | "
        "throw sand *1.5 | kneel *2 | splash *3 | wade *2 | dance *1 | fly a kite *1 | play volleyball *1",
        "stand/dog": "stand *52 | look around *5 | wait *4 | look at something *4 | stare *2 | bark *3 | shake *4 | "
        "shake off water *2 | pant *1.5 | look up *3 | watch something *2 | sniff the ground *2.5 | "
        "lick {his} lips *1",
        "stand": "stand *70 | wait *5 | look around *3 | look at something *5 | talk *6 | stare *2.5 | lean *4 | "
        "pause *.8 | watch something *2.5 | pose *3 | chat *1.5 | gather *.8",
        "stand/street": "stand *44 | wait *8 | look at something *5 | talk *8 | lean *4 | smoke *3 | chat *2 | "
        "stare *2 | watch traffic *1 | point at something *2 | take a picture *3 | take pictures *2 | perform *1.5",
        "stand/hike": "stand *40 | look out *4 | pose *4 | admire the view *3 | look at the view *3 | rest *3 | "
        "enjoy the view *2 | gaze into the distance *2 | take a picture *2 | look down *2 | raise {his} arms *1",
        "stand/manwork": "stand *34 | work *12 | talk *4 | clean *2 | lean *4 | look at something *5 | cook *2 | "
        "paint *2 | bend over *2 | fix something *2 | sweep *1 | speak *1 | play a guitar *1 | juggle *.6 | "
        "sell food *.8",
        "hold": "hold {o} *20 | work with {o} *1.5 | look at {o} *1 | display {o} *.6 | show {o} *.6 | grip {o} *.4",
        "sit/dog": "sit *40 | lie down *6 | rest *4 | lie *5 | look up *3 | pant *2 | sleep *3 | relax *2 | "
        "wait *2 | lay down *1.5",
        "sit": "sit *70 | rest *5 | relax *5 | lie *3 | talk *4 | lean back *.8 | kneel *2 | chat *1 | crouch *2 | "
        "squat *1 | eat lunch *1 | eat *2",
        "sit/bench": "sit *70 | rest *6 | relax *5 | sleep *3 | talk *5 | read *4 | lie *3 | lean back *1 | "
        "chat *1.5 | eat lunch *2 | wait *3",
        "sit/baby": "sit *46 | sit up *3 | lie *4 | look up *3 | eat *3 | sleep *3 | cry *2 | stare *2 | laugh *2 | "
        "play *4 | rest *2",
        "walk/dog": "walk *40 | wander *3 | trot *4 | stroll *2 | sniff the ground *4 | stand *4 | wade *2 | run *4",
        "walk": "walk *70 | stroll *5 | wander *2.5 | jog *2 | stand *4 | march *.8 | head home *.6 | "
        "hold hands *2 | talk *2",
        "walk/hike": "walk *20 | hike *16 | climb *4 | trek *1.5 | travel *.6 | trudge *.4 | make {his} way *.6",
        "walk/snowplay": "walk *26 | hike *3 | trudge *3 | trek *1.5 | wade *1 | play *4 | run *3 | march *.6 | "
        "pull a sled *1.5",
        "swim": "swim *36 | play *6 | splash *5 | paddle *2.5 | float *3 | wade *2 | dive *1.5 | go for a swim *1 | "
        "cool off *1",
        "chase": "chase another dog *6 | chase each other *4 | chase {o} *5 | run after another dog *3 | "
        "chase something *2 | follow another dog *1 | bite another dog *1.5 | race *1 | attack another dog *.5",
        "ridewave": "ride a wave *34 | surf *10 | ride a large wave *9 | ride the waves *6 | ride a big wave *4 | "
        "surf a wave *6 | ride the wave *5 | surf the waves *2 | ride on a surfboard *4 | "
        "balance on a surfboard *2 | catch a wave *3 | ride {his} surfboard *3 | fall off {his} surfboard *1.5 | "
        "crouch on {his} board *1 | wipe out *.5",
        "ride": "ride {o} *40 | race {o} *2 | pedal *1 | speed along *1 | cycle *5 | coast *.4 | bike *3 | "
        "go for a ride *1 | stop on {o} *1.5 | sit on {o} *2",
        "ride/motocross": "ride {o} *19 | race *7 | race {o} *4 | speed along *2 | drive {o} *4 | take a turn *3 | "
        "turn a corner *2 | lean into a turn *1.5 | kick up dirt *3 | kick up dust *1.5 | compete *1",
        "ride/mtb": "ride {o} *22 | bike *8 | pedal *2 | cycle *3 | speed along *1.5 | travel *1 | race *3 | "
        "coast *.6",
        "ride/skate": "ride {o} *16 | skateboard *20 | skate *6 | do a trick *5 | balance on {o} *2 | grind *2 | "
        "roll along *1 | perform a trick *2",
        "air/snowsport": "jump *26 | fly through the air *10 | do a trick *7 | jump in the air *9 | "
        "perform a trick *4 | soar *2 | leap *2 | do a flip *2 | catch some air *2 | perform a jump *2 | "
        "jump over a ramp *2 | fly *2 | do a stunt *1 | flip *1 | go off a jump *2 | perform a stunt *1",
        "air/skate": "jump *16 | do a trick *18 | perform a trick *8 | jump in the air *2 | do a jump *3 | "
        "do a stunt *1.5 | grind *2.5 | fly through the air *1 | ride {o} *7 | flip {his} board *2 | "
        "skateboard *7 | do an ollie *.6 | grab {his} board *1 | perform a stunt *1 | attempt a trick *1.5 | "
        "leap *1 | balance *1",
        "air/mtb": "jump {o} *8 | do a trick *6 | jump *14 | fly through the air *2 | jump in the air *2 | "
        "perform a trick *3 | ride {o} *10 | do a wheelie *2 | leap *2 | soar *1 | go over a jump *3 | "
        "perform a stunt *1 | catch some air *1 | do a stunt *1",
        "air/motocross": "jump *18 | jump {o} *4 | fly through the air *3 | do a trick *4 | jump in the air *2 | "
        "go over a jump *4 | soar *2 | ride {o} *10 | leap *1.5 | do a wheelie *3 | go airborne *1 | "
        "perform a stunt *1.5 | catch some air *1",
        "air/basket": "jump *9 | shoot the ball *4 | jump for the ball *4 | go up for a shot *3 | "
        "dunk the ball *3 | shoot a basket *3 | leap *2 | make a shot *2 | take a shot *2 | block a shot *2 | "
        "jump to shoot *2 | shoot *2 | reach for the ball *2",
        "slide/snowsport": "ski *8 | go down a hill *2 | slide *3 | race downhill *2 | speed along *1 | turn *1.5 | "
        "travel *1 | fall *.8",
        "slide/snowboarder": "snowboard *9 | go down a hill *3 | slide *3 | ride *4 | turn *1.5 | speed along *1 | "
        "carve *1 | fall *.8",
        "slide/skier": "ski *18 | go down a hill *2 | slide *2 | race downhill *2 | speed along *1 | turn *1.5 | "
        "travel *1 | fall *.8",
        "slide/snowplay": "sled *9 | slide *6 | go sledding *4 | ride *2 | play *4 | ride a sled *3 | "
        "go down a hill *2 | laugh *1 | slide down *3",
        "slide/playground": "slide *7 | slide down a slide *7 | go down a slide *8 | play on a slide *4 | "
        "go down a yellow slide *1.5 | slide down a red slide *1.5 | come down a slide *1.5 | play *6 | "
        "slide down *3 | climb up a slide *1 | sit on a slide *1.5",
        "swing": "swing *20 | swing on a swing *4 | play on a swing *5 | ride a swing *1.5 | sit on a swing *4 | "
        "swing high *2 | play *5 | hang *2 | hang upside down *1.5 | play on the swings *2 | "
        "hang from monkey bars *2 | swing from a rope *2",
        "climb/climb": "climb *22 | rock climb *4 | scale a wall *1 | hang from a rope *3 | hang onto a rock *1 | "
        "rappel *3 | go rock climbing *1.5 | ascend *.6 | reach *1 | cling *1 | make {his} way *1",
        "climb": "climb *30 | climb up *6 | climb a tree *9 | climb a ladder *1.5 | hang from a branch *2 | "
        "play *6 | climb a rope *2 | climb a structure *1 | pull {himself} up *1 | crawl *2",
        "kick": "kick {o} *26 | play soccer *12 | play with {o} *5 | chase {o} *3 | fight for {o} *2 | "
        "run after {o} *3 | dribble {o} *2 | practice soccer *.6 | aim for the goal *.7 | "
        "get ready to kick {o} *1.5 | go after {o} *2 | compete *1",
        "hit": "hit {o} *8 | swing {his} racket *6 | play tennis *18 | swing a racket *3 | serve *3 | "
        "serve {o} *3 | return {o} *2 | reach for {o} *2 | hold a racket *3 | prepare to hit {o} *2 | "
        "watch {o} *1 | swing at {o} *4 | jump *1",
        "drive": "drive *14 | race *10 | speed *3 | turn *3 | skid *2 | drift *1.5 | go *2 | take a turn *1.5 | "
        "kick up dust *2 | compete *1 | spin *1 | slide *1.5 | round a corner *1",
        "tackle": "tackle another player *11 | tackle {his} opponent *4 | tackle a football player *2 | "
        "grab another player *2 | try to tackle another player *2 | fall on the ground *2 | fight for the ball *3 | "
        "dive for the ball *2 | run into each other *1 | try to catch the ball *2 | push another player *1.5 | "
        "collide *1 | play football *4",
        "smile": "smile *26 | grin *5 | laugh *9 | look at the camera *7 | pose *12 | smile at the camera *6 | "
        "smile for the camera *4 | stand *7 | sit *6 | make a funny face *1 | smile for a picture *2 | wave *2 | "
        "hug *2 | stick out {his} tongue *1.5 | wink *.4",
        "pose": "pose *40 | stand *12 | look at the camera *10 | pose for a picture *14 | pose for the camera *7 | "
        "look to the side *3 | make a face *2 | pose together *1 | stare *2.5 | stand together *1.5 | "
        "make a funny face *1 | show off *1 | pose for a photo *3 | pose for a photograph *2 | lean *3 | "
        "dance *1.5 | talk *2",
    }
)  # fmt: skip
# Where the scene has a thing that the agent may have in hand, by verb: said instead of, or after, the plain predicate.
PREDICATES_WITH = table(
    {
        "carry/dog": "carry {o} in {mouth} *16 | carry {o} *7 | hold {o} in {mouth} *8 | "
        "run with {o} in {mouth} *16 | run with {o} *7 | have {o} in {mouth} *6 | chew on {o} *3 | fetch {o} *5 | "
        "bring {o} back *2 | retrieve {o} *2.5 | bite {o} *2 | walk with {o} in {mouth} *3 | play with {o} *8 | "
        "return with {o} *1",
        "run/dog": "run with {o} in {mouth} *7 | chase {o} *7 | run after {o} *6 | run with {o} *5 | fetch {o} *3 | "
        "run to catch {o} *2 | carry {o} *3 | go after {o} *1",
        "jump/dog": "catch {o} *6 | jump for {o} *5 | jump to catch {o} *7 | leap for {o} *3 | "
        "catch {o} in {mouth} *4 | jump up to catch {o} *2 | leap to catch {o} *2 | jump over {o} *1.5 | "
        "try to catch {o} *3 | jump after {o} *1 | grab {o} *.8 | bite {o} *.8",
        "play/dog": "play with {o} *12 | chew on {o} *4 | fight over {o} *3 | bite {o} *2 | tug on {o} *2 | "
        "play tug of war with {o} *1 | chase {o} *3 | shake {o} *.8 | hold {o} in {mouth} *2",
        "stand/dog": "stand with {o} in {mouth} *6 | hold {o} in {mouth} *4 | look at {o} *3 | watch {o} *2 | "
        "stand over {o} *2 | sniff {o} *2",
        "sit/dog": "sit with {o} *3 | chew on {o} *4 | lie with {o} *2 | hold {o} in {mouth} *2 | look at {o} *2",
        "walk/dog": "walk with {o} in {mouth} *5 | carry {o} *4 | walk with {o} *3 | carry {o} in {mouth} *3",
        "swim/dog": "swim with {o} in {mouth} *6 | swim after {o} *3 | fetch {o} *4 | carry {o} *3 | "
        "swim with {o} *3 | retrieve {o} *3",
        "play": "play with {o} *16 | hold {o} *7 | throw {o} *4 | catch {o} *2 | kick {o} *2 | reach for {o} *2",
        "run": "run with {o} *6 | chase {o} *4 | throw {o} *3 | carry {o} *3 | hold {o} *4 | run to catch {o} *1",
        "jump": "jump with {o} *3 | catch {o} *4 | jump to catch {o} *3 | hold {o} *3 | jump for {o} *3 | "
        "throw {o} *2 | try to catch {o} *2",
        "walk": "walk with {o} *6 | carry {o} *8 | hold {o} *6",
        "stand": "hold {o} *14 | stand with {o} *7 | carry {o} *5 | look at {o} *2",
        "sit": "hold {o} *8 | sit with {o} *7 | look at {o} *2",
        "swim": "swim with {o} *4 | play with {o} *6 | hold {o} *4 | float on {o} *1",
        "climb": "climb with {o} *4 | hold {o} *2 | hang from {o} *3 | climb using {o} *1.5 | use {o} *1",
        "carry": "carry {o} *10 | hold {o} *8 | walk with {o} *5 | lift {o} *1 | push {o} *.6 | drag {o} *.5",
        "carry/football": "run with {o} *9 | carry {o} *7 | hold {o} *6 | throw {o} *3 | catch {o} *4 | "
        "protect {o} *1 | play football *3",
        "smile": "hold {o} *10 | smile with {o} *2 | pose with {o} *3",
        "pose": "hold {o} *10 | pose with {o} *6 | stand with {o} *2",
        "smile/baby": "hold {o} *5 | play with {o} *6 | smile at {o} *1.5 | laugh at {o} *.7",
        "sit/baby": "play with {o} *10 | hold {o} *8 | sit with {o} *5 | look at {o} *2 | chew on {o} *3 | "
        "sit beside {o} *1",
        "slide": "slide on {o} *3 | go down a hill on {o} *4 | ride {o} *6 | sit on {o} *3 | play with {o} *2 | "
        "pull {o} *1",
        "swing": "hold {o} *2",
        "air/skate": "jump on {o} *6 | do a trick on {o} *12 | ride {o} *4 | jump off {o} *1 | "
        "perform a trick on {o} *4 | flip {o} *1.5",
        "air": "do a trick on {o} *7 | jump on {o} *6 | fly through the air on {o} *4 | jump {o} *2 | "
        "perform a trick on {o} *2 | perform a stunt on {o}",
        "air/basket": "jump with {o} *4 | shoot {o} *5 | hold {o} *4 | throw {o} *2 | dunk {o} *2 | "
        "jump for {o} *2 | try to block {o} *.6",
        "play/basket": "dribble {o} *5 | hold {o} *6 | play with {o} *3 | pass {o} *2 | run with {o} *2 | "
        "go for {o} *2",
        "read": "read {o} *9 | sit with {o} *2 | hold {o} *2 | look at {o} *2",
        "bench": "sit on {o} *20 | rest on {o} *2 | relax on {o} *2 | sleep on {o} *1.5 | lie on {o} *1.5 | "
        "sit together on {o} *1",
    }
)
ONLY_DO = frozenset(
    {"hold", "ride", "kick", "hit", "ridewave", "drive", "tackle", "chase"}
)  # their object is said or not at all
DOUBLED = names(
    """run sit squat swim jog hop skip grin hit get dig chat flip spin step trot drag hug tug grip grab bat lap shop
    clap cut put sled skid rub bet nap stop plan rip zip sip dip tap"""
)
IRREGULAR_THIRD = {"have": "has", "be": "is", "do": "does", "go": "goes"}
IRREGULAR_ING = {"frolic": "frolicking", "rappel": "rappelling", "lie": "lying", "ski": "skiing", "be": "being"}

OBJECTS = table(
    {
        "ball": "{c}ball *14 | small {c}ball *.8 | rubber ball *.6 | beach ball *.4 | large {c}ball *.4 | "
        "big {c}ball *.3",
        "tennisball": "tennis ball *11 | ball *4 | yellow ball *.7 | green ball *.5",
        "stick": "stick *10 | large stick *1.2 | big stick *1 | branch *1.2 | long stick *.7 | wooden stick *.4 | "
        "tree branch *.4 | twig *.3",
        "toy": "{c}toy *9 | {c}object *1.5 | chew toy *.6 | stuffed animal *.6 | stuffed toy *.4 | "
        "=something {c}*1.5 | plush toy *.2 | rope toy *.3 | bone *.5",
        "toy/person": "{c}toy *9 | toy car *.8 | toy truck *.7 | {c}ball *.5 | teddy bear *.8 | "
        "stuffed animal *1.2 | doll *.9 | plastic toy *.8 | {c}bucket *.5 | toy gun *.3 | balloon *.3 | "
        "rattle *.2 | toy train *.3",
        "frisbee": "frisbee *9 | {c}frisbee *7 | {c}disc *.8 | {c}disk *.3 | ring *.4",
        "soccerball": "soccer ball *7 | =the ball *3 | ball *3 | =the soccer ball *1.5 | football *.4",
        "football": "football *6 | =the football *3 | =the ball *5 | ball *1.5",
        "basketball": "basketball *6 | =the ball *5 | ball *1.5 | =the basketball *1 | orange ball *1 | "
        "orange basketball *2",
        "sign": "sign *8 | large sign *.7 | poster *.8 | cardboard sign *.6 | banner *.6 | piece of paper *.5 | "
        "flag *.3",
        "bag": "bag *7 | backpack *2 | {c}bag *2 | purse *1.5 | handbag *.6 | plastic bag *.7 | suitcase *.8 | "
        "shopping bag *.7 | =bags *2 | briefcase *.3",
        "book": "book *8 | magazine *1 | newspaper *1.2 | =something *.4 | map *.4",
        "drink": "drink *5 | cup *1.5 | glass *1.5 | bottle *1.5 | beer *1.2 | can *.5 | =a cup of coffee *.6 | "
        "soda *.4 | =a glass of wine *.5",
        "tool": "tool *3 | =something *2 | shovel *1 | hammer *.8 | broom *.8 | rope *.8 | knife *.5 | hose *.6 | "
        "=tools *.7 | drill *.4 | paintbrush *.5 | pole *.6 | object *1 | bucket *.5 | saw *.3 | wrench *.3",
        "racket": "racket *5 | tennis racket *5",
        "bench": "bench *12 | park bench *1.4 | wooden bench *1.4 | stone bench *.4 | chair *.5 | =some steps *.3 | "
        "metal bench *.3",
        "sled": "sled *7 | {c}sled *3 | sleigh *.4 | snow tube *.3 | toboggan *.4",
        "car": "{c}car *6 | parked car *2 | vehicle *1 | =parked cars *.6 | taxi *.5 | van *.5",
        "drink/child": "drink *4 | cup *2 | bottle *2 | =a glass of milk *.5 | juice box *.5 | straw *.4",
        "camera": "camera *9 | video camera *.7 | digital camera *.4",
        "rope": "rope *6 | {c}rope *1.5 | =ropes *1.5 | harness *.6 | cable *.2",
        "surfboard": "surfboard *8 | board *1.5 | white surfboard *.6 | {c}surfboard *.8",
        "bike": "bike *7 | bicycle *7 | mountain bike *1 | {c}bike *1.5 | {c}bicycle *.7",
        "bike/mtb": "bike *8 | bicycle *4 | mountain bike *5 | {c}bike *1",
        "motorbike": "dirt bike *9 | motorcycle *7 | motorbike *2.5 | bike *3 | {c}dirt bike *1 | {c}motorcycle *1",
        "skateboard": "skateboard *9 | board *1 | {c}skateboard *.4",
    }
)

# --- where ---------------------------------------------------------------------------------------------------------
# ``place`` for those who stay, ``place>`` for those who move along; ``place/spot`` with words for that spot alone.
PLACES = table(
    {
        "grass": "in the grass *8 | on the grass *8 | on grass *2 | on the lawn *3 | in a grassy area *3 | "
        "in a grassy field *2 | outside *4 | outdoors *2 | in the green grass *2 | on the ground *2 | "
        "in tall grass *1.5 | on a sunny lawn *.5 | in a field *4 | on green grass *1",
        "grass>": "through the grass *6 | across the grass *4 | in the grass *5 | on the grass *4 | "
        "across a lawn *3 | across the yard *2 | through a grassy field *3 | through a field *4 | "
        "across a grassy area *1 | outside *2 | on grass *2 | through tall grass *2 | through the green grass *1 | "
        "across a field *2 | over grass *1",
        "grass/lawn": "on a lawn *3 | on the lawn *3 | in the grass *3 | on a green lawn *.6",
        "grass/yard": "in a yard *4 | in the backyard *2.5 | in a backyard *2 | in a garden *1 | in the yard *2 | "
        "in a fenced yard *.6",
        "grass/meadow": "in a meadow *3 | in a field of flowers *1 | among wildflowers *.7 | in the tall grass *2 | "
        "on a hillside *1",
        "field": "in a field *9 | on a field *3 | in a meadow *3 | in a grassy field *3 | in the grass *4 | "
        "outside *3 | in the field *2 | in an open field *1 | in a green field *1 | on the grass *3 | "
        "in the countryside *.6",
        "field>": "through a field *5 | in a field *6 | across a meadow *2 | across a field *4 | "
        "through a grassy field *2 | across the grass *2 | on a field *3 | through the grass *3 | in the grass *2 | "
        "across an open field *1 | down the field *1.5",
        "field/pasture": "in a pasture *2 | on a farm *1.5 | near some cows *.7 | on a hillside *1",
        "field/hay": "in the hay *1.5 | near a hay bale *1 | in dry grass *1.5 | in a brown field *1",
        "field/game": "on a field *2 | on the field *3 | during a game *6 | in a game *2 | on the pitch *1 | "
        "in a stadium *2 | during a match *1.5 | on a grass field *1.5 | on the grass *2 | at practice *1 | "
        "on a soccer field *2 | during a soccer game *2",
        "field/footballgame": "on a field *1.5 | on the field *2 | during a game *7 | in a game *3 | "
        "in a stadium *2 | near the end zone *.6 | on a football field *1.2 | during a football game *1.5 | "
        "during a play *.7",
        "snow": "in the snow *28 | on the snow *3 | in deep snow *2 | in a snowy field *.6 | outside *2 | "
        "in the winter *.8 | on a snowy day *.4 | on snow *1.5",
        "snow>": "through the snow *15 | in the snow *12 | through deep snow *3 | across the snow *2.5 | "
        "across a snowy field *.6 | over the snow *1 | on the snow *2 | through fresh snow *.6",
        "snow/hill": "on a snowy hill *1 | on a hill *2 | on a snow covered hill *3 | down a hill *1.5 | "
        "on a snow bank *1",
        "snow/woods": "in a snowy forest *.7 | in the snow covered woods *1.5 | among snow covered trees *1.5 | "
        "on a snowy path *.7",
        "lake": "in the water *40 | in a lake *6 | in shallow water *3 | in the lake *2 | outside *1 | "
        "by the water *2.5 | at the edge of the water *1 | in a pond *2.5",
        "lake>": "through the water *22 | in the water *20 | through shallow water *4 | across the water *2 | "
        "into the water *4 | into a lake *2 | out of the water *2.5 | through a pond *1",
        "lake/river": "in a river *5 | in the river *2 | by a river *1 | on a riverbank *.6 | in rapids *.7",
        "lake/stream": "in a stream *3 | in a creek *3 | in a shallow stream *1.5 | on rocks in a stream *.8",
        "lake/puddle": "in a puddle *3 | in muddy water *2 | in a mud puddle *1.5 | in a large puddle *1",
        "ocean": "in the water *18 | in the ocean *7 | in the waves *5 | on the beach *5 | in the surf *2.5 | "
        "at the beach *2.5 | in the sea *2 | near the ocean *1.2 | near the shore *1.5",
        "ocean>": "through the water *9 | in the water *10 | through the waves *4 | in the ocean *4.5 | "
        "along the beach *3 | through the surf *2 | into the water *3 | on the beach *3 | into the ocean *1.6 | "
        "out of the ocean *.8 | in the sea *1",
        "ocean/surf": "in the ocean *8 | in the water *8 | in the sea *2 | on the ocean *1 | near the shore *1 | "
        "in blue water *.6 | in rough water *.7",
        "pool": "in a pool *10 | in the pool *7 | in a swimming pool *4 | in the water *8 | in an indoor pool *.5 | "
        "underwater *1.5 | outside *.7",
        "pool>": "in a pool *7 | in the pool *5 | into a pool *5 | into the pool *4 | in a swimming pool *3 | "
        "into a swimming pool *2 | underwater *2 | in the water *4 | into the water *3 | across a pool *1",
        "pool/plastic": "in a wading pool *2 | in a kiddie pool *2 | in a plastic pool *1.5 | "
        "in an inflatable pool *1 | in a small pool *1.5",
        "beach": "on the beach *26 | at the beach *12 | on a beach *10 | in the sand *5 | on the sand *2 | "
        "by the water *3 | near the water *3 | near the ocean *2.5 | by the ocean *2.2 | on a sandy beach *2.5 | "
        "in the water *3 | on the shore *2 | by the sea *.8",
        "beach>": "along the beach *7 | on the beach *11 | on a beach *5 | across the sand *2.5 | "
        "through the sand *2.5 | in the sand *4 | in the water *3 | along the shore *2 | near the water *2 | "
        "at the beach *4 | down the beach *2 | across the beach *1.5 | by the ocean *2",
        "beach/sand": "in the sand *6 | on the sand *3 | across the sand | on the beach *4 | on a sandy beach *2 | "
        "at the beach *3",
        "beach/shore": "on the shore *2 | at the edge of the water *1 | near the waves *1.5 | by the sea *1 | "
        "on the coast *.5 | at the shore *.8",
        "beach/pier": "near a pier *2 | on a dock *1 | near a boat *1 | by a pier *1",
        "dirt": "in the dirt *6 | on a dirt road *5 | on dirt *2 | on a dirt path *4 | on a path *2 | "
        "on a trail *2 | outside *2 | on the ground *2 | on sandy ground *.5",
        "dirt>": "down a dirt road *4 | on a dirt road *3 | on a dirt path *4 | along a path *2 | on a trail *3 | "
        "through the dirt *2 | down a trail *2 | over a hill *2 | down a hill *3 | on a road *1.5 | "
        "down a path *2 | on a dirt trail *2",
        "dirt/mud": "through the mud *4 | in the mud *4 | in muddy water *1 | on muddy ground *1.5",
        "dirt/road": "on a gravel road *1.5 | on a road *3 | on a country road *1 | on a dirt road *5 | "
        "down the road *3",
        "dirt/course": "on a dirt track *7 | on a track *4 | on a dirt course *2 | on a race track *2 | "
        "over a dirt hill *2 | around a corner *1.5 | over a hill *2 | through mud *2 | in the dirt *3 | "
        "on a dirt road *2 | around a muddy track *1",
        "woods": "in the woods *9 | in a forest *4 | in the forest *4 | in a wooded area *3 | among the trees *2 | "
        "on a path *2 | near trees *1",
        "woods>": "through the woods *9 | through a forest *4 | in the woods *4 | through the forest *3 | "
        "down a path *2 | along a trail *2 | between trees *1 | through a wooded area *1.5 | on a trail *2",
        "woods/leaves": "in the leaves *3 | in fallen leaves *1.5 | over fallen leaves *1 | on dead leaves *.7",
        "street": "on the street *9 | on a street *5 | on a sidewalk *5 | on the sidewalk *5 | in the city *3 | "
        "on a city street *3 | outside *5 | in the street *4 | on a busy street *2.5 | on the side of the road *2 | "
        "on the road *2 | downtown *.7 | in public *.5 | in a parking lot *1.5",
        "street>": "down the street *14 | down a street *6 | down the sidewalk *5 | on the sidewalk *3 | "
        "along a street *2 | on a street *3 | down a city street *3 | along a busy street *2 | down the road *3 | "
        "on the road *2 | across the street *2 | through the city *1 | on a road *2 | through town *.7 | "
        "on a paved path *1",
        "street/shops": "past some shops *2 | in front of a store *4 | outside a shop *3 | "
        "in front of a restaurant *1.5 | by a store window *1 | past a cafe *1",
        "street/crossing": "at a crosswalk *3 | at an intersection *2 | at a street corner *2 | on a corner *1.5 | "
        "in traffic *1.5 | at a bus stop *1 | near a subway station *.7",
        "street/market": "at a market *3 | in a marketplace *.7 | at an outdoor market *1.5 | "
        "near a fruit stand *1 | at a street fair *1 | at a festival *.8",
        "street/sidewalk": "on a sidewalk *4 | on the sidewalk *4 | on the pavement *1.5 | "
        "on a brick sidewalk *.7 | on the curb *.8 | on cobblestones *.5",
        "snowmountain": "on a snowy mountain *6 | on a mountain *1 | in the snow *3 | on a slope *3 | "
        "on a snowy hill *5 | on a snowy slope *4 | on the snow *1",
        "snowmountain>": "down a snowy mountain *5 | down a mountain *3 | in the snow *2 | down a snowy hill *6 | "
        "down a slope *4 | over the snow *1 | down a snowy slope *5 | off a jump *2 | down a hill *3 | "
        "down the mountain *3 | off a snow ramp *.5 | through the snow *1 | down a steep slope *1.5",
        "rock": "on a rock *9 | on a large rock *5 | on a cliff *5 | on the rocks *4 | on rocks *3 | "
        "on a ledge *2 | on a rocky cliff *2 | on a boulder *1.5",
        "rock>": "up a rock *5 | up a rock face *14 | up a cliff *5 | up a rock wall *5 | up a large rock *3 | "
        "up a steep rock *1.5 | up a mountain *3 | up a rocky cliff *2 | up the side of a mountain *2 | "
        "up the face of a cliff *2 | up the side of a cliff *2 | over rocks *1.5 | on a rock *2 | "
        "up a boulder *.7 | up an ice wall *.5",
        "mountain": "on a mountain *6 | in the mountains *6 | on a hill *4 | on a rocky hill *2 | on a cliff *3 | "
        "on a mountain top *2 | near a cliff *1 | on rocky terrain *1 | on a mountainside *.7 | "
        "overlooking a valley *2 | above the clouds *1",
        "mountain>": "up a mountain *3 | through the mountains *3 | on a mountain trail *2 | up a hill *5 | "
        "along a trail *2 | on a mountain *4 | along a rocky path *2 | up a steep hill *1.5 | across a ridge *.7 | "
        "in the mountains *3 | over rocky ground *1",
        "mountain/ledge": "on a ledge *2 | at the edge of a cliff *2 | on a rocky ledge *1 | over a valley *.7",
        "park": "in a park *5 | at a park *2 | at the park *2 | in the park *2 | outside *7 | outdoors *4 | "
        "under some trees *2 | in the shade *2 | on a path *2",
        "park/playground": "on a playground *6 | at a playground *5 | at the playground *3 | in a park *3 | "
        "at a park *2 | at the park *3 | on playground equipment *2 | on a jungle gym *1 | outside *3 | "
        "in a sandbox *.8",
        "park/garden": "in a garden *4 | near some flowers *2 | among flowers *1 | by a hedge *.5",
        "park/path": "on a path *4 | in a park *2 | along a path *2 | under some trees *1",
        "building": "in front of a building *5 | outside a building *2 | by a building *1 | outside *8 | "
        "near a building *1 | by a wall *3 | in a doorway *1.5 | outdoors *1",
        "building>": "past a building *3 | outside a building *3 | in front of a building *3 | outside *4 | "
        "along a wall *1",
        "building/wall": "in front of a wall *3 | against a wall *2.5 | by a brick wall *2.5 | "
        "against a brick wall *2 | near a wall *1 | beside a stone wall *1",
        "building/house": "in front of a house *4 | outside a house *2 | on a porch *2.5 | in a driveway *1 | "
        "on the roof of a house *.8 | on a balcony *1",
        "building/store": "in front of a store *4 | outside a store *2 | in front of a window *2 | "
        "outside a restaurant *1.5 | in front of a church *1",
        "building/steps": "on some steps *3 | on the steps *2.5 | on stairs *2 | on a staircase *1.5 | "
        "on the stairs of a building *1 | on stone steps *1",
        "ramp": "on a ramp *8 | at a skate park *4 | in a skate park *3 | on a skateboard ramp *1.5 | "
        "outside *1.5 | at a park *1 | on concrete *1",
        "ramp>": "off a ramp *6 | down a ramp *3 | on a ramp *6 | at a skate park *4 | up a ramp *2 | "
        "over a ramp *1.5 | in a skate park *2 | over a gap *.6",
        "ramp/rail": "on a rail *4 | down a rail *3 | down a railing *1.5 | on a metal rail *1 | along a ledge *1",
        "ramp/steps": "down some stairs *3 | over a set of stairs *2 | down a flight of stairs *2 | "
        "down the steps *2 | off a ledge *1",
        "track": "on a track *9 | on a race track *5 | around a track *7 | around a corner *3 | "
        "around the track *4 | around a bend *2 | at a race *3 | on a racetrack *2 | down a track *2 | "
        "at a racetrack *1",
        "court": "on a court *7 | on the court *4 | during a game *4 | in a game *2 | during a match *1.5 | "
        "outside *1",
        "court/basket": "during a game *6 | in a gym *5 | on a court *4 | in a game *3 | on the court *3 | "
        "in a basketball game *2 | in a gymnasium *.7 | in an arena *.7",
        "court/tennis": "on a court *4 | on a tennis court *5 | on the court *3 | during a match *4 | "
        "in a tennis match *2 | at a tournament *.8 | outside *1",
        "indoor": "inside *4 | in a room *5 | indoors *2 | on the floor *3 | in a house *1.5 | "
        "in the living room *1.5 | at a table *2",
        "indoor/couch": "on a couch *5 | on a sofa *2 | in the living room *2 | in a chair *2.5 | "
        "on a leather couch *.7",
        "indoor/kitchen": "in a kitchen *4 | in the kitchen *3 | at the counter *1 | by a sink *.8 | "
        "near a stove *.6 | at a table *2",
        "indoor/bed": "on a bed *5 | in a bedroom *1.5 | on a mattress *.6 | in bed *1 | under a blanket *1",
        "indoor/restaurant": "at a table *4 | in a restaurant *4 | in a bar *2.5 | at a party *2.5 | "
        "in a cafe *.8 | at dinner *.7",
        "indoor/stage": "on a stage *4 | on stage *3 | in a classroom *1 | in an office *1.5 | in an audience *.5 | "
        "at a concert *1 | under bright lights *.7",
        "fountain": "in a fountain *9 | in the water *10 | in a water fountain *5 | in the fountain *2 | "
        "through a fountain *2 | in sprinklers *1 | in the spray *1 | outside *1 | under jets of water *1",
        "tree": "under a tree *6 | in a tree *9 | near a tree *4 | by a tree *4 | by a large tree *1 | "
        "in the grass *2 | outside *2 | next to a tree *2 | on a tree branch *1 | in the woods *1.5",
    }
)  # fmt: skip

# --- what else is to be seen ---------------------------------------------------------------------------------------
PROPS = table(
    {
        "fence": "near a fence *3 | by a fence *2 | behind a fence *2 | in front of a fence *2 | "
        "by a wooden fence *1.5 | next to a chain link fence *.7 | along a white fence *.7",
        "log": "over a log *4 | next to a log | over a fallen tree *1 | near a log *1 | over a tree trunk *.6",
        "hurdle": "over a hurdle *4 | over an obstacle *2 | over a bar *1.5 | on an obstacle course *1.5 | "
        "over a pole *.7 | through a hoop *.8",
        "bush": "near some bushes *2 | by a bush *2 | through the bushes | near some plants *1.5 | "
        "near a hedge *.7 | beside some shrubs *.4",
        "leash": "on a leash *6 | with a leash *1.5 | on a red leash *.8 | with {his} owner *2",
        "sprinkler": "near a sprinkler *2 | with a sprinkler *1 | by a garden hose *1 | through a sprinkler *2",
        "house": "near a house *3 | in front of a house *3 | by a white house *1 | behind a house *1 | "
        "near a shed *.7 | with a house in the background *1 | near a barn *.6",
        "umbrella": "under an umbrella *4 | with an umbrella *4 | with a red umbrella *.7",
        "towel": "on a towel *4 | with a towel *2.5 | on a blanket *1.5 | wrapped in a towel *1",
        "boat": "near a boat *4 | by a boat *2 | with boats in the background *2 | "
        "with a sailboat in the distance *1 | next to a canoe *.7 | near a kayak *.7",
        "bucket": "with a bucket *4 | near a bucket *2 | with a pail *1.5 | with a shovel *1.5 | "
        "beside a yellow bucket *1 | with a red bucket *.7",
        "kite": "with a kite *4 | flying a kite *3 | under a colorful kite *1",
        "bird": "near some birds *3 | with a bird *1.5 | near a seagull *1.2 | with seagulls flying overhead *1 | "
        "with birds in the sky *1",
        "slide": "near a water slide *2 | down a water slide *2 | by a slide *1.5",
        "chair": "near some chairs *2 | by a chair *1.5 | beside a lawn chair *1 | beside a deck chair *.7",
        "tube": "on an inner tube *2 | with an inflatable ring *1 | on a raft *2 | with a pool noodle *.6 | "
        "in a tube *1.5",
        "flag": "near a flag *3 | past some flags *2 | with flags in the background *1.5 | "
        "by an american flag *1.5 | beside a banner *1",
        "lift": "near a ski lift *3 | under a chairlift *1 | with a ski lift in the background *1.5",
        "pine": "near some trees *3 | past some pine trees *2 | with trees in the background *4 | "
        "between the trees *1.5 | near a pine tree *.7 | by a forest *1",
        "snowman": "with a snowman *3 | next to a snowman *3 | beside a big snowman *.7",
        "shovel": "with a shovel *4 | with a snow shovel *1 | holding a shovel *1.5",
        "tent": "near a tent *4 | in front of a tent *2.5 | beside a blue tent *1 | under a tent *1.5 | "
        "at a campsite *1 | by a campfire *.5",
        "waterfall": "near a waterfall *4 | in front of a waterfall *2 | by a waterfall *2 | "
        "with a waterfall behind {him} *1",
        "lake": "above a lake *3 | overlooking a lake *3 | with a lake in the background *2 | near a lake *3 | "
        "over a valley *.7",
        "cloud": "above the clouds *2 | under a cloudy sky *3 | with clouds in the background *2 | "
        "under a blue sky *2 | with fog in the distance *.7",
        "pole": "with walking sticks *1.5 | with ski poles *.7 | with a walking stick *1.5 | near a pole *2 | "
        "by a metal pole *1",
        "jump": "over a jump *4 | off a jump *2 | over a bump *1.5 | over a mound of dirt *2 | off a small hill *.7",
        "sign": "past a sign *2 | near a sign *3 | in front of a sign *2 | by advertisements *1 | "
        "past a billboard *.6",
        "truck": "near a truck *3 | by a truck *2 | past a van *1.5 | behind a red truck *1 | "
        "next to a pickup truck *1",
        "bridge": "over a bridge *4 | under a bridge *2 | across a bridge *2 | near a bridge *1.5",
        "streetlight": "under a street light *2 | by a lamp post *1.5 | near a traffic light *2 | "
        "beside a stop sign *1.5",
        "graffiti": "near graffiti *2 | in front of a graffiti covered wall *1.5 | by a painted wall *1",
        "bench": "near a bench *3 | over a bench *2 | next to a bench *2 | past a bench *1 | by a picnic table *1",
        "cone": "past an orange cone *2 | near a traffic cone *1 | between orange cones *1",
        "smoke": "with smoke coming from the tires *2 | in a cloud of smoke *2 | in a cloud of dust *3 | "
        "with smoke behind it *1.5 | kicking up dust *2",
        "tire": "next to a wall of tires *2 | near some tires *2 | past a pile of tires *1 | on one wheel *.5",
        "number": "with numbers on {his} back *1.5 | with the number five *1 | wearing number two *1 | "
        "with numbers on *1 | wearing a number *1.5",
        "goal": "near the goal *3 | in front of a goal *2 | by the goal *2 | toward the goal *2 | near the net *1 | "
        "past the goalie *1.5",
        "hoop": "near the hoop *3 | under the basket *2 | near the basket *2.5 | at the hoop *1.5 | by the net *1",
        "net": "near the net *3 | over the net *3 | by the net *2 | behind the net *.8",
        "trampoline": "on a trampoline *8 | near a trampoline *1.5 | on a blue trampoline *.8",
        "ladder": "on a ladder *5 | up a ladder *2 | near a ladder *2 | by a wooden ladder *.6",
        "bubble": "with bubbles *3 | blowing bubbles *2.5 | near some bubbles *1 | surrounded by bubbles *1",
        "bus": "near a bus *3 | next to a bus *2 | past a bus *2 | by a train *1.5 | "
        "in front of a double decker bus *.6 | near a trolley *.6",
        "bicycle": "near a bicycle *3 | with a bicycle *3 | next to a bike *3 | past some bicycles *1 | "
        "near a motorcycle *1 | by a scooter *1",
        "poster": "in front of a poster *3 | past an advertisement *1.5 | near a billboard *1 | "
        "by a painting *1.5 | near a mural *.7",
        "phone": "talking on a cellphone *3 | with a cell phone *2.5 | holding a phone *2 | on the phone *1.5 | "
        "talking on the phone *2 | texting *.6",
        "stroller": "with a stroller *4 | pushing a stroller *3 | with a baby carriage *1 | near a stroller *1.5",
        "pigeon": "near some pigeons *3 | surrounded by pigeons *1.5 | feeding pigeons *2 | "
        "feeding the birds *1.5 | among the birds *1",
        "newspaper": "reading a newspaper *4 | with a newspaper *2 | reading the paper *1.5 | holding a magazine *1",
        "cigarette": "smoking a cigarette *4 | with a cigarette *2 | smoking *2 | holding a cigarette *1",
        "cart": "near a cart *3 | by a food stand *2 | with a shopping cart *2 | pushing a cart *2 | "
        "near a vendor *1",
        "statue": "near a statue *4 | in front of a statue *3 | by a monument *1.5 | beside a sculpture *1 | "
        "below a statue *.6",
        "flower": "with flowers *3 | near some flowers *3 | holding a flower *2 | by a flower bed *1 | "
        "with a bouquet of flowers *1",
        "cane": "with a cane *4 | holding a cane *2 | in a wheelchair *1.5",
        "sandwich": "eating a sandwich *3 | eating food *2.5 | with a sandwich *1.5 | eating ice cream *2 | "
        "having a snack *1 | eating an apple *.7",
        "microphone": "with a microphone *3 | singing into a microphone *3 | singing *2.5 | "
        "holding a microphone *1.5",
        "guitar": "with a guitar *4 | playing a guitar *4 | playing the guitar *2.5 | holding an instrument *1 | "
        "playing music *1.5 | with a violin *.7",
        "balloon": "with a balloon *3 | with balloons *3 | holding a balloon *2 | surrounded by balloons *1",
        "cake": "with a cake *3 | next to a birthday cake *1.5 | eating cake *2 | with a candle *.7 | "
        "at a birthday party *1.5",
        "curtain": "in front of a curtain *3 | near a red curtain *1 | by the curtains *1",
        "window": "near a window *4 | in front of a window *4 | by a window *3 | looking out a window *1 | "
        "through a window *.7",
        "blanket": "on a blanket *6 | with a blanket *3 | wrapped in a blanket *1.5 | on a quilt *.7 | on a rug *1",
        "highchair": "in a highchair *5 | in a high chair *2 | in a seat *1 | in a bouncy seat *.7",
        "bottle": "with a bottle *4 | drinking from a bottle *2 | holding a bottle *2.5 | "
        "with a bottle of water *1.5",
        "pillow": "on a pillow *4 | next to a pillow *2 | against some pillows *1 | with a cushion *.7",
        "block": "with blocks *3 | with building blocks *2 | near some wooden blocks *1 | with some legos *.6",
        "bowl": "with a bowl *3 | eating from a bowl *1.5 | with a spoon *2 | with food on {his} face *2 | "
        "with a plate of food *1.5",
        "hose": "with a hose *4 | with a garden hose *2 | spraying water *2 | holding a hose *1.5",
        "cow": "near a cow *3 | with a horse *2 | near some sheep *1.5 | by some cows *1.5 | near a goat *1",
        "dock": "off a dock *4 | on a dock *3 | near a dock *2 | from a pier *1.5 | by a wooden dock *1",
        "duck": "near some ducks *3 | with ducks *1.5 | near a duck *1.5 | by a swan *.6",
        "box": "with a box *3 | near some boxes *2 | next to a box *2 | with a cardboard box *2 | "
        "near a pile of boxes *1 | with a basket *1",
        "table": "at a table *5 | behind a table *2 | near a table *2 | by a desk *1.5 | at a wooden table *1 | "
        "at a counter *1",
        "computer": "with a laptop *3 | at a computer *3 | using a computer *2 | by a screen *1 | "
        "near a television *.7",
    }
)  # fmt: skip
WRONG_THING = phrases(
    "in the air | on a sunny day *2 | near the water *2 | with a red ball | near a car | on a bench | near trees | "
    "by a fence | with a dog | in a race *.6 | wearing a hat *2 | in the sand *.7 | with three people watching *.6 | "
    "on a rock | by the road *.8 | with a toy *.8 | with a baby *.6 | with some women *.3"
)
BACKGROUNDS = table(
    {
        "tree": "near a tree *1.5 | with trees in the background *6 | by a tree *1 | under a tree *1.5 | "
        "near the trees *2 | near some trees *2.5 | in front of a tree *1 | beside a large tree *1 | "
        "near a tree trunk *.5",
        "building": "in front of a building *3 | near a building *2 | with a building in the background *2 | "
        "with buildings in the background *1.5 | next to a building *2 | by a tall building *.7",
        "car": "near a car *5 | by a car *2 | next to a car *3 | in front of a car *2 | past a parked car *1.5 | "
        "beside a red car *1 | with cars in the background *1.5",
        "rock": "near a rock *2 | near some rocks *4 | by a large rock *2 | on rocks *1.5 | next to a rock *2 | "
        "by some boulders *.7 | with rocks in the background *1",
        "mountain": "with mountains in the background *8 | near a mountain *1 | in front of a mountain *1 | "
        "in front of mountains *2 | with a mountain in the background *3 | with hills in the distance *1.5",
    }
)
ONLOOKERS = table(
    {
        "man": "with a man *3 | next to a man *3 | while a man watches *3 | as a man watches *1.5 | "
        "beside an older man *1 | near a man *2 | with {his} father *1 | with a man in the background *1.5",
        "woman": "with a woman *3 | next to a woman *3 | while a woman watches *2.5 | near a woman *2 | "
        "with {his} mother *1.5 | as a woman looks on *1.5 | beside a woman in a dress *.6",
        "child": "with a child *2 | near a little girl *2 | with a boy *2 | while a child watches *2 | "
        "next to a boy *1.5 | with a small child *1.5 | with a girl *1.5",
        "people": "with people in the background *4 | while others watch *3 | while people watch *3 | "
        "with friends *2.5 | as others look on *1.5 | near some people *2.5 | with other people *2 | "
        "next to two people *1.5 | while two men watch *1.5 | with some women nearby *1.2 | past three people *.8 | "
        "with children in the background *1",
        "crowd": "in front of a crowd *6 | while a crowd watches *4 | with a crowd watching *2 | "
        "with spectators in the background *2 | as fans watch *1.5 | past the spectators *1 | "
        "as an audience watches *1 | with onlookers *1",
        "dog": "with a dog *5 | with {his} dog *4 | next to a dog *3 | near a dog *2 | with two dogs *2 | "
        "walking a dog *2 | with a small dog *2 | with dogs *1",
    }
)  # fmt: skip
LIGHTS = table(
    {
        "sunny": "on a sunny day *6 | in the sun *3 | in the sunshine *1.5 | under a blue sky *2 | "
        "in the sunlight *1.5 | on a bright day *1.5 | in summer *1 | on a hot day *1.5 | on a clear day *1",
        "sunset": "at sunset *5 | in front of a sunset *1.5 | at dusk *1.5 | in the evening *1.5 | "
        "with the sun setting *1.5 | as the sun sets *1 | during sunset *1",
        "night": "at night *9 | in the dark *3 | at nighttime *1 | under the lights *1 | in dim light *.7",
        "rain": "in the rain *6 | on a rainy day *2 | on a cloudy day *2 | on wet ground *1.5",
        "autumn": "in autumn *2 | in the fall *1.5 | among fallen leaves *2 | with leaves on the ground *2 | "
        "in the leaves *2",
    }
)
GESTURES = table(
    {
        "mouth open": "with {his} mouth open *7 | with an open mouth *2 | yelling *1.5 | shouting *1 | "
        "screaming *1.5 | with a surprised face *1.5 | with {his} mouth wide open *1.5",
        "tongue out": "with {his} tongue out *5 | sticking out {his} tongue *2.5 | "
        "with {his} tongue hanging out *2 | making a face *2 | making a silly face *1.5",
        "arms raised": "with arms raised *2 | with {his} arms up *3 | with {his} arms up *2 | "
        "with {his} arms outstretched *2.5 | with {his} hands in the air *1 | raising {his} arms *1 | "
        "with {his} hands up *1.5",
        "pointing": "pointing at something *3 | pointing *2 | and points *1 | pointing to the sky *1 | "
        "pointing a finger *1",
        "waving": "waving *3 | waving {his} hand *1.5 | and waves *1 | giving a thumbs up *1.5 | "
        "making a peace sign *1 | clapping *1",
    }
)
DOG_GESTURES = table(
    {
        "mouth open": "with {his} mouth open *8 | with an open mouth *2 | with {his} mouth wide open *2 | "
        "showing {his} teeth *2.5 | barking *2",
        "tongue out": "with {his} tongue out *5 | with {his} tongue hanging out *5 | panting *1.5 | "
        "licking {his} nose *1 | licking {his} face *1.5",
        "arms raised": "with {his} paws up *2 | on {his} hind legs *5 | with all four feet off the ground *2 | "
        "with one paw up *1.5 | with {his} ears up *1 | with {his} tail up *1.5",
        "pointing": "with {his} head down *2 | with {his} nose to the ground *1.5 | with {his} ears back *1.5 | "
        "with {his} tail up *.7",
        "waving": "wagging {his} tail *2 | with {his} eyes closed *1.5 | looking up *1.5 | shaking {his} head *1",
    }
)
SMILES = phrases(
    "with a smile on {his} face *4 | with a big smile *3 | with a smile *2 | and smiles *1.5 | "
    "with a funny look on {his} face *1 | smiling *1 | grinning *1 | laughing *1.5 | with a happy face *.6"
)
FACES = phrases(
    "with a serious face *1 | with paint on {his} face *1.5 | with {his} hand on {his} face *1.5 | "
    "with a strange look on {his} face *1.5 | with snow on {his} face *.3 | with {his} face painted *2 | "
    "making a face *1.5"
)
TOPS = table(
    {
        "hike": "on top of a mountain *6 | at the top of a mountain *3 | on top of a rock *3 | "
        "on the top of a hill *2 | at the top *2 | on top of a hill *2 | on a mountain peak *1 | "
        "on top of a cliff *1.5 | at the summit *.7",
        "other": "on top of a rock *2 | at the top of a hill *1.5 | on top of something *1 | on top *2 | "
        "on top of a hill *1.5",
    }
)
RACES = phrases(
    "in a race *6 | during a race *5 | at a race *2 | in a bike race *.4 | around the course *1 | "
    "in a competition *2 | at an event *1"
)
DOG_RACES = phrases(
    "in a race *5 | during a race *3 | in a dog race *3 | at the races *1 | with muzzles on *1.5 | "
    "wearing muzzles *1.5 | with colored vests *.7"
)
CAR_RACES = phrases(
    "in a race *2 | during a race *2 | at a race *1 | ahead of another car *1 | at high speed *1.5 | past the crowd *.7"
)
MANNERS = table(
    {
        "dog>": "together *1.5 | quickly *2 | happily *1 | playfully *1 | very fast *1.5 | around *1 | "
        "at full speed *1 | away *1 | alone *.6 | side by side *.7 | with another dog *3 | near another dog *1 | "
        "with a white dog *.4 | behind another dog *1 | in circles *.4 | fast *1",
        "dog": "together *1.5 | quietly *.7 | happily *1 | playfully *1 | outside *1 | alone *.8 | "
        "side by side *.7 | with another dog *3 | near another dog *1.5 | with a white dog *.6 | "
        "behind another dog *1",
        "person": "alone *1.5 | happily *1 | in the background *.5 | nearby *1 | looking down *1 | "
        "looking away *1 | in the middle *.5 | with a friend *1.5 | next to another person *1 | by {himself} *1.5 | "
        "with {his} friend *1 | in the distance *.7 | looking up *.7 | with {his} back turned *1 | barefoot *.6 | "
        "with {his} hands in {his} pockets *.6 | with {his} head down *.5 | in bare feet *.5  | "
        "with {his} family *.5",
        "sport": "at high speed *1 | quickly *.7 | very fast *.7 | high above the ground *1 | "
        "with a blue sky behind {him} *1.5 | with one hand *.7 | in midair *2.5 | high in the air *1.5 | "
        "upside down *.7 | by {himself} *.7 | in the air *1.5 | wearing safety gear *.8 | in the background *.6 | "
        "near another rider *.3 ",
        "group": "together *5 | side by side *2 | in a line *2 | in a circle *1 | in a row *1.5 | in a group *1 | "
        "next to each other *2 | with each other *1.5 | holding hands *1.5 | "
        "with their arms around each other *1.5 | hugging *.8",
        "car": "at high speed *2 | very fast *1 | quickly *1 | past another car *1.5 | ahead of the others *.7 | "
        "in the lead *.7 | with its lights on *.6 | with a number on the side *.8",
    }
)  # fmt: skip
SECOND_DOG = phrases(
    "another dog *4 | another *1.5 | the other *1 | a second dog *.6 | a puppy *.5 | a smaller dog *.7 | "
    "a larger dog *.5"
)
PICTURES = phrases(
    "a closeup of *3 | a picture of *1 | a photo of *.7 | a close up of *1.5 | a view of *.5 | an image of *.3 | "
    "a black and white photo of *.3"
)
