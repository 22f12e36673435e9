"""Numbers as text: Excel's General, the format codes of TEXT, and numbers read back from text."""

import math
import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from xlinv.cells import Cell

_PIECE: Final = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*(?P<fill>.)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General)|(?P<clock>AM/PM|A/P)|(?P<exponent>[Ee][+-])"
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?)|(?P<digit>[0#?])|(?P<other>.)",
    re.IGNORECASE,
)
_ELAPSED: Final = re.compile(r"h+|m+|s+", re.IGNORECASE)
_CURRENCY: Final = "$€£¥"
_NUMBER: Final = re.compile(r"([-+]?)(\d{1,3}(?:,\d{3})+|\d*)(\.\d*)?([eE][-+]?\d+)?(%?)")


def general(number: float) -> str:
    """A number as Excel joins it to text: up to 15 digits, an exponent where it is very large or small."""
    if number == 0:
        return "0"
    digits = f"{number:.15g}"
    exponent = math.floor(math.log10(abs(float(digits))))
    if exponent < -5 or exponent >= 20:
        mantissa, _, power = f"{number:.14e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        return f"{mantissa}E{power[0]}{int(power[1:]):02d}"
    text = f"{Decimal(digits):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def number_in_text(text: str) -> float | None:
    """The number that text such as `1,234.5`, `$12`, `5%`, `(3)`, `2024-01-15` or `2:24 AM` stands for."""
    stripped = text.strip()
    negative = stripped.startswith("(") and stripped.endswith(")")
    plain = stripped[1:-1] if negative else stripped
    sign, plain = (plain[0], plain[1:]) if plain[:1] in ("-", "+") else ("", plain)
    plain = sign + plain.strip().lstrip(_CURRENCY).strip()
    match = _NUMBER.fullmatch(plain)
    if match and (match[2] or len(match[3] or "") > 1):
        number = float(match[1] + (match[2].replace(",", "") or "0") + (match[3] or "") + (match[4] or ""))
        return (-number if negative else number) / (100 if match[5] else 1)
    return moment_in_text(stripped)


_DATES: Final = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%m/%d/%Y",
    "%d-%b-%Y",
    "%d %b %Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%b %d, %Y",
)
_TIMES: Final = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p")


def moment_in_text(text: str) -> float | None:
    """The serial number of a date, a time or both written as text, or None."""
    for form in (*_DATES, *_TIMES, *(f"{day} {clock}" for day in _DATES for clock in _TIMES)):
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        if form in _TIMES:
            return (moment - datetime(1900, 1, 1)) / timedelta(days=1)
        days = (moment - datetime(1899, 12, 30)) / timedelta(days=1)
        return days if days >= 61 else days - 1 if days >= 2 else None
    return None


def formatted(value: Cell, code: str) -> str | None:
    """A cell under a format code, or None where the code is none or the number has no date."""
    parts = _split(code)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        number = number_in_text(value)
        if number is None:
            return _as_text(parts[3], value) if len(parts) > 3 else _text_in(parts[0], value)
        value = number
    number = float(value) if isinstance(value, float | int) else 0.0
    if code.strip() == "@":
        return general(number)
    section, shown = _chosen(parts, number)
    return _Section(section).text(shown)


def _split(code: str) -> list[str]:
    """The sections of a code, at the semicolons outside quotes."""
    parts, current, quoted = [], "", False
    position = 0
    while position < len(code):
        letter = code[position]
        if letter == "\\" and position + 1 < len(code):
            current += code[position : position + 2]
            position += 2
            continue
        quoted ^= letter == '"'
        if letter == ";" and not quoted:
            parts.append(current)
            current = ""
        else:
            current += letter
        position += 1
    return [*parts, current]


def _chosen(parts: list[str], number: float) -> tuple[str, float]:
    """The section for a number's sign, and the number without the sign the section shows by itself."""
    if number < 0 and len(parts) > 1:
        return parts[1], -number
    if number == 0 and len(parts) > 2:
        return parts[2], number
    return parts[0], number


def _text_in(section: str, text: str) -> str:
    return _as_text(section, text) if "@" in section else text


def _as_text(section: str, text: str) -> str:
    return "".join(
        text if match["other"] == "@" else match["quoted"] or match["escaped"] or match["other"] or ""
        for match in _PIECE.finditer(section)
    )


