"""The regularised incomplete gamma function and its inverse.

Sources: DiDonato & Morris (1986), ACM TOMS 12(4); Temme (1979), SIAM J. Math. Anal. 10(4), eq. 1.4.
"""

import math

import numpy as np

from xlinv.kernels.compilation import kernel
from xlinv.kernels.normal import quantile as normal_quantile
from xlinv.kernels.saddle_point import deviance, stirling_error
from xlinv.kernels.small_shape import tails as small_shape_tails

_LARGE_SHAPE = 20.0
_SMALL_SHAPE = 1e-3
_EPSILON = 4e-16

# Row k holds the Taylor coefficients in η of Temme's c_k(η), computed exactly by their recurrence.
_TEMME = np.array(
    [
        (
            -0.3333333333333333,
            0.08333333333333333,
            -0.014814814814814815,
            0.0011574074074074073,
            0.0003527336860670194,
            -0.0001787551440329218,
            3.919263178522438e-05,
            -2.185448510679992e-06,
            -1.85406221071516e-06,
            8.296711340953087e-07,
            -1.7665952736826078e-07,
            6.707853543401498e-09,
            1.0261809784240309e-08,
            -4.382036018453353e-09,
            9.14769958223679e-10,
            -2.5514193994946248e-11,
            -5.830772132550426e-11,
            2.4361948020667415e-11,
        ),
        (
            -0.001851851851851852,
            -0.003472222222222222,
            0.0026455026455026454,
            -0.0009902263374485596,
            0.00020576131687242798,
            -4.018775720164609e-07,
            -1.8098550334489977e-05,
            7.64916091608111e-06,
            -1.6120900894563446e-06,
            4.647127802807434e-09,
            1.378633446915721e-07,
            -5.752545603517705e-08,
            1.1951628599778148e-08,
            -1.7543241719747647e-11,
            -1.0091543710600413e-09,
            4.162792991842583e-10,
            -8.56390702649298e-11,
            0.0,
        ),
        (
            0.004133597883597883,
            -0.0026813271604938273,
            0.0007716049382716049,
            2.0093878600823047e-06,
            -0.0001073665322636516,
            5.2923448829120125e-05,
            -1.2760635188618728e-05,
            3.423578734096138e-08,
            1.3721957309062934e-06,
            -6.298992138380055e-07,
            1.4280614206064242e-07,
            -2.0477098421990866e-10,
            -1.409252991086752e-08,
            6.228974084922022e-09,
            -1.3670488396617114e-09,
            9.428356159014678e-13,
            0.0,
            0.0,
        ),
        (
            0.0006494341563786008,
            0.00022947209362139917,
            -0.0004691894943952557,
            0.00026772063206283885,
            -7.561801671883977e-05,
            -2.396505113867297e-07,
            1.1082654115347302e-05,
            -5.6749528269915965e-06,
            1.4230900732435883e-06,
            -2.7861080291528143e-11,
            -1.6958404091930278e-07,
            8.099464905388083e-08,
            -1.9111168485973655e-08,
            2.3928620439808118e-12,
            2.0620131815488797e-09,
            0.0,
            0.0,
            0.0,
        ),
        (
            -0.0008618882909167117,
            0.0007840392217200666,
            -0.0002990724803031902,
            -1.4638452578843418e-06,
            6.641498215465122e-05,
            -3.968365047179435e-05,
            1.1375726970678419e-05,
            2.507497226237533e-10,
            -1.6954149536558305e-06,
            8.907507532205309e-07,
            -2.292934834000805e-07,
            2.956794137544049e-11,
            2.8865829742708783e-08,
            -1.4189739437803219e-08,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
        (
            -0.00033679855336635813,
            -6.972813758365857e-05,
            0.0002772753244959392,
            -0.00019932570516188847,
            6.797780477937208e-05,
            1.419062920643967e-07,
            -1.3594048189768693e-05,
            8.018470256334202e-06,
            -2.291481176508095e-06,
            -3.252473551298454e-10,
            3.4652846491085265e-07,
            -1.8447187191171344e-07,
            4.8240967037894184e-08,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
        (
            0.0005313079364639922,
            -0.0005921664373536939,
            0.0002708782096718045,
            7.902353232660328e-07,
            -8.153969367561969e-05,
            5.61168275310625e-05,
            -1.8329116582843375e-05,
            -3.0796134506033047e-09,
            3.465155368803609e-06,
            -2.0291327396058603e-06,
            5.788792863149004e-07,
            2.338630673826657e-13,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
        (
            0.00034436760689237765,
            5.171790908260592e-05,
            -0.00033493161081142234,
            0.0002812695154763237,
            -0.00010976582244684731,
            -1.2741009095484485e-07,
            2.7744451511563645e-05,
            -1.8263488805711332e-05,
            5.7876949497350525e-06,
            4.93875893393627e-10,
            -1.0595367014026043e-06,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
        (
            -0.0006526239185953094,
            0.0008394987206720873,
            -0.000438297098541721,
            -6.969091458420552e-07,
            0.00016644846642067547,
            -0.00012783517679769218,
            4.629953263691304e-05,
            4.557909867922708e-09,
            -1.0595271125805195e-05,
            6.783342904865167e-06,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
        (
            -0.0005967612901927463,
            -7.204895416020011e-05,
            0.0006782308837667328,
            -0.0006401475260262758,
            0.00027750107634328704,
            1.819700838046515e-07,
            -8.479507117068503e-05,
            6.105192082501531e-05,
            -2.1073920183404862e-05,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
        (
            0.0013324454494800656,
            -0.0019144384985654776,
            0.0011089369134596636,
            9.9324041226423e-07,
            -0.0005087450129309319,
            0.00042735056665392886,
            -0.00016858853767910798,
            -8.1301893922785e-09,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
            0.0,
        ),
    ]
)


@kernel()
def tails(shape: float, x: float) -> tuple[float, float]:
    """P(shape, x) and Q(shape, x): the probability of at most x and of more than x, shape > 0."""
    if x <= 0.0:
        return 0.0, 1.0
    below, above, _ = tails_and_term(shape, x, stirling_error(shape))
    return below, above


@kernel()
def tails_and_term(shape: float, x: float, error: float) -> tuple[float, float, float]:
    """P, Q and x^a·e^(−x)/Γ(a + 1) for x > 0, given Stirling's error of the shape a."""
    # Beyond this Q underflows, and so may the ratio of shape and x.
    if x > 1000.0 * (shape + 1.0):
        return 1.0, 0.0, 0.0
    exponent = deviance(shape, x)
    term = math.exp(-error - exponent) / math.sqrt(2.0 * math.pi * shape)
    if shape >= _LARGE_SHAPE and abs(x - shape) < 0.3 * shape:
        eta = math.sqrt(2.0 * exponent / shape)
        # exp(error) turns the term into Stirling's approximation of it, on which the expansion is built.
        scale = term * math.exp(error)
        tail = 0.5 * math.erfc(math.sqrt(exponent))
        if x > shape:
            above = tail + _temme_sum(shape, eta) * scale
            return 1.0 - above, above, term
        below = tail - _temme_sum(shape, -eta) * scale
        return below, 1.0 - below, term
    if x < shape + 1.0 and shape < _SMALL_SHAPE:
        below, above = small_shape_tails(shape, x)
        return below, above, term
    if x < shape + 1.0:
        below = term * _series(shape, x)
        return below, 1.0 - below, term
    above = term * shape / (x - shape + 1.0 + fraction_rest(shape, x))
    return 1.0 - above, above, term


@kernel()
def _series(shape: float, x: float) -> float:
    """1 + x/(a+1) + x²/((a+1)(a+2)) + …, for x below a + 1."""
    total = 1.0
    term = 1.0
    a = shape
    for _ in range(2000):
        a += 1.0
        term *= x / a
        total += term
        if term <= total * _EPSILON:
            break
    return total


@kernel()
def fraction_rest(shape: float, x: float) -> float:
    """t in Q(a, x) = x^a·e^(−x)/Γ(a)/(x − a + 1 + t), for x > a: Legendre, summed by Steed's method."""
    b = x - shape + 3.0
    inverse = 1.0 / b
    change = inverse
    total = inverse
    for n in range(2, 3000):
        numerator = n * (shape - n)
        b += 2.0
        inverse = 1.0 / (b + numerator * inverse)
        change *= b * inverse - 1.0
        total += change
        if abs(change) <= _EPSILON * abs(total):
            break
    return (shape - 1.0) * total


@kernel()
def _temme_sum(shape: float, eta: float) -> float:
    """Σ c_k(η)/a^k of Temme's uniform expansion, for a large shape a and x near it."""
    total = 0.0
    power = 1.0
    for k in range(_TEMME.shape[0]):
        polynomial = 0.0
        for n in range(_TEMME.shape[1] - 1 - k, -1, -1):
            polynomial = polynomial * eta + _TEMME[k, n]
        term = polynomial * power
        total += term
        if abs(term) <= _EPSILON * abs(total):
            break
        power /= shape
    return total


@kernel()
def quantile(shape: float, p: float, q: float) -> float:
    """The x with P(shape, x) = p, where q = 1 − p, by the inverse Taylor series about better and better x."""
    x = quantile_guess(shape, p)
    error = stirling_error(shape)
    low, high = 0.0, math.inf
    for _ in range(200):
        if x <= 0.0:
            return 0.0
        below, above, term = tails_and_term(shape, x, error)
        relative_density = shape * term
        missing = p - below if p <= 0.5 else above - q
        if missing > 0.0:
            low = x
        else:
            high = x
        if relative_density <= 0.0 or below <= 0.0 or above <= 0.0:
            x = 0.5 * (low + high) if high < math.inf else 2.0 * x
            continue
        step = missing / relative_density
        bend = max(abs(x - shape + 1.0), 1.0) * abs(step)
        if bend < 0.2:
            step = _inverse_series(step, x - shape + 1.0, shape - 1.0)
        elif p <= 0.5:
            step = below / relative_density * math.log(p / below)
        else:
            step = above / relative_density * math.log(above / q)
        following = x + x * step
        if not low <= following <= high:
            following = 0.5 * (low + high) if high < math.inf else 2.0 * x
        # The series misses by the fifth power of the bend.
        if bend < 4e-3 or abs(following - x) <= 1e-15 * x:
            return following
        x = following
    return x


@kernel()
def _inverse_series(step: float, slope: float, shape_less_1: float) -> float:
    """The relative step in x after which P(a, x) has grown by `step` times its derivative by log x.

    Best & Roberts (1975), Applied Statistics 24(3), AS 91, with φ = slope/x.
    """
    h, f, m = step, slope, shape_less_1
    third = 2.0 * f * f + m
    fourth = 6.0 * f * f * f + 7.0 * f * m - 2.0 * m
    fifth = 24.0 * f * f * f * f + 46.0 * f * f * m - 22.0 * f * m + 7.0 * m * m + 6.0 * m
    return h * (1.0 + h * (f / 2.0 + h * (third / 6.0 + h * (fourth / 24.0 + h * fifth / 120.0))))


@kernel()
def quantile_guess(shape: float, p: float) -> float:
    """Wilson & Hilferty (1931) where the shape allows; the power or the exponential end where not."""
    if shape >= 1.0:
        z = normal_quantile(p)
        root = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * math.sqrt(shape))
        if root > 0.3:
            return shape * root * root * root
    else:
        turn = 1.0 - shape * (0.253 + 0.12 * shape)
        if p >= turn:
            return 1.0 - math.log((1.0 - p) / (1.0 - turn))
    logarithm = (math.log(p) + math.lgamma(shape + 1.0)) / shape
    return math.exp(logarithm) if logarithm < 700.0 else 1e300
