"""The words by which a clause is known for a complaint, praise, a need, an objection or a wish: English and German."""

import re


def said(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


COMPLAINT = said(
    r"still (?:not|no|waiting|hasn['’]?t|haven['’]?t)",
    r"(?:has|have|did|is|was)(?: not|n['’]?t) (?:arrived?|come|moved|been|here|there)",
    r"not (?:arrived|working|what i)", r"never (?:arrived|came|again|got|received|order)",
    r"does(?: not|n['’]?t) (?:work|open|load|accept)", r"can(?:not|['’]?t) (?:log|pay|open|reach|order)", r"broken?",
    r"came apart", r"f[ae]ll(?:s|en)? apart", r"torn", r"holes? in", r"stain(?:s|ed)?", r"damaged", r"defective",
    r"missing", r"(?:was|were) empty", r"wrong (?:size|colou?r|item|one|address|order|thing|parcel)",
    r"disappoint\w*", r"unacceptable", r"ridiculous", r"rude", r"useless", r"terribl[ey]", r"awful", r"horrible",
    r"worst", r"poor(?:ly)?", r"shrank", r"shrunk", r"lost its", r"faded", r"worn through", r"itch(?:es|ing)",
    r"smells?", r"soaked", r"charged twice", r"overcharged", r"crash\w*",
    r"(?:no|nobody|no one)\b.{0,20}\b(?:repl(?:y|ies|ied)|answer(?:s|ed)?|picks up)", r"got no",
    r"took (?:forever|ages)", r"waste of", r"complain about", r"far too (?:small|big|large|tight|late|slow)",
    r"noch immer|immer noch", r"seit (?:\w+ ){1,2}(?:wochen|tagen|monaten)", r"kaputt", r"loch|löcher",
    r"eingelaufen", r"beschädigt", r"fehlt|fehlen", r"falsche[nrs]?", r"frechheit", r"unverschämt", r"enttäusch\w*",
    r"niemand\b.{0,15}\bantwortet", r"nie angekommen", r"schlecht\w*", r"funktioniert nicht", r"mangelhaft",
    r"unfreundlich",
)  # fmt: skip

PRAISE = said(
    r"love", r"loves", r"adores?", r"lovely", r"best", r"wonderful\w*", r"gorgeous", r"beautiful\w*", r"amazing",
    r"excellent", r"perfect(?:ly)?", r"great", r"fantastic", r"brilliant", r"helpful", r"fast", r"nicely",
    r"impressed", r"recommend", r"pleasure", r"compliments?", r"cosy", r"soft", r"happy with", r"spot on", r"so well",
    r"superb", r"awesome", r"still looks new", r"10/10", r"five stars", r"well made", r"sorted", r"delighted",
    r"thrilled", r"begeistert", r"wunderschön\w*", r"wunderbar\w*", r"beste[nrs]?", r"super", r"toll\w*",
    r"schnelle?", r"nette[rs]?", r"freundlich\w*", r"perfekt\w*", r"klasse", r"großartig\w*", r"zufrieden", r"liebe",
)  # fmt: skip

# Praise that is none: thanks alone, what would be, what is told of others' tastes.
NO_PRAISE = said(
    r"would(?: be)?", r"['’]d (?:love|like)", r"wish", r"hope", r"if", r"best (?:way|time|size)", r"not",
    r"isn['’]?t", r"never", r"nicht", r"kein\w*", r"too (?:small|big|late|slow)", r"love to", r"looking for", r"need",
    r"suche", r"brauche", r"wäre", r"hätte", r"breakfast",
)  # fmt: skip

# Praise by saying what there is nothing of, which sounds unhappy.
NO_COMPLAINT = said(
    r"not (?:a|one) (?:single )?complaint", r"no (?:complaints?|problems? at all)", r"can(?:not|['’]?t) fault",
    r"nothing to (?:criticise|criticize|complain)", r"never (?:had|owned|seen) (?:a )?(?:better|nicer)",
    r"never (?:let me down|disappointed)", r"(?:sooner|faster|better|easier) than (?:i )?(?:expected|thought)",
    r"worth every", r"exactly right", r"nichts auszusetzen", r"besser als erwartet",
)  # fmt: skip

# What nobody asks who wants to know it.
ANGRY = said(
    r"(?:where|what|who|why|how) the (?:hell|heck|fuck)", r"times do i have to",
    r"finally (?:send|answer|reply|refund|get)", r"are you (?:kidding|joking|serious)",
    r"(?:does|is|do) (?:anyone|anybody|you) (?:even|actually|ever) (?:work\w*|read|care|answer|reply|listen)",
    r"why (?:was|were|have|did) (?:i|we|you) (?:been )?(?:charged?|billed|sent?|cancel\w*|never)",
    r"what kind of (?:shop|service|company|joke)", r"what a (?:waste|joke|mess|shame)", r"wollen sie mich",
    r"was soll das", r"wie oft (?:muss|soll) ich",
)  # fmt: skip

OBJECTION = said(
    r"too (?:expensive|pricey|complicated|much|dear)", r"so expensive", r"overpriced",
    r"cheaper (?:elsewhere|at|on|in)", r"(?:out of|over) my budget", r"can(?:not|['’]?t) afford",
    r"not sure (?:if|whether|that|about)", r"(?:i['’]?m|i am) (?:worried|afraid|concerned)",
    r"don['’]?t (?:trust|want to pay)", r"why (?:would|should) (?:i|anyone|we)", r"that['’]?s a lot",
    r"for that price", r"not worth", r"zu (?:teuer|kompliziert)", r"billiger", r"(?:nicht|un)sicher,? ob",
    r"kann ich mir nicht leisten", r"vertraue",
)  # fmt: skip

WISH = said(
    r"(?:i|we) wish", r"would (?:be|help)(?: \w+)? (?:nice|great|good|cool|lovely|helpful|if)", r"it would help",
    r"you should", r"bring back", r"(?:['’]d|would) love (?:to see|it if)",
    r"(?:can|could) you (?:please )?(?:add|offer|make|sell|stock|bring)",
    r"please (?:add|bring|offer|make|sell|stock)", r"nice idea", r"good idea",
    r"why don['’]?t you (?:sell|offer|have)", r"schön wäre", r"wäre (?:schön|toll|gut|super)", r"ich wünschte?",
    r"könnten sie .{2,40} (?:anbieten|aufnehmen|verkaufen)", r"sie sollten",
    r"warum (?:gibt es|haben sie) (?:kein|nicht)",
)  # fmt: skip

NEED = said(
    r"i['’]?m after", r"we['’]?re after", r"(?:want|wants|trying|try) to (?:find|give|buy|get)", r"trying to find",
    r"in need of", r"could use (?:a|some|an)",
    r"(?:husband|wife|son|daughter|mother|father|mum|dad|kids?|children|baby|friend|team|partner) needs?",
    r"need (?:a |an |some |new )?(?:\w+ )?(?:ones?|bigger|smaller|larger|size)", r"i need it for",
    r"all i (?:want|need) is (?:a|an|some)", r"i['’]?ve been looking for (?:a|an|some)",
    r"suggest (?:a|an|some) (?:gift|present)", r"searching for (?:a|an|some)", r"^need (?:a|an|some)",
    r"i (?:want|need) something", r"hätten? gerne? (?:ein|etwas)", r"brauchen? (?:ein|etwas|\d+)",
)  # fmt: skip

NO_NEED = said(
    r"help", r"invoice", r"refund", r"person", r"someone", r"somebody", r"human", r"phone number", r"address",
    r"return my", r"cancel", r"answer", r"information", r"hilfe", r"rechnung", r"no need", r"not interested",
    r"(?:do|does)(?: not|n['’]?t) need", r"(?:brauche?n?|kein\w*) (?:kein\w*|bedarf)",
)  # fmt: skip
