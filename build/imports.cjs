const { ROOMS, TYPES_ONLY, NODE_ROOMS, PACKAGES } = require('./import-table.cjs');

const here = (path) => `^${path}`;
const escaped = (name) => name.replaceAll(/[.+]/g, '\\$&');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'features-are-islands',
      comment: 'A feature may use bridge, state, ui, text and cornerstone, never another feature.',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'features-below-the-shell',
      comment: 'The shell composes features; a feature that imports the shell closes a circle.',
      severity: 'error',
      from: { path: '^renderer/(bridge|state|ui|text|theme|cornerstone)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^renderer/features/' },
    },
    {
      name: 'no-circle',
      comment: 'A circle of modules has no reading order. Circles of types only are one description in two files.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'An import that resolves to nothing is a misspelt file or a package that is not installed.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  allowedSeverity: 'error',
  allowed: [
    ...ROOMS.map(([from, to]) => ({ from: { path: here(from).replace('^[^/]+', '') }, to: { path: to.map(here) } })),
    ...TYPES_ONLY.map(([from, to]) => ({
      from: { path: here(from) },
      to: { path: here(to), dependencyTypes: ['type-only'] },
    })),
    { from: { path: NODE_ROOMS.map(here) }, to: { dependencyTypes: ['core'] } },
    { from: { path: '^[^/]+\\.(ts|cjs)$' }, to: {} },
    ...Object.entries(PACKAGES)
      .filter(([, folders]) => folders.length > 0)
      .map(([name, folders]) => ({
        from: { path: folders.map(here) },
        to: { path: `(^|/)node_modules/${escaped(name)}/` },
      })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|\\.cache)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types', 'style'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};
