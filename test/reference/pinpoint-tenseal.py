"""PINPOINT's encrypted circuit on SEAL as TenSEAL carries it: the same operations, one by one, as our evaluator makes.

Reads one JSON object from the file that is its argument: parameters, the slots of the input ciphertexts and of the
factors, and the operations (test/bench/pinpoint-trace.ts). Prints one JSON object: processor seconds of each part, and the slots of
the answer, so that the caller can hold them against the integer network.

    pip install tenseal==0.3.18
"""

import json
import sys
import time

import tenseal.sealapi as seal


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    seconds = {}
    started = time.process_time()

    def lap(name: str) -> None:
        nonlocal started
        now = time.process_time()
        seconds[name] = now - started
        started = now

    parameters = seal.EncryptionParameters(seal.SCHEME_TYPE.BFV)
    parameters.set_poly_modulus_degree(given["degree"])
    parameters.set_coeff_modulus(seal.CoeffModulus.Create(given["degree"], given["coefficientBits"]))
    parameters.set_plain_modulus(given["plainModulus"])
    context = seal.SEALContext(parameters, True, seal.SEC_LEVEL_TYPE.TC128)
    generator = seal.KeyGenerator(context)
    secret = generator.secret_key()
    public, relinearisation, rotation = seal.PublicKey(), seal.RelinKeys(), seal.GaloisKeys()
    generator.create_public_key(public)
    generator.create_relin_keys(relinearisation)
    encoder = seal.BatchEncoder(context)
    elements = given["galoisElements"]
    generator.create_galois_keys(elements, rotation)
    encryptor = seal.Encryptor(context, public, secret)
    decryptor = seal.Decryptor(context, secret)
    evaluator = seal.Evaluator(context)
    lap("keys")

    def encoded(slots: list) -> seal.Plaintext:
        plain = seal.Plaintext()
        encoder.encode(slots, plain)
        return plain

    first = context.first_parms_id()
    factors = {}
    for number, slots in given["factors"].items():
        plain = encoded(slots)
        transformed = seal.Plaintext()
        evaluator.transform_to_ntt(plain, first, transformed)
        factors[int(number)] = transformed
    lap("prepare")

    held = {}
    for number, slots in given["inputs"].items():
        cipher = seal.Ciphertext()
        encryptor.encrypt_symmetric(encoded(slots), cipher)
        held[int(number)] = cipher
    lap("encrypt")

    answer = None
    for operation in given["operations"]:
        kind = operation["kind"]
        made = seal.Ciphertext()
        if kind == "products":
            transformed = []
            for number in operation["ciphers"]:
                one = seal.Ciphertext()
                evaluator.transform_to_ntt(held[number], one)
                transformed.append(one)
            for target, row in zip(operation["made"], operation["rows"]):
                total = None
                for cipher, number in zip(transformed, row):
                    if number is None:
                        continue
                    term = seal.Ciphertext()
                    evaluator.multiply_plain(cipher, factors[number], term)
                    if total is None:
                        total = term
                    else:
                        evaluator.add_inplace(total, term)
                evaluator.transform_from_ntt_inplace(total)
                held[target] = total
            continue
        if kind == "add":
            evaluator.add(held[operation["a"]], held[operation["b"]], made)
        elif kind == "addPlain":
            evaluator.add_plain(held[operation["a"]], encoded(operation["slots"]), made)
        elif kind == "square":
            evaluator.square(held[operation["a"]], made)
            evaluator.relinearize_inplace(made, relinearisation)
        elif kind == "rotate":
            evaluator.rotate_rows(held[operation["a"]], operation["steps"], rotation, made)
        elif kind == "finish":
            encryptor.encrypt_zero(made)
            evaluator.add_inplace(made, held[operation["a"]])
            for _ in range(operation["switches"]):
                evaluator.mod_switch_to_next_inplace(made)
            answer = made
        held[operation["made"]] = made
    lap("evaluate")

    plain = seal.Plaintext()
    decryptor.decrypt(answer, plain)
    slots = encoder.decode_uint64(plain)
    lap("decrypt")
    print(json.dumps({"seconds": seconds, "noiseBits": decryptor.invariant_noise_budget(answer), "slots": slots}))


main()
