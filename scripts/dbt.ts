/** `npm run dbt -- build`: dbt of the Python environment, with the settings of `.env` and of the profile. */
import { spawnSync } from 'node:child_process';
import { withoutTokens } from '../extractor/config.ts';
import { dbtEnvironment, projectFolder, pythonProgram } from '../extractor/operations/dbt.ts';
import { loadEnvironment } from '../extractor/profiles.ts';

loadEnvironment();
const { status } = spawnSync(pythonProgram('dbt'), process.argv.slice(2), {
  cwd: projectFolder,
  env: { ...withoutTokens(process.env), ...dbtEnvironment },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
