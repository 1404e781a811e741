"""Arabic news on the desk: it clusters by its own words and counts, as English does by its own."""

from __future__ import annotations

from octavo.core.folding.desk import Desk
from tests.core.folding.news import filled, press, report

SEDRA = (
    report("s1", "زلزال يضرب جزيرة سدرة ويهدم عشرات المنازل",
           "ضرب زلزال قوته ست درجات جزيرة سدرة فجر اليوم وهدم عشرات المنازل في بلدة مرجان. وقال محافظ سدرة ناصر الكيلاني إن "
           "تسعة أشخاص قتلوا وإن فرق الإنقاذ تبحث تحت الأنقاض.", language="ar"),
    report("s2", "فرق الإنقاذ تبحث تحت أنقاض مرجان",
           "تواصل فرق الإنقاذ البحث تحت الأنقاض في بلدة مرجان بعد الزلزال الذي ضرب جزيرة سدرة فجرا. وأعلن المحافظ ناصر "
           "الكيلاني أن تسعة أشخاص قتلوا وأن المدارس أغلقت.", hours=3, language="ar"),
)  # fmt: skip
HALIMA = (
    report("h1", "زلزال خفيف يهز وادي حليمة دون ضحايا",
           "هز زلزال خفيف قوته أربع درجات وادي حليمة مساء أمس، ولم يبلغ عن ضحايا. وقالت رئيسة البلدية ليلى المنصور إن السد لم "
           "يتضرر وإن التيار عاد إلى المصانع.", hours=20, language="ar"),
    report("h2", "سد وادي حليمة سليم بعد الهزة",
           "قال مهندسون إن سد وادي حليمة سليم بعد الهزة التي شعر بها السكان مساء أمس. وشكرت رئيسة البلدية ليلى المنصور عمال "
           "المصانع على هدوئهم.", hours=24, language="ar"),
)  # fmt: skip
LONE = (
    report("p", "مزارعو كندال يغرسون مليون شجرة زيتون", "بدأ مزارعون في كندال غرس مليون شجرة زيتون على سفوح أحرقتها النيران "
           "العام الماضي، والشتلات من مشتل غمرته السيول.", language="ar"),
    report("q", "سباحة كندال الأولى تبدل مدربها", "تتدرب السباحة رنا عفيف، صاحبة ميداليتين، مع مدرب جديد في عاصمة كندال بعد "
           "تقاعد مدربتها القديمة.", language="ar"),
    report("r", "خبازو كندال يرفعون سعر الرغيف", "يرتفع سعر الرغيف في كندال خمسة قروش ابتداء من اليوم، وتلوم نقابة الخبازين "
           "غلاء الطحين والزبدة.", language="ar"),
    report("s", "محكمة في كندال تفرج عن رجل بعد تسع سنوات", "أفرجت محكمة في كندال عن يوسف وهبي الذي سجن تسع سنوات بتهمة "
           "سرقة، بعدما أظهرت كاميرا وجها آخر.", language="ar"),
    report("t", "قطارات الليل تعود إلى ساحل كندال", "تسير سكك حديد كندال قطارات نوم إلى الساحل الشمالي من جديد بعد أحد عشر "
           "عاما، وأولها في حزيران.", language="ar"),
)  # fmt: skip


def arabic_desk() -> Desk:
    """A desk with other Arabic news."""
    desk = filled(40)
    for article, _ in press("ar"):
        desk.arrive(article)
    return desk


def test_two_quakes_in_one_week_stay_apart_and_each_comes_together() -> None:
    desk = arabic_desk()
    for article in (*SEDRA, *HALIMA):
        desk.arrive(article)
    desk.repair(whole_window=True)
    stories = [{desk.story_of(article.id) for article in event} for event in (SEDRA, HALIMA)]
    assert not stories[0] & stories[1]
    assert [len(of) for of in stories] == [1, 1]


def test_five_unrelated_stories_that_share_a_country_and_a_day_stay_apart() -> None:
    desk = arabic_desk()
    for article in LONE:
        desk.arrive(article)
    desk.repair(whole_window=True)
    assert len({desk.story_of(article.id) for article in LONE}) == 5


def test_a_follow_up_two_days_later_joins_or_is_told_as_earlier() -> None:
    desk = arabic_desk()
    for article in SEDRA:
        desk.arrive(article)
    desk.repair(whole_window=True)
    story = desk.story_of("s1")
    later = report("s3", "مدارس سدرة تفتح أبوابها بعد الزلزال", "عادت مدارس جزيرة سدرة إلى الدراسة بعد يومين من الزلزال الذي "
                   "هدم منازل في بلدة مرجان، وقال المحافظ ناصر الكيلاني إن عدد القتلى بقي تسعة.", 48, "ar")  # fmt: skip
    decision = desk.arrive(later)
    assert decision.story == story or story in decision.earlier


def test_a_corrected_toll_stays_in_its_story() -> None:
    desk = arabic_desk()
    for article in SEDRA:
        desk.arrive(article)
    corrected = report("s4", "تصحيح: قتلى زلزال سدرة سبعة", "صحح محافظ سدرة ناصر الكيلاني عدد قتلى الزلزال الذي ضرب الجزيرة فجرا "
                       "من تسعة إلى سبعة، وقال إن فرق الإنقاذ أنهت البحث تحت أنقاض مرجان.", 30, "ar")  # fmt: skip
    desk.arrive(corrected)
    desk.repair(whole_window=True)
    assert desk.story_of("s4") == desk.story_of("s1")
