"""Words of other languages for recognition of states and governments in headlines: one entry per language.

Every field lists alternatives between `|`, as regular expressions without nested repetition. Texts are compared
folded: no case, no accents; one space for apostrophes, hyphens and zero-width characters; punctuation marks between
spaces; every known name as `§`. The module `foreign` describes the parsing.
"""

from __future__ import annotations

import msgspec


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The words of one language."""

    acts: dict[str, str]
    """Forms of the verb by status or structure: `asserted`, `historical`, `planned`, `conditional`, `unconfirmed`,
    `negated`; `present`, also used for the future; `bare`: infinitive or subjunctive; `passive`; `noun`."""
    small: str
    """Articles, adverbs: words allowed between the act and the name of its object."""
    state: str
    """Words of statehood, also allowed there."""
    joins: str
    """And."""
    by: str
    """Before the agent of a passive or noun."""
    that: str
    """Begins a clause of reported speech."""
    aside: str
    """Prepositions: a name directly after one is not a subject."""
    country: str
    """The ranked noun, after or before an ordinal."""
    ranks: str
    """First, second, third, …; alternatives of one rank are between `/`."""
    only: str
    negated: str
    demanded: str
    conditional: str
    unconfirmed: str
    planned: str
    soon: str = r"(?!)"
    """Turns a `present` into the future."""
    decided: str
    """Announces, decides: the act that follows is asserted."""
    historical: str
    withdrawn: str
    """After or before the noun: the recognition is withdrawn."""
    no_longer: str
    over: str
    """Sovereignty … over: followed by the name of the territory."""
    role: str = r"(?!)"
    """After the name: recognized as. Without a following word of statehood, it is as something else."""
    own: str = r"(?!)"
    """Its own government: that of the demanding party."""
    agent: str = r"(?!)"
    """Endings of a name that is the agent by its case."""
    world: str = r"(?!)"
    """All over the world, and other words between an ordinal and its act that do not narrow the claim."""
    rumour: str = r"(?!)"
    """Media and sources, anywhere in the sentence."""
    closing: str = r"(?!)"
    """Words that end the verb after its object: "erkannte … an"."""
    genitive: bool = False
    """Whether a name followed by an s is a genitive."""
    mark: str = ""
    """Marker before the object, in languages that have one."""
    verb_last: bool = False
    """Whether the object may precede the verb."""
    spaced: bool = True


SPOILED = (
    r"террор|терор|экстрем|екстрем|нежелат|небажан|виновн|винн|преступ|злочин|агресс|агрес|оккуп|окуп|спонсор|"
    r"geno[cz]id|"
    r"coupable|culpable|culpad|colpevol|schuldig|su derecho|le droit|il diritto|o direito|terror|a[g]{1,2}res|occup|"
    r"ocup|patrocin|ارهاب|تروریس|ابادة|نسل کشی|恐怖|种族"
)
"""Recognized as something other than a state or government."""

LAWFUL = (
    r"независ|незалеж|суверен|законн|легитим|легітим|indep|indip|unabhang|souver|sober|sovran|legit|rechtmas|合法|主权"
)
"""Recognized as independent or lawful."""

HEADS = r"президент|president|prasident|presidente|رييس|رئیس|رییس|总统|лидер|leader|lider|глав|голов"
"""After a leader's name: recognized as head of state."""

_EAST_SLAVIC_SMALL = (
    r"официальн\w+|офіційн\w+|формальн\w+|юридич\w+|де|факто|юре|нов\w+|законн\w+|легітимн\w+|легитимн\w+|"
    r"самопроголошен\w+|"
    r"самопровозглаш\w+|так зван\w+|так называ\w+|т н|т зв"
)
_EAST_SLAVIC_STATE = (
    r"правительств\w+(?: в| у)?|уряд\w*(?: в| у)?|власт\w*|влад\w*|режим\w*|независимост\w+|незалежн\w+|суверенитет\w*|"
    r"суверен\w+|государств\w+|держав\w+|движени\w+|рух\w*|республик\w+|республік\w+|администраци\w+|адміністрац\w+|"
    r"народн\w+|страну|країну"
)
_EAST_SLAVIC_ROLE = r"(?!ближайш|найближч|наступн|минул|этим|цим|сво|потім|зовсім)\w+(?:ой|ою|ым|им|ім)"
_ROMANCE_SMALL = (
    r"\w+ment|\w+mente|l|le|la|les|los|las|el|il|lo|gli|i|os|as|o|a|un|une|uno|una|um|uma|de|des|du|d|del|della|dei|"
    r"degli|"
    r"dello|dell|di|da|do|dos|al|als|all|ao|aos|nouve\w+|nuevo|nuova|nuovo|novo|comme|como|come|legitim\w+|"
    r"legittim\w+|auto\w+|soi disant|"
    r"a son tour|a su vez|por el momento|por enquanto|pour l (?:instant|heure)|per ora|hoy|hoje|oggi|aujourd hui|"
    r"este \w+|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|pas|plus|mais|piu|jamais|encore|aussi|bientot|nunca|"
    r"por ahora|aun|todavia|tambien|ancora|anche|ainda|tambem"
)
_ROMANCE_STATE = (
    r"gouvernement|gobierno|governo|regim\w*|autorit\w+|autoridades|independ\w+|indipend\w+|etat|estado|stato|pais|"
    r"pays|"
    r"paese|souverainete|soberania|sovranita|pouvoir|poder|republi\w+|repubbli\w+|regne|dominio"
)
_ROMANCE_AND = r"et|y|e|ed"

