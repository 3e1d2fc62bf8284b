import { defineConfig } from 'vitest/config';

/** Unit tests: beside the code and, where they cross rooms, under test/. The real Electron is tested by test/e2e. */
export default defineConfig({
  test: {
    environment: 'node',
    include: ['{core,electron,native,renderer,models,build,test}/**/*.test.{ts,tsx}'],
    exclude: ['**/node_modules/**', 'out/**', 'dist/**', 'test/e2e/**'],
    testTimeout: 20_000,
    reporters: process.env['VITRINE_UNIT_REPORT']
      ? ['default', ['json', { outputFile: process.env['VITRINE_UNIT_REPORT'] }]]
      : ['default'],
  },
});
