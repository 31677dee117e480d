/** `npm run dbt -- build`: dbt of the Python environment, with the settings of `.env`. */
import { spawnSync } from 'node:child_process';
import { loadDotEnv } from '../extractor/config.ts';
import { dbtEnvironment, projectFolder, pythonProgram } from '../extractor/operations/dbt.ts';

loadDotEnv();
const { status } = spawnSync(pythonProgram('dbt'), process.argv.slice(2), {
  cwd: projectFolder,
  env: { ...process.env, ...dbtEnvironment },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
