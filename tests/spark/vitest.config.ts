import { defineConfig } from 'vitest/config';

/** `npm run test:spark`: apart from the other tests, since it needs `npm run spark:install`. */
export default defineConfig({
  test: {
    include: ['tests/spark/**/*.test.ts'],
    globalSetup: ['tests/spark/support/requires-spark.ts', 'tests/extractor/support/loaded-dbt.ts'],
    // Each file keeps all processors busy.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 3_600_000,
  },
});
