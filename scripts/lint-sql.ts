/** `npm run lint:sql`: sqlfluff over models, macros and tests, as dbt renders them, in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dbtEnvironment, projectFolder, pythonProgram } from '../extractor/operations/dbt.ts';

/** Python reads this in each of sqlfluff's processes: else its collector walks through all their trees again and again, a third of the time. */
const SELDOM_COLLECT = 'import gc\ngc.set_threshold(200_000, 20, 20)\n';

const folder = mkdtempSync(join(tmpdir(), 'suptask-lint-'));
try {
  writeFileSync(join(folder, 'sitecustomize.py'), SELDOM_COLLECT);
  const { status } = spawnSync(pythonProgram('sqlfluff'), ['lint', '--processes', '2', 'models', 'tests/dbt', ...process.argv.slice(2)], {
    cwd: projectFolder,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...dbtEnvironment,
      PYTHONPATH: folder,
      DBT_TARGET: 'duckdb',
      DBT_TARGET_PATH: join(folder, 'target'),
      DBT_LOG_PATH: join(folder, 'logs'),
      SUPTASK_DUCKDB: join(folder, 'suptask.duckdb'),
      SUPTASK_LANDING: join(folder, 'landing'),
    },
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
