"""Real sentences in the most written scripts, and emoji, as keyboards give them."""

from __future__ import annotations

_ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
_SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
_WALES = "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f"

SENTENCES = {
    "Latin": "Die Straße am Fluß braucht Bäume – „mehr Schatten“, s’il vous plaît\u202f!",
    "Vietnamese": "Thành phố cần thêm cây xanh và xe buýt.",
    "Turkish": "Iğdır'da ılık içme suyu İSTİYORUZ.",
    "Cyrillic": "Місту потрібно більше дерев і зупинок автобуса.",
    "Greek": "Η πόλη χρειάζεται περισσότερα δέντρα·\u00a0και σκιά;",
    "Arabic": "نُريدُ مزيدًا من الأشجار في شوارع المدينة، وحافلاتٍ أكثر.",
    "Persian": "می\u200cخواهیم خیابان\u200cهای امن\u200cتری داشته باشیم.",
    "Urdu": "شہر کو مزید درختوں کی ضرورت ہے۔",
    "Hebrew": "הָעִיר צריכה יותר עצים ותחנות אוטובוס ליד בית־הספר.\u200f",
    "Devanagari": "शहर को ज़्यादा पेड़ों और बसों की ज़रूरत है।",
    "Devanagari of keyboards": "लड\u093cकियों के लिए सड\u093cक पर रोशनी, \u095bरूर।",
    "Bengali": "শহরে আরও গাছ আর বা\u09dcি দরকার।",
    "Gurmukhi": "ਸ਼ਹਿਰ ਨੂੰ ਹੋਰ ਰੁੱਖਾਂ ਦੀ ਲੋੜ ਹੈ।",
    "Gujarati": "શહેરને વધુ વૃક્ષોની જરૂર છે.",
    "Tamil": "நகரத்திற்கு இன்னும் மரங்கள் தேவை.",
    "Telugu": "నగరానికి మరిన్ని చెట్లు కావాలి.",
    "Kannada": "ನಗರಕ್ಕೆ ಹೆಚ್ಚಿನ ಮರಗಳು ಬೇಕು.",
    "Malayalam": "നഗരത്തിൽ കൂടുതൽ മരങ്ങൾ വേണം, അവൻ\u200d പറഞ്ഞു.",
    "Sinhala": "නගරයට තවත් ගස් අවශ්\u200dය වේ; ශ්\u200dරී ලංකාව.",
    "Thai": "เมือง\u200bต้องการ\u200bต้นไม้\u200bและ\u200bรถเมล์\u200bมาก\u200bขึ้น",
    "Lao": "ເມືອງ\u200bຕ້ອງການ\u200bຕົ້ນໄມ້\u200bຫຼາຍ\u200bຂຶ້ນ",
    "Khmer": "ទីក្រុង\u200bត្រូវការ\u200bដើមឈើ\u200bបន្ថែម\u200bទៀត។",
    "Burmese": "မြို့\u200bမှာ သစ်ပင်\u200bတွေ ပို\u200bလိုအပ်\u200bပါတယ်။",
    "Tibetan": "གྲོང་ཁྱེར་ལ་ཤིང་སྡོང་མང་པོ་དགོས།",
    "Mongolian": "ᠬᠣᠲᠠ\u180e᠎ᠳᠤ ᠮᠣᠳᠣ ᠬᠡᠷᠡᠭᠲᠡᠢ",
    "Chinese": "城市需要更多的樹木和公車。",
    "Japanese": "街にはもっと木が必要です！\u3000神\ufa19さんも、ﾊﾞｽも。",
    "Korean": "도시에는 나무와 버스가 더 필요합니다.",
    "Georgian": "ქალაქს მეტი ხე და ავტობუსი სჭირდება.",
    "Armenian": "Քաղաքին ավելի շատ ծառեր են պետք։",
    "Ethiopic": "ከተማው ተጨማሪ ዛፎች ያስፈልጉታል።",
    "Cherokee": "ᎦᏚᎲᎢ ᎤᏂᏃᎯᏳ ᏡᎬ",
    "Adlam": "𞤅𞤢𞤪𞤫 𞤸𞤢𞤶𞤭 𞤤𞤫𞤯𞤯𞤫",
    "flags": f"{_ENGLAND} {_SCOTLAND} {_WALES} 🏴\u200d☠\ufe0f 🏳\ufe0f\u200d🌈 🇺🇸🇲🇽",
    "families": "👨\u200d👩\u200d👧\u200d👦 and 👩🏽\u200d🚒 need buses 👍🏿",
    "keycaps": "1\ufe0f\u20e3 trees, 2\ufe0f\u20e3 buses, #\ufe0f\u20e3 ❤\ufe0f ☎\ufe0e",
    "figures": "By −5\u00a0% to 10² or 5/8, not 5.8; ½ of H₂O at 20\u202f°C costs €3 or £2",
}
