"""Guesses the language of a text from its letters and shortest words, on this machine only.

It is for screen readers, which need to know by which voice to read. A wrong voice cannot be
understood at all, whereas the page's own is used where nothing is said; so "" is the answer unless
it is rather sure (docs/decisions/0080). It is a fact of the text, computed when the text is shown
and stored nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

# Scripts that one language has for itself, or nearly.
_ALONE = {
    "GREEK": "el", "HEBREW": "he", "THAI": "th", "LAO": "lo", "KHMER": "km", "MYANMAR": "my",
    "GEORGIAN": "ka", "ARMENIAN": "hy", "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja",
    "BENGALI": "bn", "GURMUKHI": "pa", "GUJARATI": "gu", "ORIYA": "or", "TAMIL": "ta",
    "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "SINHALA": "si", "ETHIOPIC": "am",
    "CHEROKEE": "chr", "ADLAM": "ff",
}  # fmt: skip
# Letters that only these languages of a script have, the rarer language first.
_LETTERS = {
    "ARABIC": (
        ("", "ۇۈۋېڭ"), ("ckb", "ۆێڵڕەڤ"), ("ur", "ٹڈڑےںھہ"), ("ps", "ټډړښځڅږۍ"), ("fa", "پچژگیک"),
        ("ar", "ةىأإي"),
    ),
    "CYRILLIC": (
        ("", "әғқңөұүһѓќјљњћђџѕӣӯҳҷѐѝӧҥўҗѳӑӗҫӳӕӝӟӥӵӹӱ"), ("uk", "їєґ"), ("ru", "ыэё"), ("uk", "і"),
    ),
}  # fmt: skip
# Words of Devanagari, which these languages share to the last letter.
_DEVANAGARI = {
    "hi": "है हैं के में को से और का की नहीं लिए पर भी",
    "mr": "आहे आहेत आणि नाही च्या साठी करा हे या ला",
    "ne": "छ छन् हुन्छ गर्नु गर्नुहोस् लागि भयो छैन यो पनि",
}
# Short words that each language uses all the time, and letters that it has.
_WORDS = {
    "en": "the of and to is are not be should have we that this with for on our they must more it"
          " from by or in has can you your no at as will people",
    "es": "el los las del que y es para con por una un más se no debe en como está son su nuestro"
          " hay lo al ser pero este esta sin nos",
    "fr": "le les des et est une dans pour pas que qui du sur plus avec nous au ce il doit sont ne"
          " aux être ou mais cette la vous sans",
    "de": "der die das und ist nicht ein eine für mit auf den von im zu wir mehr sollte sind dem"
          " auch werden es des sie bitte oder sich wird",
    "pt": "os as do da que e é para com uma um mais não em ao dos das por são deve na no se nossa"
          " este esta você seu sem mas",
    "it": "il lo gli della di che è per con una un più non sono deve nel del e le dei si alla"
          " questo questa i nostro ma anche devono",
    "nl": "het een en van is niet voor met op zijn dat er meer moet we te aan ook deze worden in"
          " naar wij geen moeten hebben wordt uw",
    "pl": "nie się jest na do w z że i dla jak to powinno więcej od po przez są musi przy być oraz"
          " za lub ale trzeba",
    "tr": "ve bir bu için daha çok da de ile olmalı gibi var değil olarak biz istiyoruz en her ya"
          " ne kadar veya",
    "vi": "và của là không có cho được các người một này để trong phải những với cần đã nhiều"
          " thêm hơn chúng ta bạn",
    "id": "yang dan di untuk tidak dengan ini dari harus lebih kita ada pada akan atau itu anda"
          " kami ke tersebut bisa",
    "tl": "ang ng mga sa na ay hindi at para dapat natin kailangan po ito may atin tayo kami isang"
          " pa lang wala",
    "ro": "și este nu să pentru cu de la în un mai care trebuie o din sunt pe sau ale prin",
    "sv": "och är att det inte som för en på med av ska vi mer har till den ett om eller måste",
    "fi": "ja on ei ole että se olla tämä mutta myös pitää enemmän kun tai ovat jos joka",
    "hu": "a az és nem hogy egy van kell több meg is vagy ez lehet legyen nincs be ki",
    "ht": "nan yo pou ak pa se ki gen nou moun dwe plis sou tout men li sa kote",
    "sw": "ya wa na kwa ni katika la za kuwa watu sisi lazima zaidi hii yetu hakuna cha",
}  # fmt: skip
# Close relatives, whose short words are taken for the above: with these, nothing is said.
_RELATIVES = {
    "ca": "els amb i és no per una dels més aquest aquesta són les que ha de ser s'ha",
    "gl": "os non do da unha que é máis ao nos pola este esta o a se pode debe",
    "ast": "nun ye del pa los les con una esti esta ta la",
    "cs": "je na se že v pro není musí být a nebo které jsou jako do si by platnou",
    "sk": "je na sa že v pre nie musí byť a alebo ktoré sú ako do ste by",
    "hr": "je na se da za nije mora biti i ili u koje su kao ne nisu s",
    "sl": "je na se da za ni mora biti in ali v ki so kot ne",
    "no": "og er at det ikke som for en på med av skal vi mer har til den et om eller må",
    "da": "og er at det ikke som for en på med af skal vi mere har til den et om eller være",
    "ms": "yang dan di untuk tidak dengan ini dari mesti lebih ialah pada akan atau itu anda oleh",
    "af": "die en is nie van 'n het vir met op dat te ons moet wees sal in word",
    "az": "və bir bu üçün daha çox da də ilə deyil olmalıdır kimi",
    "uz": "va bir bu uchun emas bilan ham kerak yoki",
    "tk": "we bir bu üçin däl bilen hem bolmaly ýa",
    "ia": "le es non e de pro un que con in del esser",
    "io": "la e es ne por di kun a en ka on",
    "eo": "la kaj estas ne por de kun en al vi devas estas aŭ",
    "et": "ja on ei ole see et või peab olla kui mis ka",
    "fy": "de it en is net foar mei op fan in te",
    "lb": "de den d' an ass net fir mat op vun eng dat",
    "oc": "lo los las de e es per amb una non que",
}  # fmt: skip
_LATIN = {code: frozenset(words.split()) for code, words in (_WORDS | _RELATIVES).items()}
COMMON_WORDS = frozenset().union(*_LATIN.values())
# Words in how many languages: one in fewer tells more.
_SHARED = Counter(word for words in _LATIN.values() for word in words)
# A letter in a language that has it not speaks against that language.
_ACCENTS = {
    "en": "", "es": "áéíóúüñ", "fr": "àâæçéèêëîïôœùûüÿ", "de": "äöüß", "pt": "áâãàçéêíóôõú",
    "it": "àèéìîòóù", "nl": "éëïóöü", "pl": "ąćęłńóśźż", "tr": "çğıöşüâîû", "id": "", "tl": "ñ",
    "ro": "ăâîșțşţ", "sv": "åäöé", "fi": "åäö", "hu": "áéíóöőúüű", "ht": "èòàé", "sw": "",
}  # fmt: skip
_LEAST = 1.2
_AHEAD = 0.7
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@lru_cache(maxsize=20_000)
def language_of(text: str) -> str:
    """The language's tag, such as "es" or "zh", or "" if it is not clear."""
    scripts = Counter(map(_script, filter(str.isalpha, text[:2_000])))
    if not scripts:
        return ""
    script, most = scripts.most_common(1)[0]
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0 and script in {"CJK", "HIRAGANA", "KATAKANA"}:
        return "ja"
    if most < 0.7 * scripts.total():
        return ""
    if script == "CJK":
        return "zh" if most >= 4 else ""
    if script == "LATIN":
        return _by_words(text)
    if script == "DEVANAGARI":
        words = set(re.split(r"[\s।,.?!]+", text))
        found = [each for each, known in _DEVANAGARI.items() if words & set(known.split())]
        return found[0] if len(found) == 1 else ""
    return _ALONE.get(script, "") or _by_letters(text, script)


@lru_cache(maxsize=10_000)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _by_letters(text: str, script: str) -> str:
    small = text.lower()
    if script == "CYRILLIC" and "і" in small and any(letter in small for letter in "ыэё"):
        return ""  # Belarusian
    for language, letters in _LETTERS.get(script, ()):
        if any(letter in small for letter in letters):
            return language
    return ""


def _by_words(text: str) -> str:
    words = set(_WORD.findall(unicodedata.normalize("NFC", text).lower()))
    letters = {letter for word in words for letter in word if letter > "\x7f" and letter.isalpha()}
    scores = {
        language: sum(1 / _SHARED[word] ** 0.5 for word in words & known)
        - 1.5 * len(letters - set(_ACCENTS[language]) if language in _ACCENTS else ())
        for language, known in _LATIN.items()
    }
    (best, most), (_second, next_most) = Counter(scores).most_common(2)
    if most < _LEAST or most - next_most < _AHEAD:
        return ""
    return best if best in _WORDS else ""
