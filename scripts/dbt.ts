/** `npm run dbt -- build`: dbt with the adapter of its target, and the settings of `.env` and of the profile. */
import { spawnSync } from 'node:child_process';
import { dbtProgram, environmentOfDbt, projectFolder } from '../extractor/operations/dbt.ts';
import { endWithError } from '../extractor/operations/report-error.ts';
import { loadEnvironment } from '../extractor/profiles.ts';

try {
  loadEnvironment();
  const args = process.argv.slice(2);
  const env = environmentOfDbt({});
  const { status } = spawnSync(dbtProgram(args, env), args, { cwd: projectFolder, env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (thrown) {
  await endWithError(thrown, false);
}
