/** Attribute-based encryption as a published system: what EVIDENCE.md and the Laboratory say of it. It works in fame.ts. */
import type { PublishedAccess } from '../../published.ts';

/** More and others, sparse-aware noise reduction of MR images in an architecture that promises ABE. */
export const moreAccess: PublishedAccess = {
  kind: 'access-control',
  id: 'more-abe',
  reference: 121,
  authors: 'More and others',
  year: 2021,
  title: 'Attribute-based encryption of MR images on their way (the part of the paper beside its denoiser)',
  family: 'access control',
  does: 'Wraps a study’s key under a rule such as (radiologist AND cardiology) OR attending, which only keys with these attributes open.',
  claims: 'Images are transmitted securely, by ABE.',
  protects:
    'The study’s key from every account whose attributes don’t satisfy the rule, and from several of them together. Not from the authority, which opens everything; not from whoever kept a key of before a change; not from a quantum computer. The rule itself is readable.',
  reconstruction:
    'The paper names neither the kind of ABE, nor its group, nor a language of rules. Ours is FAME (Agrawal and Chase, CCS 2017) over BLS12-381, for keys and not for images, made safe against chosen ciphertexts by Fujisaki and Okamoto’s transformation; an attribute belongs to a generation of keys, which ends when somebody leaves.',
  headline: [
    {
      text: 'no figure for the attribute-based part',
      evidence: 'not found',
      ours: {
        text: 'all sets of five attributes are right for 150 random rules; pooled keys of two users open nothing; a rule of three places takes 752 bytes and six pairings to open',
        from: 'npx vitest run core/keys/abe',
      },
    },
    {
      text: 'byte for byte the same as an independent implementation: no figure',
      evidence: 'not found',
      ours: {
        text: 'six of six rules, in another language over another library',
        from: 'npx vitest run test/vectors/fame.test.ts',
      },
    },
  ],
  parameters: [],
  command: 'vitrine policy set',
};
