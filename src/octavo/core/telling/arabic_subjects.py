"""Finds what an Arabic article names and is about, without capitals to go by: by titles, heads of names and recurrence.

A minister's title comes before a name, 'the Ministry of' before a body's, 'the port of' before a place's; what recurs as
neighbouring words that are no little words is a phrase. A word's leading 'and', 'in', 'to' is left off only where the text
has the word without it too, or the article behind it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from octavo.core.folding.agency import AGENCIES
from octavo.core.telling.subjects import OPENING, Subject
from octavo.core.telling.times import MONTHS, WEEKDAYS
from octavo.core.telling.topics import fold_arabic_name
from octavo.core.telling.words import STOPWORDS, WORD
from octavo.core.words import fold_arabic

LONGEST: Final = 4
RECURS: Final = 2
PERSON, BODY, PLACE, COUNTRY = 2.5, 1.5, 1.5, 1.5


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold_arabic(word) for word in text.split())


def _keys(text: str) -> frozenset[str]:
    return frozenset(fold_arabic_name(word) for word in text.split())


# Titles that stand before a person's name, and those that one more word belongs to: the minister of finance.
_TITLES: Final = _folded(
    """الرئيس الرئيسة رئيس رئيسة الأمير الأميرة الملك الملكة الشيخ الشيخة السلطان البابا الوزير الوزيرة وزير وزيرة النائب
    النائبة نائب نائبة القاضي القاضية الدكتور الدكتورة المحامي المحامية السيد السيدة الأستاذ الأستاذة المهندس المهندسة
    اللواء العميد العقيد الفريق الجنرال القائد السفير السفيرة سفير سفيرة المدرب المدربة مدرب مدربة اللاعب اللاعبة المهاجم
    الحارس المتحدث المتحدثة الناطق المدير المديرة مدير مديرة الكاتب الكاتبة الشاعر الشاعرة الروائي الروائية المخرج المخرجة
    الباحث الباحثة الصحفي الصحفية الصحافي الصحافية الزعيم زعيم محافظ المحافظ عمدة العمدة حاكم الحاكم المفوض المفوضة الأمين
    الطبيب الطبيبة البروفيسور البروفيسورة المدعي المدعية المستشار المستشارة الناشط الناشطة القبطان الرئيسة"""
)
_COMPLEMENTS: Final = _keys(
    """الوزراء المالية الخارجية الداخلية الدفاع العدل الصحة التعليم التربية الزراعة الطاقة النفط الاقتصاد التجارة الصناعة النقل
    البيئة الثقافة الإعلام الرياضة العمل الإسكان السياحة المياه الري البلدية البرلمان الحكومة المجلس الاتحاد الشركة البنك
    المركزي العام العامة السابق السابقة الدولة الوطني الجمهورية الأركان الحزب النادي المنتخب الفريق المركز المعهد المتحف
    الميناء الكنيسة الجامعة الرسمي الرسمية باسم"""
)
# The first words of the names of bodies, of places, and what a country stands behind.
_BODIES: Final = _folded(
    """وزارة منظمة شركة جامعة مجلس حزب اتحاد بنك محكمة هيئة لجنة نادي مؤسسة مستشفى جمعية حركة وكالة مركز معهد متحف كنيسة
    جبهة تحالف ائتلاف نقابة صندوق برنامج البنك المحكمة الاتحاد المجلس الحزب المصرف مصرف بورصة مرصد تيار"""
)
_PLACES: Final = _folded(
    """جزيرة جزر ميناء مضيق نهر إقليم بحيرة جبل مطار بحر خليج وادي قناة سد غابة سهل قطاع مخيم ساحل شبه أرخبيل رأس"""
)
_TOWNS: Final = _folded("مدينة قرية بلدة محافظة ولاية مقاطعة دولة جمهورية مملكة العاصمة إمارة")
_BEFORE_COUNTRIES: Final = _folded("حكومة عاصمة سلطات جيش برلمان سفارة شعب اقتصاد منتخب دولة جمهورية مملكة")
_COUNTRIES: Final = _folded(
    """مصر السودان ليبيا تونس الجزائر المغرب موريتانيا سوريا لبنان الأردن فلسطين العراق الكويت البحرين قطر الإمارات عمان
    السعودية اليمن الصومال جيبوتي إسرائيل تركيا إيران أفغانستان باكستان الهند بنغلاديش الصين اليابان روسيا أوكرانيا بولندا
    ألمانيا فرنسا إيطاليا إسبانيا البرتغال بريطانيا إنجلترا اسكتلندا أيرلندا هولندا بلجيكا سويسرا النمسا السويد النرويج
    الدنمارك فنلندا اليونان قبرص صربيا كرواتيا رومانيا بلغاريا المجر أمريكا أميركا كندا المكسيك كوبا البرازيل الأرجنتين
    تشيلي كولومبيا فنزويلا بيرو أستراليا إندونيسيا ماليزيا سنغافورة الفلبين تايلاند فيتنام كوريا تايوان إثيوبيا إريتريا
    كينيا أوغندا رواندا نيجيريا غانا السنغال مالي تشاد النيجر القاهرة الخرطوم طرابلس الرباط دمشق حلب بيروت عمّان القدس غزة
    رام بغداد الموصل البصرة الدوحة دبي أبوظبي الرياض جدة مكة صنعاء عدن أنقرة إسطنبول طهران كابول موسكو كييف باريس لندن
    برلين روما مدريد واشنطن نيويورك بكين طوكيو بروكسل جنيف أفريقيا إفريقيا أوروبا آسيا"""
)
# Before or behind what is said.
_SAYING: Final = _folded(
    "قال قالت وقال وقالت أضاف أضافت وأضاف وأضافت أكد أكدت وأكد وأكدت أوضح أوضحت وأوضح أعلن أعلنت وأعلن وأعلنت"
)
# Verbs, numbers, measures and joints that open or end no name or phrase.
_IDLE: Final = _folded(
    """قال قالت أضاف أكد أعلن أعلنت ذكر ذكرت أوضح أوضحت أشار أشارت يجري يقول تقول يكون تكون كان كانت كانوا بلغ بلغت يبلغ تبلغ
    جاء جاءت يأتي تأتي يعد تعد يعتبر تعتبر أصبح أصبحت ظل يظل مازال زال زالت يزال تزال قد لقد سوف سوى لدى رغم نحو حوالي أكثر
    أقل بعض جميع كافة معظم أحد إحدى واحد واحدة اثنان اثنين اثنتين ثلاثة ثلاث أربعة أربع خمسة خمس ستة ست سبعة سبع ثمانية ثماني
    تسعة تسع عشرة عشر عشرين عشرون ثلاثين أربعين خمسين مئة مائة مئات ألف آلاف مليون ملايين مليار مليارات المئة المائة في المئة
    دولار دولارا يورو درهم دينار ريال جنيه كيلومتر كيلومترات متر مترا أمتار طن كيلوغرام لتر سنة سنوات عاما عام أعوام شهر
    شهور أشهر أسبوع أسابيع أيام يوما يوم ساعة ساعات دقيقة دقائق ثانية ثوان مرة مرات المرة الماضي الماضية المقبل المقبلة
    الحالي الحالية الجاري القادم القادمة الأخير الأخيرة السابق السابقة الجديد الجديدة جديد جديدة أول الأول الأولى الثاني
    الثانية الثالث الثالثة شخص شخصا أشخاص الشخص رجل رجلا رجال امرأة نساء طفل أطفال الناس ناس العام العامين الأمر أمر الوقت
    وقت شيء شيئا يمكن يجب لعل ربما إنه إنها أنه أنها وهو وهي كما لكن ولكن بل إذ إذا حين حيث بعد قبل منذ خلال عندما بينما
    فيما مما ممن عما لما كي لكي حتى أي أية كل كلا كلتا غير عدم ذات ذو نفسه نفسها ذلك تلك هذا هذه هؤلاء هناك هنا الذي التي
    الذين اللواتي تم يتم ستكون سيكون أن لن لم ليس ليست الآن اليوم أمس غدا صباح مساء ليلة الليلة بنسبة بقيمة سابق سابقة أخرى آخر أخبار مصدر مصادر المصدر المصادر
    المتحدث صحيفة وكالة الأنباء بيان البيان بحسب وفق وفقا طبقا إضافة بالإضافة جانب جراء ضمن وسط دون عبر أمام خلف فوق تحت بين
    نصف ربع ثلث أكبر أصغر أعلى أدنى أهم مزيد المزيد عدد عددا كبير كبيرة صغير صغيرة طويل طويلة قال: يريد تريد يعرف تعرف يعمل
    تعمل رفع رفعت خفض خفضت وقع وقعت دعا دعت طلب طلبت رفض رفضت استقال استقالت قدم قدمت نفى نفت أمر أمرت زار زارت تعهد تعهدت حذر
    حذرت طالب طالبت توقع توقعت كشف كشفت رحب رحبت انتقد انتقدت اتهم اتهمت نشر نشرت كتب كتبت افتتح افتتحت ترأس التقى بحث شدد
    شددت لفت لفتت تابع تابعت تشكلت مجانا البالغ عاد عادت وصل وصلت أجل شأن خاصة خاص بشكل بصورة فقط أيضا جدا معا تقريبا"""
)
_STOP: Final = frozenset(fold_arabic(word) for word in STOPWORDS["ar"]) | _IDLE
_DATES: Final = frozenset(fold_arabic(word) for word in (*MONTHS, *WEEKDAYS))
_AGENCY_NAMES: Final = frozenset(fold_arabic(form) for forms in AGENCIES.values() for form in forms)
_JOINS: Final = _folded("بن ابن بنت آل أبو ابو أم عبد")
_ARABIC_WORD: Final = re.compile(r"[\u0620-\u064a\u064b-\u0652\u0670-\u06d3]+\Z")
_GAP: Final = frozenset((" ", "\u00a0"))


class _Token(NamedTuple):
    """A word as written without its clitics, its folded form with the article, and its key without."""

    written: str
    form: str
    key: str
    is_small: bool


def arabic_subjects(title: str, text: str) -> list[Subject]:
    """What an Arabic article names or is about, the weightiest first."""
    known = {fold_arabic(match[0]) for match in WORD.finditer(f"{title}\n{text}")}
    runs = list(_runs(text, known))
    heads = list(_runs(title, known))
    found = _recurring(runs, heads)
    for key, subject in _cued(runs + heads).items():
        if key in found:
            found[key].bonus = max(found[key].bonus, subject.bonus)
            found[key].is_name = True
        else:
            found[key] = subject
    _count(found, runs, heads, _runs(text[:OPENING], known))
    kept = [one for key, one in found.items() if _may_be_told_of(one) and " ".join(key) not in _AGENCY_KEYS]
    return sorted(_longest(kept), key=lambda one: (-one.weight, one.words))


_AGENCY_KEYS: Final = frozenset(" ".join(map(fold_arabic_name, form.split())) for form in _AGENCY_NAMES)


def _runs(text: str, known: set[str]) -> Iterator[list[_Token]]:
    """The words of a text, cut wherever something else than a space is between them."""
    run: list[_Token] = []
    end = -1
    for match in WORD.finditer(text):
        if run and text[end : match.start()] not in _GAP:
            yield run
            run = []
        end = match.end()
        run.append(_token(match[0], known))
    if run:
        yield run


def _token(word: str, known: set[str]) -> _Token:
    form = fold_arabic(word)
    if _is_small(form) or not _ARABIC_WORD.match(word):
        return _Token(word, form, fold_arabic_name(word), is_small=True)
    bare_word = _without_clitics(word, known)
    form = fold_arabic(bare_word)
    return _Token(bare_word, form, fold_arabic_name(bare_word), is_small=_is_small(form))


def _is_small(form: str) -> bool:
    return len(form) < 2 or form in _STOP or form in _DATES or (form[0] in "وف" and form[1:] in _STOP)


def _without_clitics(word: str, known: set[str]) -> str:
    """A word without 'and', 'in', 'to', 'as' before it, where that is sure."""
    form = fold_arabic(word)
    if form.startswith("لل") and len(form) > 4:
        return "ال" + word[2:]
    for size in (2, 1):
        head, rest = form[:size], form[size:]
        if len(rest) < 4 or not all(char in "وفبكل" for char in head):
            continue
        if rest in known or (rest.startswith("ال") and set(head) <= {"و"}):
            return word[size:]
        if rest.startswith("لل") and size == 1:
            return "ال" + word[3:]
    return word


def _recurring(runs: Sequence[list[_Token]], heads: Sequence[list[_Token]]) -> dict[tuple[str, ...], Subject]:
    """Neighbouring words that recur, in the text or in it and the headline."""
    counts: Counter[tuple[str, ...]] = Counter()
    written: dict[tuple[str, ...], Counter[tuple[str, ...]]] = defaultdict(Counter)
    for run in (*runs, *heads):
        for at in range(len(run)):
            for size in range(2, LONGEST + 1):
                part = run[at : at + size]
                if len(part) == size and _can_be(part):
                    key = tuple(token.key for token in part)
                    counts[key] += 1
                    written[key][tuple(token.written for token in part)] += 1
    found = {}
    for key, count in counts.items():
        if count >= RECURS:
            words = max(written[key], key=lambda form: (written[key][form], form))
            found[key] = Subject(words, is_name=False)
    return found


def _can_be(part: Sequence[_Token]) -> bool:
    """Whether neighbouring words may be a name or a phrase: none is a little word, the last no bare adjective's head."""
    if any(token.is_small for token in part):
        return False
    has_article = [token.form.startswith("ال") for token in part]
    # An indefinite word behind a definite one begins something else.
    if any(left and not right for left, right in itertools.pairwise(has_article)):
        return False
    return part[0].form not in _TITLES


