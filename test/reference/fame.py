"""The slow, independent twin of core/keys/abe: FAME word for word from the paper (Agrawal and Chase, CCS 2017, section 3.2),
in another language and over another library (py_ecc), one exponentiation and one pairing at a time.

    pip install py_ecc && python3 test/reference/fame.py > test/vectors/data/fame.json

Its randomness is SHA-256 of a counter, so that the vectors are the same wherever they are made.
"""
import hashlib
import hmac
import json
import struct

from py_ecc.bls.hash_to_curve import hash_to_G1
from py_ecc.bls.point_compression import compress_G1, compress_G2
from py_ecc.optimized_bls12_381 import FQ12, G1, G2, add, curve_order as p, field_modulus, multiply, neg, pairing

DST = b"VITRINE-FAME-V1_BLS12381G1_XMD:SHA-256_SSWU_RO_"


def e(left, right):
    """noble's pairing is py_ecc's to the power of -3: both are pairings, they differ by the final exponentiation."""
    return pairing(right, left) ** (p - 3)


class Stream:
    def __init__(self, name):
        self.name, self.count, self.rest = name.encode(), 0, b""

    def bytes(self, length):
        while len(self.rest) < length:
            self.rest += hashlib.sha256(self.name + struct.pack(">I", self.count)).digest()
            self.count += 1
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def scalar(self):
        return int.from_bytes(self.bytes(48), "big") % p


def fields(*parts):
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def H_attribute(label, l, t):
    return hash_to_G1(fields(b"attribute", label.encode(), bytes([l, t])), DST, hashlib.sha256)


def H_column(j, l, t):
    return hash_to_G1(fields(b"column", struct.pack(">I", j), bytes([l, t])), DST, hashlib.sha256)


def power(point, exponent):
    return multiply(point, exponent % p)


def product(*points):
    total = points[0]
    for point in points[1:]:
        total = add(total, point)
    return total


def g1(point):
    return int(compress_G1(point)).to_bytes(48, "big")


def g2(point):
    z1, z2 = compress_G2(point)
    return int(z1).to_bytes(48, "big") + int(z2).to_bytes(48, "big")


def gt(element):
    """py_ecc's polynomial in w as the tower Fp2[u] / Fp6[v] / Fp12[w], with w^6 = 1 + u."""
    c = [int(value) for value in element.coeffs]
    out = b""
    for odd in (0, 1):
        for j in range(3):
            i = 2 * j + odd
            out += ((c[i] + c[i + 6]) % field_modulus).to_bytes(48, "big") + c[i + 6].to_bytes(48, "big")
    return out


def hkdf(secret, salt, info, length):
    key = hmac.new(salt, secret, hashlib.sha384).digest()
    out, block = b"", b""
    for i in range(1, 256):
        if len(out) >= length:
            break
        block = hmac.new(key, block + info + bytes([i]), hashlib.sha384).digest()
        out += block
    return out[:length]


def setup(stream):
    a1, a2, b1, b2, d1, d2, d3 = (stream.scalar() for _ in range(7))
    pairing_base = e(G1, G2)
    pk = {
        "H1": power(G2, a1),
        "H2": power(G2, a2),
        "T1": pairing_base ** ((d1 * a1 + d3) % p),
        "T2": pairing_base ** ((d2 * a2 + d3) % p),
    }
    return pk, {"a": (a1, a2), "b": (b1, b2), "d": (d1, d2, d3)}


def public_bytes(pk):
    return g2(pk["H1"]) + g2(pk["H2"]) + gt(pk["T1"]) + gt(pk["T2"])


def keygen(msk, labels, stream):
    (a1, a2), (b1, b2), (d1, d2, d3) = msk["a"], msk["b"], msk["d"]
    r1, r2 = stream.scalar(), stream.scalar()
    sk0 = (power(G2, b1 * r1), power(G2, b2 * r2), power(G2, r1 + r2))
    inverse = {1: pow(a1, -1, p), 2: pow(a2, -1, p)}

    def element(H, t, sigma):
        return product(
            power(H(1, t), b1 * r1 * inverse[t]),
            power(H(2, t), b2 * r2 * inverse[t]),
            power(H(3, t), (r1 + r2) * inverse[t]),
            power(G1, sigma * inverse[t]),
        )

    sk = {}
    for y in labels:
        sigma = stream.scalar()
        H = lambda l, t, y=y: H_attribute(y, l, t)
        sk[y] = (element(H, 1, sigma), element(H, 2, sigma), power(G1, -sigma))
    sigma = stream.scalar()
    H = lambda l, t: H_column(1, l, t)
    common = (
        product(power(G1, d1), element(H, 1, sigma)),
        product(power(G1, d2), element(H, 2, sigma)),
        product(power(G1, d3), power(G1, -sigma)),
    )
    return sk0, sk, common


