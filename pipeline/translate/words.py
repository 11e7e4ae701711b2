"""Words that `checks` goes by: the commonest of each language and of its neighbours, and numbers in further forms."""

from __future__ import annotations

#: Words without which hardly a sentence is made.
COMMON: dict[str, frozenset[str]] = {
    "ru": frozenset(
        "и в во на с со не что по для как это из от к ко у о об за при до а но или же бы его её ее их он она они мы я "
        "вы ты так уже был была было были будет который которая которые также этот эта эти все всё все года году год".split()
    ),
    "en": frozenset(
        "the of and to in a an for is are was were on with as by at from that this it its be has have had not or but "
        "which will can their they he she his her we you i our your who what when there if into than then about".split()
    ),
}
#: Words of languages that are easily taken for it and that it does not have.
OTHERS: dict[str, frozenset[str]] = {
    "ru": frozenset(
        "та що як це від для його який була були із та або але та він вона вони же та се със които който която е са ще "
        "като към чрез при през й гэта што ён яна яны з але ці быў была і ў да јe је су са који која као али".split()
    )
    - frozenset("для была были при же са але да".split()),
    "en": frozenset(
        "der die das und ist nicht von mit den dem des ein eine einer für auf im zu sich wird le la les des et est une "
        "dans que pour sur avec du au aux el los las y en es por con para una del il lo gli che di per non è sono della "
        "och att det som på är av för med den till ett har jest nie się na że do i w z".split()
    )
    - frozenset("die i a an in is do for on at me to no so he".split()),
}
#: Ordinals and other words that stand for a number where the other language writes figures.
_RU = {
    "перв": 1, "втор": 2, "трет": 3, "четверт": 4, "пят": 5, "шест": 6, "седьм": 7, "восьм": 8, "девят": 9, "десят": 10,
    "одиннадцат": 11, "двенадцат": 12, "тринадцат": 13, "четырнадцат": 14, "пятнадцат": 15, "шестнадцат": 16,
    "семнадцат": 17, "восемнадцат": 18, "девятнадцат": 19, "двадцат": 20, "тридцат": 30, "сороков": 40, "пятидесят": 50,
    "шестидесят": 60, "семидесят": 70, "восьмидесят": 80, "девяност": 90, "сот": 100,
}  # fmt: skip
_RU_ENDINGS = ("ый", "ой", "ий", "ая", "ое", "ые", "ого", "ому", "ым", "ом", "ую", "ых", "ыми", "ья", "ье", "ьи", "ьего", "ьему", "ьим", "ьем", "ью", "ьей", "ьих")  # fmt: skip
_EN = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
ORDINALS: dict[str, str] = {
    **{stem + ending: str(value) for stem, value in _RU.items() for ending in _RU_ENDINGS},
    **{word: str(value) for value, word in enumerate(_EN, 1)},
}
#: Beside ordinals: one, both, once, and collective numbers.
SPELT_ALSO: dict[str, str] = {
    **ORDINALS,
    **dict.fromkeys(("один", "одна", "одно", "одного", "одной", "одну", "одним", "одном", "одному", "одни", "one"), "1"),
    **dict.fromkeys(("оба", "обе", "обоих", "обеих", "двое", "двоих", "дважды", "двум", "двойной", "both", "twice", "double", "two"), "2"),
    **dict.fromkeys(("трое", "троих", "трижды", "трем", "трём", "тройной", "thrice", "triple"), "3"),
    **dict.fromkeys(("четверо", "четверых", "четырем", "четырём"), "4"),
    **dict.fromkeys(("пятеро", "пятью"), "5"),
    **dict.fromkeys(("шестью",), "6"), **dict.fromkeys(("семью",), "7"), **dict.fromkeys(("восемью",), "8"),
    **dict.fromkeys(("полтора", "полторы", "полутора"), "1.5"),
    **dict.fromkeys(("сотня", "сотни", "сотню", "сотен"), "100"),
    **dict.fromkeys(("тысяча", "тысячи", "тысячу", "тысяч", "тыс", "thousand", "thousands"), "1000"),
    **dict.fromkeys(("миллион", "миллиона", "миллионов", "млн", "million", "millions"), "1000000"),
    **dict.fromkeys(("миллиард", "миллиарда", "миллиардов", "млрд", "billion", "billions"), "1000000000"),
    **dict.fromkeys(("zero", "ноль", "нуля", "нуль"), "0"),
}  # fmt: skip
