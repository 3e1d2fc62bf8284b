/** The classifiers of the review as published systems: what EVIDENCE.md and the Laboratory say of them. */
import type { PublishedClassifier } from '../published.ts';

const PROTECTS =
  'what lies stored and what travels. The server decrypts every image and sees it: encryption of the way adds nothing against whoever runs the server or breaks into it';
const COMMAND = 'vitrine model upload kumar-113 IMAGE';

/** Naik et al.: only the encrypted way so far. */
export const naik112: PublishedClassifier = {
  kind: 'classifier',
  id: 'naik-112',
  reference: 112,
  authors: 'Naik, Wani, Bajaj, Ahir, Joshi',
  year: 2020,
  title: 'Detection of Lung Diseases Using Deep Learning',
  family: 'classifier behind an encrypted upload',
  does: 'encrypts a radiograph under AES-128, uploads it; the server decrypts it and classifies it',
  claims: 'patient images are secure in the cloud',
  protects: PROTECTS,
  reconstruction:
    'mode of AES, keys, preprocessing and scores could not be found. Here: AES-128-GCM, a data key for each study under the user’s key, ids bound to every object; the network behind it is kumar-113, DenseNet-121 is not built yet',
  headline: [{ text: 'no figure of its classifier', evidence: 'not found', ours: null }],
  parameters: [],
  model: 'kumar-113',
  command: `${COMMAND} --key-bits 128`,
};

/** Kumar et al. */
export const kumar113: PublishedClassifier = {
  kind: 'classifier',
  id: 'kumar-113',
  reference: 113,
  authors: 'Kumar, Jyothi, Indira, Nagamani',
  year: 2022,
  title: 'Secured Cloud Application for Detection of Brain Tumor Using Deep Learning Algorithms',
  family: 'classifier behind an encrypted upload',
  does: 'encrypts a brain MR under AES-256, uploads it; the server decrypts it, says which tumour it sees, and encrypts its answer',
  claims: '97.87 % of its own images are classified rightly, and the patient’s image is secure in the cloud',
  protects: PROTECTS,
  reconstruction:
    'layers, classes, image size and mode of AES could not be found. Four convolutions of 16, 32, 64 and 64 filters, 128 dense units, 128 × 128 pixels, the four classes of a public set and AES-256-GCM are our choice',
  headline: [
    {
      text: '97.87 % accuracy on a "real-time dataset"; no split is stated',
      evidence: 'review',
      figure: { metric: 'accuracy', value: '97.87 %' },
      ours: {
        text: '77.8 % (98 of 126; 95 % interval 69.8 to 84.2 %) on the public set split by blocks, optimistic because it names no patients',
        from: 'npm run train -- kumar-113',
      },
    },
    {
      text: 'time of one picture: no figure',
      evidence: 'not found',
      ours: {
        text: '{ours} {unit} from tensor to scores through the engine process, in batches; ONNX Runtime called directly {peer} {unit}',
        bench: 'infer-vs-ort',
      },
    },
    {
      text: 'time of one picture in another library: no figure',
      evidence: 'not found',
      ours: {
        text: 'ONNX Runtime {ours} {unit}, the fastest back end of TensorFlow.js {peer}',
        bench: 'infer-vs-tfjs',
      },
    },
    {
      text: 'time of training: no figure',
      evidence: 'not found',
      ours: {
        text: 'a step of training {ours} {unit} on TensorFlow’s library, {peer} {unit} on WebAssembly',
        bench: 'train-node-vs-wasm',
      },
    },
  ],
  parameters: [],
  model: 'kumar-113',
  command: 'vitrine model run kumar-113 IMAGE',
};
