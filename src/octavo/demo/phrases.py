"""The words around an article on a publisher's site, in English and Arabic; it knows no article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's words for the furniture of a news site."""

    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    sections: Mapping[str, str]
    home: str
    about: str
    sign_in: str
    search: str
    skip: str
    by: str
    joined: str
    published: str
    updated: str
    note: str
    share: tuple[str, ...]
    advertisement: str
    advert: str
    read_also: str
    related: str
    most_read: str
    tags: str
    picture_by: str
    newsletter: str
    newsletter_call: str
    address: str
    subscribe: str
    comments: str
    comments_call: str
    paywall: str
    paywall_call: str
    consent: str
    consent_text: str
    consent_yes: str
    consent_options: str
    listen: str
    watch: str
    owned_by: str
    rights: str
    terms: tuple[str, ...]
    not_found: str
    not_found_text: str

    def section(self, name: str) -> str:
        """A section's name as readers see it."""
        return self.sections.get(name, name.replace("-", " ").capitalize())

    def day(self, moment: datetime) -> str:
        """A date in words, in the moment's own zone."""
        return f"{self.weekdays[moment.weekday()]} {moment.day} {self.months[moment.month - 1]} {moment.year}"

    def time(self, moment: datetime) -> str:
        """A date and a time of day, in the moment's own zone."""
        return f"{self.day(moment)}, {moment:%H:%M}" if self is ENGLISH else f"{self.day(moment)}، {moment:%H:%M}"


ENGLISH = Phrases(
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    sections={"sports": "Sport"},
    home="Home",
    about="About",
    sign_in="Sign in",
    search="Search",
    skip="Skip to content",
    by="By",
    joined=" and ",
    published="Published",
    updated="Updated",
    note="Note",
    share=("Share", "Copy link", "E-mail", "Print"),
    advertisement="Advertisement",
    advert="Grebe & Daughters, sailmakers. We mend what the wind undoes.",
    read_also="Read also",
    related="Related stories",
    most_read="Most read",
    tags="Filed under",
    picture_by="Drawing",
    newsletter="The morning letter",
    newsletter_call="Six stories by seven o'clock, and nothing after that.",
    address="Your e-mail address",
    subscribe="Sign up",
    comments="Comments",
    comments_call="Sign in to join the conversation. Be kind; be brief.",
    paywall="This article is for subscribers",
    paywall_call="Subscribe from 4 a month to read on, or sign in if you already do.",
    consent="Before you read on",
    consent_text="We and our 214 partners store cookies on your device and process personal data such as your address on "
    "the network, to count visits and to choose advertisements. You may accept all cookies, or look at the options "
    "first. You can withdraw your consent at any time.",
    consent_yes="Accept all",
    consent_options="Manage options",
    listen="Listen",
    watch="Watch",
    owned_by="Owned by",
    rights="All rights reserved.",
    terms=("Terms of use", "Privacy", "Contact", "Corrections policy"),
    not_found="There is no such page",
    not_found_text="It may have moved, or it may never have been.",
)

ARABIC = Phrases(
    months=(
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ),
    weekdays=("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    sections={
        "world": "العالم",
        "politics": "سياسة",
        "business": "اقتصاد",
        "technology": "تقنية",
        "science": "علوم",
        "health": "صحة",
        "environment": "بيئة",
        "culture": "ثقافة",
        "sports": "رياضة",
        "opinion": "رأي",
        "local": "محليات",
    },
    home="الرئيسية",
    about="من نحن",
    sign_in="تسجيل الدخول",
    search="بحث",
    skip="انتقل إلى المحتوى",
    by="بقلم",
    joined=" و",
    published="نُشر",
    updated="آخر تحديث",
    note="تنويه",
    share=("شارك", "نسخ الرابط", "أرسل بالبريد", "طباعة"),
    advertisement="إعلان",
    advert="مخبز السنابل: خبز يُخرج من الفرن مرتين في اليوم.",
    read_also="اقرأ أيضا",
    related="مواضيع ذات صلة",
    most_read="الأكثر قراءة",
    tags="وسوم",
    picture_by="رسم",
    newsletter="النشرة الصباحية",
    newsletter_call="ستة أخبار قبل السابعة صباحا، ولا شيء بعدها.",
    address="بريدك الإلكتروني",
    subscribe="اشترك",
    comments="التعليقات",
    comments_call="سجّل الدخول لتشارك في النقاش، والتزم حسن القول.",
    paywall="هذا المقال للمشتركين",
    paywall_call="اشترك لمتابعة القراءة، أو سجّل الدخول إن كنت مشتركا.",
    consent="قبل أن تتابع القراءة",
    consent_text="نحفظ نحن وشركاؤنا ملفات تعريف الارتباط على جهازك ونعالج بيانات شخصية لقياس الزيارات واختيار الإعلانات. لك أن "
    "تقبل كل ملفات تعريف الارتباط أو أن تطّلع على الخيارات أولا، ولك أن تسحب موافقتك متى شئت.",
    consent_yes="قبول الكل",
    consent_options="إدارة الخيارات",
    listen="استمع",
    watch="شاهد",
    owned_by="تصدر عن",
    rights="جميع الحقوق محفوظة.",
    terms=("شروط الاستخدام", "الخصوصية", "اتصل بنا", "سياسة التصويب"),
    not_found="الصفحة غير موجودة",
    not_found_text="ربما نُقلت، وربما لم تكن يوما.",
)


def phrases_for(language: str) -> Phrases:
    """The words of a language; English where there are none."""
    return ARABIC if language.startswith("ar") else ENGLISH
