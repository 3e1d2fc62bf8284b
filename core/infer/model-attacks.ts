/**
 * The attacks on classifiers as published systems: what EVIDENCE.md and the Laboratory say of them. The algorithms are in
 * models/attacks. Our figures of them are of one model each and stand in its robustness report.
 */
import type { PublishedModelAttack } from '../published.ts';

/** Where our figures come from: the attacked pictures are 50 of 63 that the shipped classifier has right. */
const FROM = 'npm run robustness -- kumar-113';

const COMMAND = 'vitrine model attack kumar-113 IMAGE --method';
const PROTECTS =
  'nothing: it shows how little it takes to change what a classifier says. Images whose pixels are signed and checked before inference are what keeps it out';

/** Radius in units of the input, as a share of the range of brightness. */
const EPSILON = {
  name: 'epsilon',
  means: 'largest change of a pixel, as a share of the range of brightness',
  ...{ low: 0, high: 0.5, default: 2 / 255, fraction: true as const },
};

/** Goodfellow et al., the fast gradient sign method. */
export const fgsm: PublishedModelAttack = {
  kind: 'model-attack',
  id: 'fgsm',
  reference: 74,
  authors: 'Goodfellow, Shlens, Szegedy',
  year: 2015,
  title: 'Explaining and Harnessing Adversarial Examples',
  family: 'attack on a classifier',
  does: 'moves every pixel by ε in the direction in which the loss grows, in one step',
  claims: 'one step along the sign of the gradient is enough to change the class of many images',
  protects: PROTECTS,
  reconstruction: 'none; the review’s text on its equation says "descending", the method ascends',
  headline: [
    {
      text: 'accuracy falls to 16.67 % (VGG16) and 55.56 % (Inception-v3) on chest radiographs, as Pal et al. [91] report',
      evidence: 'abstract',
      ours: {
        text: 'another model, brain MR: of 50 pictures that were right 48.0 % keep their class at ε 1/255, 18.0 % at 4/255',
        from: FROM,
      },
    },
  ],
  parameters: [EPSILON],
  command: `${COMMAND} fgsm`,
};

/** Kurakin et al., the basic iterative method. */
export const bim: PublishedModelAttack = {
  kind: 'model-attack',
  id: 'bim',
  reference: 75,
  authors: 'Kurakin, Goodfellow, Bengio',
  year: 2016,
  title: 'Adversarial Examples in the Physical World',
  family: 'attack on a classifier',
  does: 'takes FGSM in small steps and keeps every pixel within ε of the original',
  claims: 'small steps fool more images than one large step of the same ε',
  protects: PROTECTS,
  reconstruction:
    'the review cites a paper on transferability for it; αT = ε is one choice of step, not the definition, and the steps are a parameter here',
  headline: [
    {
      text: 'no figure of the paper on medical images',
      evidence: 'not found',
      ours: {
        text: 'brain MR: of 50 pictures that were right 46.0 % keep their class at ε 1/255, 4.0 % at 4/255',
        from: FROM,
      },
    },
  ],
  parameters: [EPSILON, { name: 'steps', means: 'steps of ε/10', low: 1, high: 200, default: 10 }],
  command: `${COMMAND} bim`,
};

/** Madry et al., projected gradient descent. */
export const pgd: PublishedModelAttack = {
  kind: 'model-attack',
  id: 'pgd',
  reference: 76,
  authors: 'Madry, Makelov, Schmidt, Tsipras, Vladu',
  year: 2018,
  title: 'Towards Deep Learning Models Resistant to Adversarial Attacks',
  family: 'attack on a classifier',
  does: 'climbs the loss from random starts within the ball of radius ε and keeps the worst image',
  claims: 'the strongest attack that uses gradients alone',
  protects: PROTECTS,
  reconstruction: 'none',
  headline: [
    {
      text: 'white-box accuracy 0 % at ε 0.02 on fundoscopy, dermoscopy and chest X-ray, as Finlayson et al. [89] report',
      evidence: 'general knowledge',
      ours: {
        text: 'another model, brain MR, 20 steps and 2 starts: of 50 pictures that were right 38.0 % keep their class at ε 1/255, 2.0 % at 4/255',
        from: FROM,
      },
    },
  ],
  parameters: [
    EPSILON,
    { name: 'norm', means: 'largest change of a pixel, or Euclidean', choices: ['linf', 'l2'], default: 'linf' },
    { name: 'steps', means: 'steps of ε/10', low: 1, high: 200, default: 40 },
    { name: 'restarts', means: 'random starts', low: 1, high: 20, default: 5 },
  ],
  command: `${COMMAND} pgd`,
};

/** Moosavi-Dezfooli et al., DeepFool. */
export const deepFool: PublishedModelAttack = {
  kind: 'model-attack',
  id: 'deep-fool',
  reference: 80,
  authors: 'Moosavi-Dezfooli, Fawzi, Frossard',
  year: 2016,
  title: 'DeepFool: a simple and accurate method to fool deep neural networks',
  family: 'attack on a classifier',
  does: 'goes to the nearest boundary of the classifier as if it were linear, again and again',
  claims: 'finds changes that are smaller than FGSM’s',
  protects: PROTECTS,
  reconstruction: 'none; the review’s description uses one loss gradient, the method one gradient for each rival class',
  headline: [
    {
      text: 'no figure of the paper on medical images',
      evidence: 'not found',
      ours: {
        text: 'brain MR: every one of 50 pictures loses its class at a median Euclidean change of 0.281 of 128 × 128 numbers in 0 … 1; after rounding to 8 bits 6.0 % do',
        from: FROM,
      },
    },
  ],
  parameters: [
    { name: 'steps', means: 'linearisations at most', low: 1, high: 200, default: 50 },
    { name: 'overshoot', means: 'how far beyond the boundary', low: 0, high: 1, default: 0.02, fraction: true },
  ],
  command: `${COMMAND} deep-fool`,
};
