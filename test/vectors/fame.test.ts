import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fromHex, toHex } from '../../core/bytes.ts';
import { fameDecapsulate, fameEncapsulate, fameKey, fameSetup } from '../../core/keys/abe/fame.ts';
import { parseRule, ruleText } from '../../core/keys/abe/rule.ts';
import { publicKeyBytes, readCiphertext, userKeyBytes } from '../../core/keys/abe/wire.ts';

/** Made by test/reference/fame.py: another language, another library, the paper's formulas one by one. */
const { vectors } = z
  .object({
    vectors: z.array(
      z.object({
        stream: z.string(),
        rule: z.string(),
        attributes: z.array(z.string()),
        context: z.string(),
        publicKey: z.string(),
        userKeySha256: z.string(),
        encapsulated: z.string(),
        key: z.string(),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('./data/fame.json', import.meta.url), 'utf8')));

/** SHA-256 of a counter, as the twin draws. */
function stream(name: string): (out: Uint8Array) => void {
  let count = 0;
  let rest = Buffer.alloc(0);
  return (out) => {
    while (rest.length < out.length) {
      const counter = Buffer.alloc(4);
      counter.writeUInt32BE(count++);
      rest = Buffer.concat([rest, createHash('sha256').update(name).update(counter).digest()]);
    }
    out.set(rest.subarray(0, out.length));
    rest = rest.subarray(out.length);
  };
}

describe('FAME against its twin', () => {
  it.each(vectors)(
    '$rule: authority, user’s key, ciphertext and key are the twin’s',
    { timeout: 60_000 },
    async (vector) => {
      const random = stream(vector.stream);
      const context = fromHex(vector.context);
      const { publicKey, secret } = fameSetup(random);
      expect(toHex(publicKeyBytes(publicKey))).toBe(vector.publicKey);
      const user = await fameKey(secret, vector.attributes, random);
      expect(createHash('sha256').update(userKeyBytes(user)).digest('hex')).toBe(vector.userKeySha256);
      const rule = parseRule(vector.rule);
      expect(ruleText(rule)).toBe(vector.rule);
      const made = fameEncapsulate(publicKey, rule, context, random);
      expect(toHex(made.encapsulated)).toBe(vector.encapsulated);
      expect(toHex(made.key)).toBe(vector.key);
      const ciphertext = readCiphertext(fromHex(vector.encapsulated));
      if (ciphertext === null) throw new Error('not read');
      expect(toHex(fameDecapsulate(publicKey, user, rule, context, ciphertext) ?? new Uint8Array(0))).toBe(vector.key);
    },
  );
});
