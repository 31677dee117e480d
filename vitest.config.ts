import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/extractor/**/*.test.ts'],
    globalSetup: ['tests/extractor/support/postgres-server.ts', 'tests/extractor/support/parsed-project.ts'],
    setupFiles: ['tests/extractor/support/properties.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that would only wait for each other.
    maxWorkers: 2,
  },
});