FORMS: dict[str, Words] = {
    "ru": Words(
        acts={
            "asserted": r"признал[аио]?|признавш\w+|признавал[аио]?|признающ\w+",
            "present": r"признает|признают|признаем",
            "bare": r"признать|признавать",
            "passive": r"признан[аоы]?",
            "noun": r"признани\w{1,2}",
        },
        small=_EAST_SLAVIC_SMALL,
        state=_EAST_SLAVIC_STATE,
        joins=r"и|а также",
        by=r"со стороны",
        that=r"что|чтобы",
        aside=r"в|во|на|с|со|от|из|о|об|для|после|до|у|за|при|против|между|к|ко|по|перед|над",
        country=r"стран[аоеуы]й?|государств\w{1,2}|держав\w{1,2}|наци\w{1,2}|столиц\w{1,2}",
        ranks=r"перв(?:ой|ая|ое|ым|ый|ою)/втор(?:ой|ая|ое|ым)/трет(?:ьей|ья|ье|ьим|ий)/четверт(?:ой|ая|ое|ым|"
        r"ый)/пят(?:ой|ая|ое|ым|ый)",
        world=r"в мире|мира|официально|из всех|среди стран|котор\w+|и",
        rumour=r"сми|источник\w*|слух\w*",
        only=r"единственн\w+",
        negated=r"не|ни|никогда|отказ\w+|отвер\w+|исключ\w+|против|опроверг\w+|отрица\w+|воздерж\w+",
        demanded=r"призва\w+|призыва\w+|требу\w+|потребова\w+|прос[ия]т|попроси\w+|долж\w+|следует|пора|необходимо|"
        r"предложи\w+",
        conditional=r"если|при условии|в случае|в обмен|мог(?:ла|ли)? бы",
        unconfirmed=r"может|могут|возможно\w*|вероятн\w*|якобы|рассм\w+|обсужда\w+|не исключ\w+|дума\w+",
        planned=r"буд[уе]т|намер\w+|планир\w+|готов\w*|собира\w+|обеща\w+|пообеща\w+|хо[чт]\w+|станет|предстоит",
        soon=r"заявил\w* , что|сообщил\w* , что|§ :|скоро|вскоре|завтра|ближайш\w+|будущ\w+|следующ\w+|"
        r"в (?:январ|феврал|март|апрел|ма|июн|июл|август|сентябр|октябр|ноябр|декабр)е",
        decided=r"объяви\w+|приня\w+ решение|реши\w+|постанови\w+|проголосова\w+|одобри\w+|провозгла\w+|утверди\w+|"
        r"подписа\w+",
        historical=r"лет назад|года? назад|годовщин\w+|ранее|некогда|давно",
        withdrawn=r"отозва\w+|отзыва\w+|отзов\w+|отмен\w+|аннулир\w+|приостан\w+",
        no_longer=r"больше не|более не|перестал\w*",
        over=r"суверенитет\w* (?:\w+ |§ ){0,2}над",
        role=_EAST_SLAVIC_ROLE,
        own=r"(?:свое|их|его|ее) правительств\w+|себя|свой режим|его|ее|их|свою (?:власть|независимость)|(?:его|"
        r"ее) независимость",
        agent=r"(?:ей|ею|ем|ом|ой|ою|ым|им|ами|ями)$|^(?:сша|рф|оаэ|китаем)$",
    ),
    "uk": Words(
        acts={
            "asserted": r"визна(?:в|ла|ло|ли)|визнавш\w+|визнавал[аио]|визнавав",
            "present": r"визнає|визнають|визнаємо",
            "planned": r"визна(?:ватиме|ватимуть|тиме)",
            "bare": r"визнати|визнавати",
            "passive": r"визнан[аоиі]?|визнаний",
            "noun": r"визнання\w?",
        },
        small=_EAST_SLAVIC_SMALL,
        state=_EAST_SLAVIC_STATE,
        joins=r"і|й|та|а також",
        by=r"з боку",
        that=r"що|щоб",
        aside=r"в|у|на|з|із|зі|від|о|про|для|після|до|за|при|проти|між|к|по|перед|над",
        country=r"країн\w{1,2}|держав\w{1,2}|наці\w{1,2}|столиц\w{1,2}",
        ranks=r"перш(?:ою|а|е|им|ий|ої)/друг(?:ою|а|е|им|ий)/трет(?:ьою|я|є|ім|ій)/четверт(?:ою|а|е|им|ий)/п ят(?:ою|"
        r"а|е|им|ий)",
        world=r"у світі|в світі|світу|офіційно|як\w+|що|і",
        rumour=r"змі|джерел\w*",
        only=r"єдин\w+",
        negated=r"не|ні|ніколи|відмов\w+|відки\w+|відхил\w+|виключ\w+|проти|спросту\w+|запереч\w+|утрим\w+",
        demanded=r"закли\w+|вимага\w+|прос[ия]\w+|попроси\w+|ма(?:є|ють) визн|повин\w+|слід|пора|необхідно|"
        r"запропонува\w+",
        conditional=r"якщо|за умови|у разі|в обмін|міг би|могла б|могли б",
        unconfirmed=r"може|можуть|можлив\w*|ймовірн\w*|нібито|розгляда\w+|обговор\w+|не виключ\w+",
        planned=r"буд[уе]ть?|намір\w*|намірен\w*|плану\w+|готов\w*|готу\w+|збира\w+|обіця\w+|пообіця\w+|хоч\w+|стане",
        soon=r"заяви\w+ , що|повідоми\w+ , що|§ :|скоро|незабаром|завтра|найближч\w+|наступн\w+|цієї|цього|"
        r"[ву] (?:січн|лют|березн|квітн|травн|червн|липн|серпн|вересн|жовтн|листопад|грудн)\w+",
        decided=r"оголоси\w+|виріши\w+|ухвали\w+|проголосува\w+|схвали\w+|проголоси\w+|затверди\w+|підписа\w+",
        historical=r"рок[иу]в? тому|років тому|рік тому|річниц\w+|раніше|давно",
        withdrawn=r"відклика\w+|скасу\w+|анулю\w+|призупин\w+",
        no_longer=r"більше не|припини\w+|переста\w+",
        over=r"суверенітет\w* (?:\w+ |§ ){0,2}над",
        role=_EAST_SLAVIC_ROLE,
        own=r"(?:свій|їхній|його|її) уряд|себе|його|її|їх|(?:свою|його|її) (?:владу|незалежність)",
        agent=r"(?:єю|ею|ою|ом|ем|єм|им|ами|ями)$|^(?:сша|рф|оае)$",
    ),
    "fr": Words(
        acts={
            "asserted": r"reconnait|reconnaissent|reconnut|(?:a|ont) (?:\w+ment )?reconnu|reconnaissant|ayant reconnu",
            "historical": r"(?:avait|avaient) (?:\w+ment )?reconnu|reconnaissai(?:t|ent)",
            "planned": r"reconnaitra|reconnaitront|reconnaitrons",
            "conditional": r"reconnaitrai(?:t|ent)",
            "bare": r"reconnaitre|reconnaisse(?:nt)?",
            "passive": r"reconnu(?:e|s|es)?",
            "noun": r"reconnaissance",
        },
        small=_ROMANCE_SMALL,
        state=_ROMANCE_STATE,
        joins=_ROMANCE_AND,
        by=r"par|de la part de",
        that=r"que|qu",
        aside=r"a|au|aux|en|dans|avec|pour|par|sur|contre|chez|apres|depuis|selon|entre|vers|face (?:a|au)|a l|a la",
        country=r"pays|nation|etat|puissance|capitale",
        ranks=r"premiere?/deuxieme|seconde?/troisieme/quatrieme/cinquieme/sixieme/septieme/huitieme/neuvieme/dixieme",
        world=r"au monde|du monde|mondiale?|a|qui|officiellement",
        rumour=r"selon (?:des|les|un|une|la presse)|sources?|medias",
        only=r"seule?|unique",
        negated=r"ne|n|non|refus\w+|exclu\w+|rejet\w+|dement\w*|nie\w*|ecart\w+|oppos\w+|renonc\w+|sans",
        demanded=r"appel\w+|demand\w+|exig\w+|reclam\w+|presse\w*|exhort\w+|invit\w+|doi(?:t|vent)|il faut|doive",
        conditional=r"s?i(?: l| les?| la)? §|s il|si|a condition|pourrai(?:t|ent)|en echange|sauf",
        unconfirmed=r"peut|envisag\w+|songe\w*|etudi\w+|reflechi\w+|n exclut pas|peut etre",
        planned=r"va|vont|s apprete\w*|pret\w*|prevoi\w+|prevu\w*|compt\w+|veu\w+|promet\w*|s engage\w*|intention|"
        r"entend|deviendra|devrai(?:t|ent)|vers",
        decided=r"annon\w+|decid\w+|vot\w+|proclam\w+|approuv\w+|declar\w+|officialis\w+|accord\w+",
        historical=r"il y a (?:\w+ ){1,2}ans|anniversaire|jadis|autrefois",
        withdrawn=r"retir\w+|revoqu\w+|annul\w+|suspen\w+|revien\w+ sur|revenu\w* sur",
        no_longer=r"ne (?:\w+ ){1,2}plus|plus reconn\w+",
        over=r"souverainete (?:\w+ |§ ){0,3}sur",
        role=r"comme",
        own=r"(?:son|leur) (?:gouvernement|etat|regime|independance)",
    ),
    "es": Words(
        acts={
            "asserted": r"reconocen?|reconocio|reconocieron|ha(?:n)? reconocido|reconociendo",
            "historical": r"habian? reconocido|reconocian?",
            "planned": r"reconocera|reconoceran|reconoceremos",
            "conditional": r"reconocerian?",
            "bare": r"reconocer(?:lo|la|los)?|reconozcan?|reconociera\w*",
            "passive": r"reconocid[oa]s?",
            "noun": r"reconocimiento",
        },
        small=_ROMANCE_SMALL,
        state=_ROMANCE_STATE,
        joins=_ROMANCE_AND,
        by=r"por|por parte de|de parte de",
        that=r"que",
        aside=r"a|al|en|con|para|por|sobre|contra|tras|desde|segun|entre|hacia|ante|hasta",
        country=r"pais|nacion|estado|potencia",
        ranks=r"primera?|primero/segund[oa]/tercera?|"
        r"tercero/cuart[oa]/quint[oa]/sext[oa]/septim[oa]/octav[oa]/noven[oa]/decim[oa]",
        world=r"del mundo|en el mundo|mundial|en|que|oficialmente",
        rumour=r"segun (?:medios|fuentes)|fuentes|medios",
        only=r"unic[oa]",
        negated=r"no|nunca|jamas|rechaz\w+|nieg\w+|neg[ao]\w*|descart\w+|exclu\w+|desmient\w+|opon\w+|sin|rehus\w+",
        demanded=r"pid\w+|exig\w+|reclam\w+|inst\w+|urg\w+|llam\w+|exhort\w+|debe\w*|deberia\w*|solicit\w+",
        conditional=r"si|siempre que|a condicion|a cambio|podrian?|salvo",
        unconfirmed=r"puede\w*|estudi\w+|evalu\w+|consider\w+|sopes\w+|valor\w+|no descart\w+|posible\w*|plante\w+",
        planned=r"va a|van a|planea\w*|preve\w*|prepar\w+|dispuest\w+|list[oa] para|promete\w*|compromet\w+|quier\w+|"
        r"intencion|anunci\w+ que|pretend\w+|sera|hara",
        decided=r"anunci\w+|decid\w+|vot\w+|aprob\w+|aprueb\w+|proclam\w+|declar\w+|acuerd\w+|formaliz\w+|otorg\w+",
        historical=r"hace (?:\w+ ){1,2}anos|aniversario|antano",
        withdrawn=r"retir\w+|revoc\w+|anul\w+|suspen\w+|cancel\w+|romp\w+",
        no_longer=r"ya no|dej\w+ de",
        over=r"soberania (?:\w+ |§ ){0,3}sobre",
        role=r"como",
        own=r"su (?:gobierno|estado|regimen|independencia|soberania)",
    ),
    "pt": Words(
        acts={
            "asserted": r"reconhecem?|reconheceu|reconheceram|t[eê]m reconhecido|reconhecendo",
            "historical": r"havia reconhecido|tinha reconhecido|reconhecia",
            "planned": r"reconhecera|reconhecerao|reconheceremos",
            "conditional": r"reconheceria\w*",
            "bare": r"reconhecer|reconheca\w?",
            "passive": r"reconhecid[oa]s?",
            "noun": r"reconhecimento",
        },
        small=_ROMANCE_SMALL,
        state=_ROMANCE_STATE,
        joins=_ROMANCE_AND,
        by=r"por|pel[oa]|por parte d[eao]",
        that=r"que",
        aside=r"a|ao|em|no|na|nos|nas|com|para|por|sobre|contra|apos|desde|segundo|entre",
        country=r"pais|nacao|estado|potencia",
        ranks=r"primeir[oa]/segund[oa]/terceir[oa]/quart[oa]/quint[oa]/sext[oa]/setim[oa]/oitav[oa]/non[oa]/decim[oa]",
        world=r"do mundo|no mundo|mundial|a|que|oficialmente",
        rumour=r"fontes|segundo a imprensa",
        only=r"unic[oa]",
        negated=r"nao|nunca|jamais|recus\w+|neg\w+|descart\w+|exclu\w+|rejeit\w+|desment\w+|sem",
        demanded=r"ped\w+|exig\w+|cobr\w+|inst\w+|apel\w+|exort\w+|deve\w*|deveria\w*",
        conditional=r"caso|se (?:[oa]s? )?§|se nao|desde que|em troca|poderiam?",
        unconfirmed=r"pode\w?|estud\w+|avali\w+|consider\w+|cogit\w+|nao descart\w+|possivel\w*",
        planned=r"vai|vao|planej\w+|preve\w*|prepar\w+|pront[oa]|promet\w*|quer\w*|pretend\w*|inten\w+|sera",
        decided=r"anunci\w+|decid\w+|vot\w+|aprov\w+|proclam\w+|declar\w+|formaliz\w+",
        historical=r"ha (?:\w+ ){1,2}anos|anos atras|aniversario",
        withdrawn=r"retir\w+|revog\w+|anul\w+|suspend\w+|cancel\w+",
        no_longer=r"ja nao|nao (?:\w+ )?mais|deix\w+ de",
        over=r"soberania (?:\w+ |§ ){0,3}sobre",
        role=r"como",
        own=r"(?:seu|sua) (?:governo|estado|regime|independencia)",
    ),
    "it": Words(
        acts={
            "asserted": r"riconosce|riconoscono|riconobbe|ha(?:nno)? (?:\w+mente )?riconosciuto|riconoscendo",
            "historical": r"aveva(?:no)? riconosciuto|riconosceva(?:no)?",
            "planned": r"riconoscera|riconosceranno|riconosceremo",
            "conditional": r"riconoscerebbe\w*",
            "bare": r"riconoscere|riconosca(?:no)?",
            "passive": r"riconosciut[oaie]",
            "noun": r"riconoscimento",
        },
        small=_ROMANCE_SMALL,
        state=_ROMANCE_STATE,
        joins=_ROMANCE_AND,
        by=r"da|dal|dalla|dall|da parte d\w+",
        that=r"che",
        aside=r"a|al|alla|all|in|nel|nella|con|per|su|sul|sulla|contro|dopo|da|dal|dalla|secondo|tra|fra",
        country=r"paese|nazione|stato|potenza",
        ranks=r"prim[oa]/second[oa]/terz[oa]/quart[oa]/quint[oa]/sest[oa]/settim[oa]/ottav[oa]/non[oa]/decim[oa]",
        world=r"al mondo|del mondo|mondiale|a|che|ufficialmente",
        rumour=r"fonti|media",
        only=r"unic[oa]|sol[oa]",
        negated=r"non|mai|rifiut\w+|esclud\w+|neg\w+|respin\w+|smenti\w+|senza|contrari\w+",
        demanded=r"chied\w+|esort\w+|invit\w+|sollecit\w+|dev\w+|dovrebb\w+|bisogna",
        conditional=r"se|a condizione|a patto|in cambio|potrebb\w+|purche",
        unconfirmed=r"puo|possono|valut\w+|consider\w+|pens\w+|non esclud\w+|forse",
        planned=r"vuol\w*|vogliono|intend\w+|pront\w+|prepar\w+|promett\w+|intenzion\w+|prevede\w*|sara|verso",
        decided=r"annunci\w+|decid\w+|deciso|vot\w+|approv\w+|proclam\w+|dichiar\w+",
        historical=r"anni fa|anno fa|anniversario",
        withdrawn=r"ritir\w+|revoc\w+|annull\w+|sospen\w+",
        no_longer=r"non (?:\w+ )?piu",
        over=r"sovranita (?:\w+ |§ ){0,3}su[l]{0,2}\w?",
        role=r"come",
        own=r"(?:il suo|suo|il proprio|proprio) (?:governo|stato|regime)|(?:la sua|la propria) indipendenza",
    ),
    "de": Words(
        acts={
            "present": r"erkenn(?:t|en)(?=[^:;]{2,120} an )",
            "asserted": r"erkannten?(?=[^:;]{2,120} an )|anerkennt|"
            r"(?:hat|haben)(?=[^:;,]{2,120} anerkannt )",
            "historical": r"hatten?(?=[^:;,]{2,120} anerkannt )|erkannten(?=[^:;]{2,120} an )",
            "bare": r"anerkennen|anzuerkennen|anerkenne",
            "passive": r"anerkannt",
            "noun": r"anerkennung",
        },
        small=r"die|das|den|der|des|dem|eine?[mnrs]?|als|offiziell|formell|formal|diplomatisch\w*|von|neue\w?|nun|"
        r"jetzt|"
        r"unabhangig\w*|souveran\w*|islamistisch\w+|abtrunnige\w?|eigenstandig\w*|volkerrechtlich|in|vorerst|nicht|"
        r"auch|im|"
        r"(?:erst|zweit|dritt)e[srn]?|land|der welt|niemals|nie|bald|am \w+tag|heute|weiterhin|sogenannte\w?|"
        r"selbsternannte\w?",
        state=r"regierung|herrschaft|unabhangigkeit|souveranitat|regime\w?|staat\w*|republik|machthaber",
        joins=r"und|sowie",
        by=r"von|durch|vonseiten",
        that=r"dass|wonach",
        aside=r"in|im|an|auf|mit|fur|gegen|nach|seit|vor|uber|zwischen|aus|bei|zu|zur|zum|laut|durch|von|wegen",
        country=r"land|staat|nation|macht",
        ranks=r"erste[rsn]?/zweite[rsn]?/dritte[rsn]?/vierte[rsn]?/funfte[rsn]?/sechste[rsn]?/siebte[rsn]?/achte[rsn]?/neunte[rsn]?/zehnte[rsn]?",
        world=r"der welt|weltweit|das|der|die",
        rumour=r"medien\w*|insider\w*|berichte?|medienbericht\w*",
        closing=r"an|anerkannt",
        only=r"einzige[rsn]?",
        negated=r"nicht|nie|niemals|kein\w*|verweiger\w+|weiger\w+|lehn\w+|schliess\w+ (?:\w+ |§ ){1,4}aus|"
        r"dementier\w+|gegen|ohne|bestreit\w+|verzicht\w+",
        demanded=r"forder\w+|verlang\w+|drang\w+|ruf\w+|soll(?:en|te|ten)?|muss|mussen|musse|bitte[tn]",
        conditional=r"wenn|falls|sofern|konnten?|wurden?|unter (?:\w+ )?bedingung\w*|im gegenzug|nur bei",
        unconfirmed=r"moglicherweise|angeblich|erwag\w+|pruf\w+|pruft|offenbar|vielleicht|kann|schliesst (?:\w+ |"
        r"§ ){1,4}nicht aus|insider\w*",
        planned=r"will|wollen|wird|werden|plan\w+|bereit|beabsichtig\w+|kundig\w+|steh\w+ (?:\w+ )?vor|vor der|"
        r"versprech\w+|verspricht|stellt|absicht\w*|steuer\w+",
        decided=r"beschliess\w+|beschloss\w*|stimm\w+|verkund\w+|erklar\w+|gibt|geben|spricht|sprechen|besiegel\w+",
        soon=r"im (?:januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember)|morgen|"
        r"nachste[nrs]? (?:woche|monat|jahr)",
        historical=r"vor (?:\w+ ){1,2}jahren|jahrestag|einst|damals",
        withdrawn=r"zieh\w+ (?:\w+ |§ ){0,6}zuruck|zog\w* (?:\w+ |§ ){0,6}zuruck|zuruckgezogen|zuruckziehen|"
        r"entzieh\w+|entzog\w*|widerruf\w*|widerrief\w*|annullier\w+|ruckgangig|setzt (?:\w+ |§ ){0,6}aus",
        no_longer=r"nicht mehr|nicht langer",
        over=r"souveranitat (?:\w+ |§ ){0,2}uber",
        role=r"als",
        own=r"(?:ihre|seine|ihrer|seiner) (?:regierung|staat|herrschaft|unabhangigkeit)",
        verb_last=True,
        genitive=True,
    ),
    "ar": Words(
        acts={
            "unconfirmed": r"قد [تين]عترف\w{0,2}",
            "planned": r"[وف]?س[تين]عترف\w{0,2}|سوف [تين]عترف\w{0,2}",
            "bare": r"(?:ان|بان|لان) [تين]عترف\w{0,2}|لتعترف",
            "asserted": r"[وف]?[تين]عترف\w{0,2}|[وف]?اعترف\w{0,2}",
            "noun": r"[وفبل]{0,2}(?:ال|ل)?اعتراف(?:ها|ه|هم|نا)?|للاعتراف",
        },
        small=r"ب|بال|رسميا|بشكل|رسمي|بعد|اليوم|يوم \w+|حتى الان|ايضا|مجددا|كامل|الكامل|الرسمي|رسميه|دوليا|كدولة",
        state=r"[بل]?(?:ال)?(?:حكومة|نظام|استقلال|دولة|سلطة|سلطات|حكم|حركة|جبهة|سيادة|كيان|جمهورية|شرعية|ادارة|قيادة)",
        joins=r"و",
        by=r"من قبل|من جانب|من طرف|من",
        that=r"ان|بان|انها|انه|بانها",
        aside=r"في|من|الى|على|عن|مع|بعد|قبل|ضد|بين|لدى|منذ|ل|ب|حول|تجاه",
        country=r"دولة|بلد|دوله|الدولة|البلد",
        ranks=r"اول|الاولى|الاول/ثاني|الثانية|الثاني/ثالث|الثالثة|الثالث/رابع|الرابعة/خامس|"
        r"الخامسة/سادس/سابع/ثامن/تاسع/عاشر",
        world=r"في العالم|على مستوى العالم|بالعالم|التي|الذي|رسميا",
        rumour=r"مصادر|تقارير|انباء|وسائل اعلام",
        only=r"الوحيدة|الوحيد",
        negated=r"لا|لم|لن|ليس|ليست|ما|رفض\w*|ترفض|يرفض|تستبعد|يستبعد|استبعد\w*|تنفي|ينفي|نفت|نفى|دون|عدم|ترفضان",
        demanded=r"[تيو]?دع[تاوى]\w*|تدعو|يدعو|يدعون|دعوات?|طالب\w*|[تي]طالب\w*|تحث|يحث|حث\w?|ينبغي|يجب|على|[تي]طلب|"
        r"مطالبات?",
        conditional=r"اذا|في حال|شرط|بشرط|بشروط|مقابل|لو|ما لم",
        unconfirmed=r"ربما|[تي]درس|تبحث|يبحث|محتمل|احتمال|قد|لا [تي]ستبعد|تفكر",
        planned=r"[تي]عتزم\w*|تنوي|ينوي|عزم\w*|[تي]ستعد\w*|مستعد\w*|[تي]تجه\w*|ستكون|ستصبح|[تي]خطط|نيتها|نيته|"
        r"[تي]تعهد\w*|"
        r"تعهد\w*|سوف|تتهيا|قريبا",
        decided=r"[تي]علن\w*|اعلن\w*|اعلان|قرر\w*|[تي]قرر|صوت\w*|[تي]صوت|[وي]وافق|اقر\w?",
        historical=r"قبل (?:\w+ ){1,2}(?:عاما|عام|سنة|سنوات|اعوام)|ذكرى|سبق ان|سابقا",
        withdrawn=r"[تيو]?سحب\w*|[تي]سحبان|علقت|علق|[تي]علق|تعليق|الغت|الغى|[تي]لغي|الغاء|[تي]تراجع عن|تراجع\w* عن|"
        r"سستحب|ستسحب",
        no_longer=r"لم [تي]عد|توقف\w* عن",
        over=r"سيادة (?:\w+ |§ ){0,3}على|بسيادة (?:\w+ |§ ){0,3}على",
        own=r"باستقلالها|باستقلاله|بحكومتها|بها|به|بحكومته|بنظامها|بهم|بدولتها|بسلطتها",
        mark=r"(?:^| )ب",
    ),
    "fa": Words(
        acts={
            "negated": r"به رسمیت (?:نشناخت\w*|نمی ?شناس\w+|نخواه\w+ شناخت|نشناس\w*)",
            "planned": r"به رسمیت (?:خواه\w+ شناخت|بشناسیم)",
            "bare": r"به رسمیت بشناس\w+",
            "passive": r"به رسمیت شناخته (?:شده?|می ?شود|شدند)",
            "historical": r"به رسمیت شناخته (?:بود|بودند)|به رسمیت می ?شناخت\w*",
            "present": r"به رسمیت می ?شناس\w+",
            "asserted": r"به رسمیت شناخت(?:ند|یم|ه است|ه اند|ه)?",
            "noun": r"به رسمیت شناختن|به رسمیت شناسی|شناسایی(?: رسمی)?",
        },
        small=r"را|رسما|رسمی|گروه|به عنوان|نیز|هم|به طور|به صورت|هنوز|تاکنون|همچنان|هرگز|فعلا|دیگر|امروز|سرانجام|یک",
        state=r"دولت\w*|حکومت|رژیم|استقلال|کشور|مستقل|حاکمیت|جمهوری|جنبش|اداره|سلطه|موجودیت|تحت امر",
        joins=r"و",
        by=r"از سوی|توسط|از جانب|از طرف|به وسیله",
        that=r"که",
        aside=r"از|در|به|با|بر|برای|علیه|میان|بین|تا|درباره|بدون|پس از|پیش از",
        country=r"کشوری?|دولتی?",
        ranks=r"نخستین|اولین/دومین/سومین/چهارمین/پنجمین/ششمین/هفتمین/هشتمین/نهمین/دهمین",
        world=r"در جهان|جهان|دنیا|که|شد|است|بود|رسما|خواهد بود|خواهد شد",
        rumour=r"گزارش ها|منابع|رسانه ها",
        only=r"تنها|یگانه",
        negated=r"رد کرد\w*|نمی خواه\w+|امتناع|خودداری|مخالف\w*|تکذیب|قصد ندارد|برنامه ای ندارد|هیچ",
        demanded=r"از §(?= (?:\w+ ){0,3}(?:خواست|می خواه|درخواست|تقاضا))|خواستار|خواست|خواستند|باید|درخواست|"
        r"فراخوان\w*|دعوت|می خواهد|بایستی",
        conditional=r"اگر|در صورت\w*|به شرط|مشروط|در ازای|چنانچه|در قبال",
        unconfirmed=r"ممکن است|احتمال\w*|شاید|بررسی|می تواند|گمانه",
        planned=r"قصد|تصمیم دارد|بنا دارد|برنامه|آماده|خواهد شد|خواهند شد|می خواهد|وعده|در آستانه|به زودی|در نظر دارد|"
        r"قرار است",
        decided=r"اعلام(?: کرد\w*)?|تصمیم گرفت|تصویب|رای داد",
        soon=r"در (?:ژانویه|فوریه|مارس|آوریل|مه|ژوئن|ژوئیه|جولای|اوت|آگوست|سپتامبر|اکتبر|نوامبر|دسامبر)|"
        r"(?:ماه|هفته|سال) آینده|فردا|به زودی",
        historical=r"سال پیش|سال قبل|سالگرد|پیشتر|پیش تر|قبلا|در گذشته",
        withdrawn=r"پس گرفت\w*|پس می گیرد|لغو|تعلیق|بازپس گرفت|باطل",
        no_longer=r"دیگر",
        over=r"حاکمیت (?:\w+ |§ ){0,3}بر",
        own=r"حکومتش|استقلالش|حکومت شان|حکومتشان|این گروه|آن|دولتش|او",
        verb_last=True,
    ),
    "zh": Words(
        acts={"noun": r"(?<=的)承认", "present": r"(?:正式|外交)?承认"},
        small=r"的|为|了|正式|新|合法|由|领导|所谓",
        state=r"国|政府|政权|独立|临时|当局|主权|地位",
        joins=r"和|与|及|以及|、",
        by=r"被|由|获",
        that=r"称|说|表示",
        aside=r"在|对|向|从|与|据",
        country=r"国家|国|政府",
        ranks=r"首个|第一个|首先|率先|最先|头一个/第二个|次个/第三个/第四个/第五个/第六个/第七个/第八个/第九个/第十个",
        world=r"全球|世界|世界上|的",
        rumour=r"据报|传|消息|媒体",
        only=r"唯一",
        negated=r"不|未|拒绝|拒不|没有|无意|反对|排除|否认",
        demanded=r"呼吁|要求|敦促|应当|应该|应|必须|希望|促请|促",
        conditional=r"如果|若|除非|前提|条件|可能会在",
        unconfirmed=r"可能|或将|考虑|或",
        planned=r"将|拟|计划|准备|打算|承诺|会",
        decided=r"宣布|决定|投票",
        historical=r"年前|曾|周年|此前",
        withdrawn=r"撤销|撤回|取消|收回|中止",
        no_longer=r"不再",
        over=r"对",
        role=r"为",
        own=r"其政府|其政权|其|该政权",
        spaced=False,
    ),
}
