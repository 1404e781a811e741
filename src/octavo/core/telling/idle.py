"""Knows the words that make no topic by themselves: roles before names, peoples, publishers, what is said of everything.

Lists, read by `subjects.py`; it looks at no text.
"""

from __future__ import annotations

from typing import Final

from octavo.core.folding.agency import AGENCIES
from octavo.core.telling.names import TITLES
from octavo.core.telling.words import words_of

ROLES: Final = TITLES | words_of(
    """leader spokesman spokeswoman spokesperson analyst economist reporter correspondent editor writer author actor actress
    singer striker goalkeeper midfielder defender captain candidate nominee activist lawyer counsel strategist ayatollah
    marshal champion premier presidential vice-president speaker whip administrator caliph sen. rep. gov. republican
    democrat democratic conservative liberal labour spokesmen undersecretary czar principal
    secretary-general director-general attorney-general governor-general president-elect founder co-founder owner"""
)
# Titles that stay with a single name: a pope is known by his.
KEPT_TITLES: Final = words_of("pope king queen prince princess saint sheikh emir lady hurricane")
# What follows a title's word in the names of bodies: the Justice Department is no Department.
BODIES: Final = words_of(
    """department motors electric assembly league ministry committee council court office agency bureau service party union
    association group company corporation bank hospital university college school house board commission foundation center
    centre street road avenue park square hall stadium library museum church county city state states accounting mills
    dynamics store society force academy club team cup day medical news palace"""
)
# The last words of publishers' names; such are sources, mostly, and no subject unless the headline has them.
MEDIA: Final = words_of(
    """news times post journal herald tribune gazette courier telegraph guardian mirror independent observer press radio
    television tv magazine daily broadcasting bbc cnn nbc abc cbs npr msnbc pbs today reuters afp bloomberg politico
    chronicle register wire standard review globe zeitung allgemeine spiegel monde figaro país mundo images photos report caption"""
)
MEDIA_NAMES: Final = words_of(
    """bbc cnn nbc abc cbs npr msnbc pbs reuters afp bloomberg politico buzzfeed vox slate espn c-span axios huffpost
    mashable newsweek photo getty ap upi xinhua facebook.com gmt est edt utc pst pdt bst cet am pm tv ceo cfo coo dna faq rss
    q&a phd ok mph id ii iii iv vi mps mp ngo ngos gps dc d.c va md ny pa ma nj ct tx calif fla rt pt et ad"""
)
# Capitalised words that are no subject by themselves.
GENERIC: Final = words_of(
    """house state states court god internet party government west western east eastern north northern south southern
    central congressional parliament constitution english christian christians web twitter facebook google instagram
    youtube island islands university college school street avenue road county city town village river lake mountain bay
    minister secretary president chief council committee board department ministry bank union company group act bill
    amendment report deal agreement treaty day week month year today tomorrow times capitol hill speaker majority minority
    national international federal american americans britons europeans new old republican democrat democratic conservative
    liberal leader photo video image story read related share email copyright advertisement update updated breaking
    exclusive opinion analysis editorial continue click watch follow source sources center centre district division unit
    office agency commission authority service force forces army navy police military society association institute
    foundation club league cup championship conference summit convention festival award prize festival church hospital
    airport station museum hotel park square bridge tower palace mr mrs dr lord lady black blacks white whites latino
    hispanic jewish jew jews muslim muslims arab arabs asian african catholic catholics evangelical good great big first
    second third one two three four five six seven eight nine ten replay more videos video must please dear continued below above caption eve just watched next"""
)
DEMONYMS: Final = words_of(
    """american british english scottish welsh irish french german spanish italian portuguese dutch belgian swiss austrian
    danish swedish norwegian finnish polish czech slovak hungarian romanian bulgarian greek turkish russian ukrainian
    belarusian georgian armenian serbian croatian bosnian albanian kosovar israeli palestinian syrian lebanese jordanian
    iraqi iranian saudi yemeni kuwaiti qatari emirati bahraini omani egyptian libyan tunisian algerian moroccan sudanese
    somali ethiopian kenyan ugandan rwandan nigerian ghanaian congolese malian chadian tanzanian zambian zimbabwean
    afghan pakistani indian bangladeshi nepali chinese japanese korean taiwanese vietnamese thai cambodian burmese
    malaysian indonesian filipino singaporean australian canadian mexican cuban haitian venezuelan colombian ecuadorian
    peruvian bolivian brazilian chilean argentine argentinian european asian african latin arab texan californian
    londoner parisian tibetan uighur chechen catalan basque kurdish kurd afghan dane swede finn pole turk serb croat spaniard
    frenchman englishman briton scot northern southern eastern western kremlin-backed us-led"""
)
DEMONYM_ENDS: Final = ("n", "an", "ian", "ese", "ish", "i", "er", "ic")
FRONT: Final = words_of(
    "the a an in on at by for from with after before as but and how why what when where who this that"
)
# What only headings and broken texts write large inside a name, and what ends none besides.
LITTLE: Final = words_of("to in on at by with from into over that or is are was were his her their a an if as but not it its this these who what when where how why we he she they you our your")  # fmt: skip
JOINTS: Final = words_of("and the for of")
# Roles and bodies before names in other languages: the government of a place is told of under the place.
ROLES_ELSEWHERE: Final = words_of(
    """regierung minister ministerin präsident präsidentin kanzler kanzlerin bundeskanzler bundeskanzlerin bürgermeister könig
    königin papst herr frau gouvernement ministre président présidente maire roi reine monsieur madame gobierno ministro
    ministra presidente presidenta alcalde alcaldesa rey reina señor señora governo primeiro-ministro premier"""
)
# Behind these a German noun is no name.
GERMAN_ARTICLES: Final = words_of(
    """der die das den dem des ein eine einen einem einer eines kein keine keinen keiner im am zum zur vom beim ins ans mehr
    viele alle diese dieser dieses diesem diesen seine seiner seinen ihre ihrer ihren"""
)
AGENCY_NAMES: Final = frozenset(form.casefold() for forms in AGENCIES.values() for form in forms)
