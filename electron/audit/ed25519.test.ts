import { describe, expect, it } from 'vitest';
import { checkProof, openCheckpoint, proofText, signCheckpoint } from '../../core/audit/checkpoint.ts';
import { inclusionProof, leafHash, treeRoot } from '../../core/audit/merkle.ts';
import { keyFrom, keyText, type NoteKey, openNote, signNote } from '../../core/audit/signed-note.ts';
import { fromHex, toHex, utf8 } from '../../core/bytes.ts';
import { createSigner, verifySignature } from './ed25519.ts';

/** Example of Go's golang.org/x/mod/sumdb/note, where the format comes from. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT =
  'If you think cryptography is the answer to your problem,\nthen you don\u2019t know what your problem is.\n';
const SIGNED = `${TEXT.replace('\u2019', "'")}
\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
`;

const signer = createSigner('vitrine/log', new Uint8Array(32).fill(7));
const other = createSigner('vitrine/log', new Uint8Array(32).fill(8));

describe('signed notes', () => {
  it('are Ed25519 of RFC 8032', () => {
    const seed = fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    const { key, sign } = createSigner('a', seed);
    expect(toHex(key.publicKey)).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect(toHex(sign(new Uint8Array(0)))).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('open as another implementation signed them', () => {
    const key = keyFrom(PETER) as NoteKey;
    expect(keyText(key)).toBe(PETER);
    expect(openNote(SIGNED, key, verifySignature)).toBe(TEXT.replace('\u2019', "'"));
    expect(openNote(SIGNED.replace('answer', 'Answer'), key, verifySignature)).toBeNull();
    for (const bad of ['', PETER.slice(1), PETER.replace('c7', 'c8'), `${PETER}A`, 'a+b+c'])
      expect(keyFrom(bad)).toBeNull();
  });

  it('pass over lines of other keys, and refuse a wrong line of their own', () => {
    const note = signNote('text\n\nmore\n', signer);
    const cosigned = `${note}\u2014 witness.example ${'A'.repeat(96)}\n`;
    expect(openNote(cosigned, signer.key, verifySignature)).toBe('text\n\nmore\n');
    expect(openNote(note, other.key, verifySignature)).toBeNull();
    for (const bad of ['', 'text', note.slice(0, -1), note.replace('more', 'less'), note.replace('\u2014', '-')])
      expect(openNote(bad, signer.key, verifySignature)).toBeNull();
  });
});

describe('checkpoints and proofs', () => {
  const entries = ['a', 'b', 'c', 'd', 'e'].map(utf8);
  const leaves = entries.map(leafHash);
  const head = { origin: 'vitrine/log', size: 5, root: treeRoot(leaves) };
  const note = signCheckpoint(head, signer);

  it('say origin, size and root, as tlog-checkpoint has it', () => {
    expect(note).toMatch(/^vitrine\/log\n5\n[A-Za-z0-9+/]{43}=\n\n\u2014 vitrine\/log [A-Za-z0-9+/]{91}=\n$/);
    expect(openCheckpoint(note, signer.key, verifySignature)).toEqual(head);
    const foreign = signCheckpoint({ ...head, origin: 'vitrine/other' }, signer);
    const size = signNote('vitrine/log\n05\nAAAA\n', signer);
    for (const bad of [foreign, size, note.replace('\n5\n', '\n6\n'), signCheckpoint(head, other)])
      expect(() => openCheckpoint(bad, signer.key, verifySignature)).toThrow('no checkpoint');
  });

  it('prove an entry by itself, as tlog-proof has it', () => {
    const text = proofText(3, inclusionProof(leaves, 3), note);
    expect(text.startsWith('c2sp.org/tlog-proof@v1\nindex 3\n')).toBe(true);
    expect(checkProof(text, leaves[3] as Uint8Array, signer.key, verifySignature)).toBe(3);
    const extra = text.replace('index', 'extra YQ==\nindex');
    expect(checkProof(extra, leaves[3] as Uint8Array, signer.key, verifySignature)).toBe(3);
    for (const bad of [text.replace('index 3', 'index 2'), text.replace('@v1', '@v2'), text.replace('index 3', '3')])
      expect(() => checkProof(bad, leaves[3] as Uint8Array, signer.key, verifySignature)).toThrow();
    expect(() => checkProof(text, leaves[2] as Uint8Array, signer.key, verifySignature)).toThrow('not in this log');
    const one = signCheckpoint({ ...head, size: 1, root: leaves[0] as Uint8Array }, signer);
    expect(checkProof(proofText(0, [], one), leaves[0] as Uint8Array, signer.key, verifySignature)).toBe(0);
  });
});