class _Section:
    """One section of a format code, taken apart."""

    def __init__(self, code: str) -> None:
        self.pieces = list(_PIECE.finditer(code))
        self.code = code

    def text(self, number: float) -> str | None:
        if not self.code:
            return ""
        if any(piece["date"] or piece["clock"] or self._elapsed(piece) for piece in self.pieces):
            return self._moment(number)
        if any(piece["general"] for piece in self.pieces):
            return "".join(general(number) if piece["general"] else _literal(piece) for piece in self.pieces)
        return self._number(number)

    @staticmethod
    def _elapsed(piece: re.Match[str]) -> bool:
        return bool(piece["bracket"] and _ELAPSED.fullmatch(piece["bracket"]))

    # Numbers

    def _number(self, number: float) -> str:
        kinds = "".join(
            piece["digit"] or ("E" if piece["exponent"] else "") or _mark(piece) for piece in self.pieces
        )
        if "/" in kinds and re.search(r"[0#?]+/[0-9#?]+", kinds):
            return self._fraction(number)
        percent = kinds.count("%")
        scaled = Decimal(repr(abs(number))) * (Decimal(100) ** percent)
        last = max((kinds.rfind(digit) for digit in "0#?"), default=-1)
        trailing = re.match(r",*", kinds[last + 1 :])
        scaled /= Decimal(1000) ** len(trailing[0] if trailing else "")
        mantissa = kinds.partition("E")[0]
        whole, _, decimals = mantissa.partition(".")
        places = sum(decimals.count(digit) for digit in "0#?")
        grouped = bool(re.search(r"[0#?],+[0#?]", whole))
        power = 0
        if "E" in kinds and scaled:
            width = max(1, sum(whole.count(digit) for digit in "0#?"))
            power = math.floor(Decimal(scaled).adjusted() / width) * width
            scaled = scaled.scaleb(-power)
            if _rounded(scaled, places) >= Decimal(10) ** width:
                power, scaled = power + width, scaled.scaleb(-width)
        rounded = _rounded(scaled, places)
        digits, _, fraction = f"{rounded:f}".partition(".")
        minimum = whole.count("0")
        digits = digits.lstrip("0").rjust(minimum, "0")
        optional = len(decimals) - len(decimals.rstrip("#,%E"))
        keep = places - sum(decimals[len(decimals) - optional :].count(digit) for digit in "#")
        fraction = fraction[:keep] + fraction[keep:].rstrip("0")
        sign = "-" if number < 0 and rounded != 0 else ""
        return sign + self._filled(digits, fraction, grouped, power)

    def _filled(self, digits: str, fraction: str, grouped: bool, power: int) -> str:
        """Digits put into their places, literals between them kept."""
        holes = 0
        for piece in self.pieces:
            if piece["other"] == "." or piece["exponent"]:
                break
            holes += bool(piece["digit"])
        out, position, stage = [], 0, "whole"
        exponent_digits = sum(bool(piece["digit"]) for piece in self._after_exponent())
        for piece in self.pieces:
            if piece["digit"]:
                if stage == "whole":
                    last = position == holes - 1
                    take = len(digits) - (holes - 1) if position == 0 else 1
                    count = max(0, take) if position == 0 else int(len(digits) >= holes - position)
                    chunk, digits = digits[:count], digits[count:]
                    out.append(_grouped(chunk, len(digits)) if grouped else chunk)
                    position += 1
                    if last and digits:
                        out.append(digits)
                        digits = ""
                elif stage == "fraction":
                    out.append(fraction[:1])
                    fraction = fraction[1:]
                elif stage == "exponent":
                    out.append(str(abs(power)).rjust(exponent_digits, "0"))
                    stage = "done"
            elif piece["other"] == "." and stage == "whole":
                out.append(".")
                stage = "fraction"
            elif piece["exponent"]:
                sign = "-" if power < 0 else "+" if piece["exponent"][1] == "+" else ""
                out.append(piece["exponent"][0].upper() + sign)
                stage = "exponent"
            elif piece["other"] != ",":
                out.append(_literal(piece))
        return "".join(out)

    def _after_exponent(self) -> list[re.Match[str]]:
        for number, piece in enumerate(self.pieces):
            if piece["exponent"]:
                return self.pieces[number:]
        return []

    def _fraction(self, number: float) -> str:
        match = re.search(r"([0#?]+\s+)?([0#?]+)/([0-9#?]+)", self.code)
        assert match is not None
        whole, rest = divmod(abs(number), 1) if match[1] else (0.0, abs(number))
        fixed = match[3].isdigit() and match[3].strip("0") != ""
        most = int(match[3]) if fixed else 10 ** len(match[3]) - 1
        denominators = [most] if fixed else range(1, most + 1)
        bottom = min(denominators, key=lambda d: (abs(rest - round(rest * d) / d), d))
        top = round(rest * bottom)
        if match[1] and top == bottom:
            whole, top = whole + 1, 0
        sign = "-" if number < 0 else ""
        width = len(match[2])
        if match[1]:
            shown = f"{int(whole)}" if whole or "0" in match[1] else ""
            part = (
                f"{str(top).rjust(width)}/{str(bottom).ljust(len(match[3]))}"
                if top
                else " " * (width * 2 + 1)
            )
            text = f"{shown} {part}"
        else:
            text = f"{top}/{bottom}"
        return sign + self.code[: match.start()] + text + self.code[match.end() :]

    # Dates and times

    def _moment(self, number: float) -> str | None:
        if number < 0 or number >= 2_958_466:
            return None
        seconds = round(number * 86400, 3)
        if not any(piece["date"] and "." in piece["date"] for piece in self.pieces):
            seconds = math.floor(seconds + 0.5)
        days, rest = divmod(seconds, 86400)
        year, month, day, weekday = _calendar(int(days))
        clock = any(piece["clock"] for piece in self.pieces)
        hour, minute, second = int(rest // 3600), int(rest % 3600 // 60), rest % 60
        out = []
        for index, piece in enumerate(self.pieces):
            token = (piece["date"] or "").lower()
            if self._elapsed(piece):
                unit = {"h": 3600, "m": 60, "s": 1}[piece["bracket"][0].lower()]
                out.append(str(int(seconds // unit)).rjust(len(piece["bracket"]), "0"))
            elif piece["clock"]:
                out.append(("AM" if hour < 12 else "PM")[: 2 if len(piece["clock"]) > 3 else 1])
            elif token.startswith("y"):
                out.append(f"{year % 100:02d}" if len(token) < 3 else f"{year:04d}")
            elif token.startswith("m") and not self._minutes(index):
                names = datetime(2000, month, 1)
                forms = {
                    1: str(month),
                    2: f"{month:02d}",
                    3: f"{names:%b}",
                    4: f"{names:%B}",
                    5: f"{names:%b}"[0],
                }
                out.append(forms.get(len(token), f"{names:%B}"))
            elif token.startswith("m"):
                out.append(f"{minute:02d}" if len(token) > 1 else str(minute))
            elif token.startswith("d"):
                name = datetime(2000, 1, 2) + timedelta(days=weekday)  # a Sunday and the days after it
                forms = {1: str(day), 2: f"{day:02d}", 3: f"{name:%a}"}
                out.append(forms.get(len(token), f"{name:%A}"))
            elif token.startswith("h"):
                shown = (hour % 12 or 12) if clock else hour
                out.append(f"{shown:02d}" if len(token) > 1 else str(shown))
            elif token.startswith("s"):
                places = len(token.partition(".")[2])
                width = len(token.partition(".")[0])
                out.append(f"{second:0{(3 + places if places else 2) if width > 1 else 1}.{places}f}")
            else:
                out.append(_literal(piece))
        return "".join(out)

    def _minutes(self, index: int) -> bool:
        """Whether an m beside hours or seconds means minutes."""

        def near(pieces: list[re.Match[str]], letter: str) -> bool:
            for piece in pieces:
                token = (piece["date"] or (piece["bracket"] if self._elapsed(piece) else "") or "").lower()
                if token:
                    return token.startswith(letter)
            return False

        return near(self.pieces[:index][::-1], "h") or near(self.pieces[index + 1 :], "s")


def _calendar(days: int) -> tuple[int, int, int, int]:
    """Year, month, day and day of the week (Sunday 0) of a serial, with Excel's 29 February 1900."""
    weekday = (days - 1) % 7
    if days == 0:
        return 1900, 1, 0, 6
    if days == 60:
        return 1900, 2, 29, weekday
    date = datetime(1899, 12, 31 if days < 60 else 30) + timedelta(days=days)
    return date.year, date.month, date.day, weekday


def _rounded(number: Decimal, places: int) -> Decimal:
    """To 15 significant digits first, as Excel holds it, and then half away from zero."""
    held = Decimal(f"{number:.15g}")
    return held.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _grouped(chunk: str, after: int) -> str:
    """Digits with commas, `after` more digits following them."""
    out = []
    for number, digit in enumerate(chunk):
        left = len(chunk) - number + after
        if number and left % 3 == 0:
            out.append(",")
        out.append(digit)
    if chunk and after and after % 3 == 0:
        out.append(",")
    return "".join(out)


def _mark(piece: re.Match[str]) -> str:
    other = piece["other"] or ""
    return other if other in ".,%/ " else ""


def _literal(piece: re.Match[str]) -> str:
    if piece["space"]:
        return " "
    if piece["bracket"]:
        currency = re.match(r"\$([^-]*)", piece["bracket"])
        return currency[1] if currency else ""
    return piece["quoted"] or piece["escaped"] or piece["other"] or ""