def _cued(runs: Sequence[list[_Token]]) -> dict[tuple[str, ...], Subject]:
    """Names by the word before them: persons, bodies, places and countries."""
    found: dict[tuple[str, ...], Subject] = {}
    for run in runs:
        for at, token in enumerate(run):
            for words, bonus in _named_at(run, at, token):
                key = tuple(token.key for token in words)
                known = found.setdefault(key, Subject(tuple(token.written for token in words)))
                known.bonus = max(known.bonus, bonus)
    return found


def _named_at(run: Sequence[_Token], at: int, token: _Token) -> Iterator[tuple[Sequence[_Token], float]]:
    if token.form in _COUNTRIES:
        yield [token], COUNTRY
    if token.form in _TITLES or token.form in _SAYING:
        yield from ((person, PERSON) for person in _person_behind(run, at))
    elif token.form in _BODIES:
        if len(rest := _defined(run, at + 1)) > 0:
            yield [token, *rest], BODY
    elif token.form in _PLACES and at + 1 < len(run) and not run[at + 1].is_small:
        yield [token, run[at + 1]], PLACE
    if (token.form in _TOWNS or token.form in _BEFORE_COUNTRIES) and at + 1 < len(run):
        behind = run[at + 1]
        if not behind.is_small and not behind.form.startswith("ال") and len(behind.form) > 3:
            yield [behind], PLACE


