"""Knows how English verbs bend, and which verbs report speech; it parses nothing."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from octavo.core.telling.words import words_of
from octavo.core.words import fold, primary, stems

# base past participle; each line a verb that Snowball's stemmer does not bring to one stem.
_IRREGULAR: Final = """arise arose arisen|awake awoke awoken|bear bore borne|beat beaten|become became|begin began begun|
bend bent|bet|bid bade bidden|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|
bring brought|build built|burn burnt|buy bought|cast|catch caught|choose chose chosen|cling clung|come came|creep crept|
cut|deal dealt|dig dug|draw drew drawn|dream dreamt|drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|
feed fed|feel felt|fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden|forecast|forget forgot forgotten|
forgive forgave forgiven|freeze froze frozen|get got gotten|give gave given|go went gone goes|grow grew grown|hang hung|
hear heard|hide hid hidden|hit|hold held|hurt|keep kept|kneel knelt|know knew known|lay laid|lead led|lean leant|
leap leapt|learn learnt|leave left|lend lent|lie lay lain|light lit|lose lost|make made|mean meant|meet met|mistake mistook
mistaken|overcome overcame|overthrow overthrew overthrown|pay paid|prove proven|put|quit|read|ride rode ridden|ring rang rung|
rise rose risen|run ran|say said says|see saw seen|seek sought|sell sold|send sent|set|shake shook shaken|shine shone|shoot shot|
show shown|shrink shrank shrunk|shut|sing sang sung|sink sank sunk|sit sat|sleep slept|slide slid|speak spoke spoken|speed sped|
spend spent|spill spilt|spin spun|spit spat|split|spread|spring sprang sprung|stand stood|steal stole stolen|stick stuck|
sting stung|strike struck stricken|strive strove|swear swore sworn|sweep swept|swim swam swum|swing swung|take took taken|
teach taught|tear tore torn|tell told|think thought|throw threw thrown|understand understood|undertake undertook undertaken|
undergo underwent undergone|uphold upheld|wake woke woken|wear wore worn|weep wept|win won|withdraw withdrew withdrawn|
withhold withheld|withstand withstood|wound|write wrote written|die died dying dead death deaths|kill killed killing"""
BASE: Final = {
    form: line.split()[0]
    for line in _IRREGULAR.replace("\n", " ").split("|")
    for form in line.split()[1:]
    if line.split()
}
AUXILIARIES: Final = words_of(
    """be is are was were been being am has have had having do does did doing done 's 're 've 'd get gets got
    to so very"""
)
REPORTING: Final = words_of(
    """said says say told tells added adds wrote writes tweeted stated states noted notes argued argues explained
    explains insisted insists replied asked asks declared warned warns continued claimed claims announced announces
    acknowledged admitted admits believes believed called concluded confirmed confirms denied denies described
    estimated joked promised recalled reported reports revealed suggested suggests testified thinks urged vowed
    commented remarked responded predicted stressed emphasised emphasized pledged posted observed maintained"""
)


@lru_cache(maxsize=1 << 15)
def lemma(form: str, language: str = "en") -> str:
    """The stem under which the forms of a word meet: 'won' and 'wins' under one. `form` is folded."""
    if primary(language) == "en":
        form = BASE.get(form, form)
    return stems([form], language)[0]


@lru_cache(maxsize=1 << 15)
def lemma_of(word: str, language: str = "en") -> str:
    """The lemma of a written word, its possessive ending left off."""
    form = fold(word)
    return lemma(form[:-2] if form.endswith(("'s", "’s")) else form, language)
