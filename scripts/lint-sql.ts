/** `npm run lint:sql`: sqlfluff over models, macros and tests, as dbt renders them, in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dbtEnvironment, projectFolder, pythonProgram } from '../extractor/operations/dbt.ts';

/** sqlfluff, with a garbage collector that does not walk through all its trees again and again: that is a third of its time. */
const SQLFLUFF = 'import atexit, gc; gc.set_threshold(200_000, 20, 20); atexit.register(gc.collect); from sqlfluff.cli.commands import cli; cli(prog_name="sqlfluff")';

const folder = mkdtempSync(join(tmpdir(), 'suptask-lint-'));
try {
  const { status } = spawnSync(pythonProgram('python'), ['-c', SQLFLUFF, 'lint', '--processes', '2', 'models', 'tests/dbt', ...process.argv.slice(2)], {
    cwd: projectFolder,
    stdio: 'inherit',
    env: {
      ...process.env,
      ...dbtEnvironment,
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