def _person_behind(run: Sequence[_Token], at: int) -> Iterator[Sequence[_Token]]:
    """The two or three words of a person's name behind a title and what belongs to the title."""
    at += 1
    steps = 0
    while (
        at < len(run)
        and steps < 3
        and (run[at].key in _COMPLEMENTS or run[at].form in _TITLES or run[at].form in _COUNTRIES)
    ):
        at, steps = at + 1, steps + 1
    size = 3 if at + 1 < len(run) and (run[at].form in _JOINS or run[at + 1].form in _JOINS) else 2
    part = run[at : at + size]
    if len(part) == size and not any(token.is_small or token.form in _BODIES for token in part) and _is_personal(part):
        yield part


def _is_personal(part: Sequence[_Token]) -> bool:
    return not part[0].form.startswith("ال") and all(len(token.form) > 2 or token.form in _JOINS for token in part)


def _defined(run: Sequence[_Token], at: int) -> list[_Token]:
    """The one or two words that tell which body it is: words with the article, or one name."""
    rest: list[_Token] = []
    for token in run[at : at + 2]:
        needs_article = rest or run[at - 1].form.startswith("ال")
        if token.is_small or (needs_article and not token.form.startswith("ال")):
            break
        rest.append(token)
    return rest


def _count(
    found: dict[tuple[str, ...], Subject],
    runs: Sequence[list[_Token]],
    heads: Sequence[list[_Token]],
    opening: Iterator[list[_Token]],
) -> None:
    """Counts where each subject stands; a person's mentions by the last name count too."""
    body, title, top = (
        f" {' | '.join(' '.join(token.key for token in run) for run in part)} " for part in (runs, heads, opening)
    )
    for key, one in found.items():
        whole = f" {' '.join(key)} "
        one.mentions = body.count(whole)
        one.in_title, one.in_opening = whole in title, whole in top
        if one.bonus == PERSON and len(key) > 1:
            last = f" {key[-1]} "
            one.mentions = max(one.mentions, body.count(last))
            one.in_title |= last in title


def _may_be_told_of(one: Subject) -> bool:
    """Whether a subject can serve: what only recurs must do so in the headline or three times."""
    if len(one.words) == 1 and one.bonus > 0:
        return one.mentions >= RECURS or (one.mentions > 0 and one.in_title)
    if one.bonus > 0:
        return one.mentions > 0 and (one.in_title or one.in_opening or one.mentions >= RECURS)
    return one.mentions >= RECURS and (one.in_title or one.mentions > RECURS)


def _longest(found: Sequence[Subject]) -> list[Subject]:
    """Without what a longer one, told of about as often, holds."""
    keyed = [(" ".join(map(fold_arabic_name, one.words)), one) for one in found]
    return [
        one
        for key, one in keyed
        if not any(
            len(other.words) > len(one.words)
            and f" {key} " in f" {whole} "
            and (other.mentions >= one.mentions * 0.6 or other.bonus == PERSON)
            for whole, other in keyed
        )
    ]