def user_bytes(key):
    sk0, sk, common = key
    parts = [b"".join(g2(x) for x in sk0), b"".join(g1(x) for x in common)]
    for label, triple in sk.items():
        parts += [label.encode(), b"".join(g1(x) for x in triple)]
    return fields(*parts)


def encrypt(pk, M, pi, s1, s2):
    ct0 = (power(pk["H1"], s1), power(pk["H2"], s2), power(G2, s1 + s2))
    rows = []
    for i, row in enumerate(M):
        cts = []
        for l in (1, 2, 3):
            point = product(power(H_attribute(pi[i], l, 1), s1), power(H_attribute(pi[i], l, 2), s2))
            for j, entry in enumerate(row, 1):
                inner = product(power(H_column(j, l, 1), s1), power(H_column(j, l, 2), s2))
                point = product(point, power(inner, entry))
            cts.append(point)
        rows.append(cts)
    return ct0, rows, (pk["T1"] ** s1) * (pk["T2"] ** s2)


def decrypt(key, pi, gamma, ct0, rows):
    """num and den of the paper, without the message: answers den / num."""
    sk0, sk, common = key
    num, den = FQ12.one(), FQ12.one()
    for l in range(3):
        cipher = product(*[power(rows[i][l], c) for i, c in gamma.items()])
        num = num * e(cipher, sk0[l])
        own = product(common[l], *[power(sk[pi[i]][l], c) for i, c in gamma.items()])
        den = den * e(own, ct0[l])
    return den / num


def kem(pk, rule, M, pi, context, stream):
    secret = stream.bytes(32)
    info = fields(b"vitrine/fame/v1", hashlib.sha384(public_bytes(pk)).digest(), rule.encode(), context)
    wide = hkdf(secret, b"vitrine/fame/v1/scalars", info, 96)
    s1, s2 = int.from_bytes(wide[:48], "big") % p, int.from_bytes(wide[48:], "big") % p
    ct0, rows, shared = encrypt(pk, M, pi, s1, s2)
    pad = hkdf(gt(shared), b"vitrine/fame/v1/mask", info, 32)
    masked = bytes(a ^ b for a, b in zip(secret, pad))
    encapsulated = masked + b"".join(g2(x) for x in ct0) + b"".join(g1(x) for row in rows for x in row)
    key = hkdf(secret + hashlib.sha384(encapsulated).digest(), b"vitrine/fame/v1/key", info, 32)
    return encapsulated, key, ct0, rows, shared


# Rule, its matrix by Lewko and Waters, its rows' labels, a user's attributes, and coefficients that give (1, 0, ...).
CASES = [
    ("a", [[1]], ["a#1"], ["a"], {0: 1}),
    ("a OR b", [[1], [1]], ["a#1", "b#1"], ["b"], {1: 1}),
    ("a AND b", [[1, 1], [0, -1]], ["a#1", "b#1"], ["a", "b"], {0: 1, 1: 1}),
    (
        "(radiologist AND cardiology) OR attending",
        [[1, 1], [0, -1], [1, 0]],
        ["radiologist#1", "cardiology#1", "attending#1"],
        ["radiologist", "cardiology"],
        {0: 1, 1: 1},
    ),
    ("2 OF (a, b, c)", [[1, 1], [1, 2], [1, 3]], ["a#1", "b#1", "c#1"], ["a", "c"], {0: 3 * pow(2, -1, p), 2: -pow(2, -1, p)}),
    ("(a AND b) OR (a AND c)", [[1, 1, 0], [0, -1, 0], [1, 0, 1], [0, 0, -1]], ["a#1", "b#1", "a#2", "c#1"], ["a", "c"], {2: 1, 3: 1}),
]


def main():
    vectors = []
    for number, (rule, M, pi, attributes, gamma) in enumerate(CASES):
        stream = Stream(f"fame vector {number}")
        pk, msk = setup(stream)
        key = keygen(msk, [f"{name}#{use}" for name in attributes for use in (1, 2, 3)], stream)
        context = f"context {number}".encode()
        encapsulated, shared_key, ct0, rows, shared = kem(pk, rule, M, pi, context, stream)
        assert decrypt(key, pi, gamma, ct0, rows) == shared, rule
        vectors.append(
            {
                "stream": stream.name.decode(),
                "rule": rule,
                "attributes": attributes,
                "context": context.hex(),
                "publicKey": public_bytes(pk).hex(),
                "userKeySha256": hashlib.sha256(user_bytes(key)).hexdigest(),
                "encapsulated": encapsulated.hex(),
                "key": shared_key.hex(),
            }
        )
    print(json.dumps({"scheme": "FAME over BLS12-381", "made by": "test/reference/fame.py with py_ecc", "vectors": vectors}, indent=1))


main()
