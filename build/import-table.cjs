/**
 * Who may import whom. Anything absent is forbidden; type-only imports count. `imports.cjs` turns this table into
 * dependency-cruiser's configuration, `test/arch` proves that planted violations are caught and that every dependency
 * of package.json has a row here.
 */

/** Stages of core/, in the order in which data flows: a stage may import those before it. */
const STAGES = [
  'dicom',
  'deidentify',
  'seal',
  'keys',
  'vault',
  'annotate',
  'infer',
  'share',
  'audit',
  'schemes',
  'private',
  'systems',
];

/** Files in electron/ that may import the package `electron`; the rest runs under plain Node as well. */
const ELECTRON_FILES = [
  'electron/main\\.ts$',
  'electron/main/',
  'electron/(compute-)?preload\\.ts$',
  'electron/registrar\\.ts$',
];

/** Room → rooms that it may import. Regular expressions over paths, from the checkout's root. */
const ROOMS = [
  ['core/[^/]+\\.ts$', ['core/[^/]+\\.ts$']],
  ...STAGES.map((stage, i) => [`core/${stage}/`, ['core/[^/]+\\.ts$', `core/(${STAGES.slice(0, i + 1).join('|')})/`]]),
  ['core/contract/', ['core/contract/', 'core/[^/]+/errors\\.ts$']],
  ['models/', ['models/', 'core/infer/']],
  ['native/', ['native/', 'core/[^/]+\\.ts$']],
  ['electron/', ['electron/', 'core/', 'models/', 'native/', 'package\\.json$']],
  // The compute window's page runs networks and shares nothing with the page that people see.
  ['renderer/compute/', ['renderer/compute/', 'models/networks/', 'core/infer/', 'core/contract/']],
  ['renderer/(?!compute/)', ['renderer/(?!compute/)', 'core/(contract|annotate|infer)/']],
  ['(build|test)/', ['']],
  ['[^/]+\\.test\\.tsx?$', ['']],
];

/** Where types may go and behaviour may not. */
const TYPES_ONLY = [
  ['core/contract/', 'core/'],
  // The vault stores annotations and answers in the shapes of the contract; it calls neither.
  ['core/vault/', 'core/(annotate|contract)/'],
];

/** Rooms that may use Node's built-in modules. */
const NODE_ROOMS = ['electron/', 'native/'];

const CODEC_ROOMS = ['renderer/cornerstone/', 'electron/decode/'];

/** Package → folders (or files) that may import it. `[]`: nobody does, it is a tool or comes by its own way. */
const PACKAGES = {
  // Viewing: one room holds Cornerstone, so that its globals stop there. Its WebAssembly codecs also decode for the
  // command line.
  '@cornerstonejs/core': ['renderer/cornerstone/'],
  '@cornerstonejs/dicom-image-loader': ['renderer/cornerstone/', 'electron/decode/'],
  '@cornerstonejs/codec-charls': CODEC_ROOMS,
  '@cornerstonejs/codec-libjpeg-turbo-8bit': CODEC_ROOMS,
  '@cornerstonejs/codec-libjxl': CODEC_ROOMS,
  '@cornerstonejs/codec-openjpeg': CODEC_ROOMS,
  '@cornerstonejs/codec-openjph': CODEC_ROOMS,
  '@cornerstonejs/jpeg-lossless-decoder-js': CODEC_ROOMS,
  '@cornerstonejs/metadata': ['renderer/cornerstone/'],
  '@cornerstonejs/tools': ['renderer/cornerstone/'],
  '@cornerstonejs/utils': ['renderer/cornerstone/'],
  // DICOM.
  dcmjs: ['core/dicom/', 'core/deidentify/', 'electron/decode/'],
  'dicom-character-set': ['core/dicom/'],
  'dicom-parser': ['core/dicom/', 'electron/'],
  yauzl: ['electron/'],
  // Cryptography. Argon2id and SQLCipher are the platform's business, so core/ gets them as parameters.
  '@noble/ciphers': ['core/seal/', 'core/keys/', 'core/schemes/', 'electron/'],
  '@noble/hashes': ['core/seal/', 'core/keys/', 'core/vault/', 'core/audit/', 'electron/'],
  'hash-wasm': ['electron/', 'native/'],
  '@signalapp/sqlcipher': ['electron/'],
  keytar: ['native/keychain/'],
  'shamir-secret-sharing': ['core/keys/'],
  '@noble/curves': ['core/keys/'],
  '@noble/post-quantum': ['core/keys/'],
  // What is printed: shares, certificates, reports.
  'pdf-lib': ['electron/'],
  qrcode: ['electron/'],
  // Encrypted computing: a library behind core/private/he/engine.ts.
  'node-seal': ['electron/private/'],
  // Networks: models/ builds and trains them, native/ brings the back ends.
  '@tensorflow/tfjs-core': ['models/', 'native/', 'electron/', 'renderer/compute/'],
  '@tensorflow/tfjs-layers': ['models/'],
  '@tensorflow/tfjs-backend-wasm': ['native/'],
  '@tensorflow/tfjs-backend-webgpu': ['renderer/compute/'],
  '@tensorflow/tfjs-node': ['native/'],
  'onnxruntime-node': ['native/'],
  protobufjs: ['models/'],
  // The contract, the command line, the log.
  zod: ['core/', 'electron/', 'renderer/'],
  commander: ['electron/cli'],
  pino: ['electron/log'],
  // The page.
  react: ['renderer/'],
  'react-dom': ['renderer/'],
  'react-i18next': ['renderer/'],
  'react-resizable-panels': ['renderer/'],
  i18next: ['renderer/'],
  zustand: ['renderer/'],
  cmdk: ['renderer/'],
  'radix-ui': ['renderer/'],
  'lucide-react': ['renderer/'],
  '@tanstack/react-virtual': ['renderer/'],
  uplot: ['renderer/ui/'],
  '@fontsource-variable/inter': ['renderer/'],
  '@fontsource/ibm-plex-mono': ['renderer/'],
  // Development: build/ and test/ may import anything, the product none of these.
  electron: ELECTRON_FILES,
  '@biomejs/biome': [],
  '@electron/fuses': [],
  '@playwright/test': [],
  '@types/node': [],
  '@types/qrcode': ['electron/'],
  '@types/react': ['renderer/'],
  '@types/react-dom': ['renderer/'],
  '@types/yauzl': ['electron/'],
  '@vitejs/plugin-react': [],
  'dependency-cruiser': [],
  'fast-check': [],
  knip: [],
  tsx: [],
  typescript: [],
  vite: [],
  vitest: [],
};

module.exports = { ROOMS, TYPES_ONLY, NODE_ROOMS, PACKAGES };
