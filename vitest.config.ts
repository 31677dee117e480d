import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What builds with dbt takes longest, and comes first: nothing of it is left to wait for when all else has ended. */
class WarehousesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const builds = ({ moduleId }: TestSpecification) => moduleId.includes('/warehouse/');
    return [...sorted.filter(builds), ...sorted.filter((file) => !builds(file))];
  }
}

export default defineConfig({
  test: {
    include: ['tests/extractor/**/*.test.ts'],
    globalSetup: ['tests/extractor/support/postgres-server.ts', 'tests/extractor/support/loaded-dbt.ts'],
    setupFiles: ['tests/extractor/support/properties.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Each worker loads the extractor once, not once a file: no test leaves anything behind in its modules.
    isolate: false,
    sequence: { sequencer: WarehousesFirst },
    // Two cores, and as many workers again for those in which some test waits.
    maxWorkers: 4,
  },
});
