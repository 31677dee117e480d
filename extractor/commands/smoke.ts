import { join } from 'node:path';
import { Command } from 'commander';
import { readSettings } from '../config.ts';
import { exitCodes } from '../errors.ts';
import { projectFolder } from '../operations/dbt.ts';
import { smoke } from '../operations/rollout/smoke.ts';
import { startStandIn } from '../operations/rollout/stand-in.ts';
import type { Verdict } from '../operations/rollout/verdict.ts';
import { describeVerdicts } from './verdict-text.ts';
import { loadEnvironment } from '../profiles.ts';
import { withSession } from '../session.ts';

const EXAMPLES = `
With a token it runs against that source, its landing and its warehouse, and sends about 50 requests;
without one, or with --simulated, against a simulated source in the folder smoke/. What it lands and
builds stays: suptask ready takes it as evidence.

Examples:
  $ npm run smoke
  $ npm run smoke -- --simulated`;

interface SmokeOptions {
  simulated?: true;
  folder: string;
  json?: true;
}

/** `suptask smoke`: the first sequence of a rollout. */
export function smokeCommand(): Command {
  return new Command('smoke')
    .description('run the first sequence of a rollout: check, a small sync that is killed and resumed, build, spot checks')
    .option('--simulated', 'against a simulated source, also where a token is set')
    .option('--folder <folder>', 'where the simulated one keeps everything', join(projectFolder, 'smoke'))
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ simulated, folder, json }: SmokeOptions) => {
      loadEnvironment();
      const hasToken = Boolean(process.env['SUPTASK_API_TOKEN']?.trim() || process.env['SUPTASK_API_TOKEN_FILE']?.trim());
      const standIn = simulated || !hasToken ? await startStandIn(folder, process.env) : null;
      const environment = standIn?.environment ?? process.env;
      const verdicts: Verdict[] = [];
      try {
        await withSession(readSettings(environment), async (session) => {
          for await (const verdict of smoke(session, environment)) {
            verdicts.push(verdict);
            if (!json) process.stdout.write(`${describeVerdicts([verdict])}\n`);
          }
        });
      } finally {
        await standIn?.simulator.close();
      }
      const ok = verdicts.every((verdict) => verdict.ok);
      process.stdout.write(json ? `${JSON.stringify(verdicts)}\n` : ok ? 'Next: suptask ready\n' : '');
      if (!ok) process.exitCode = exitCodes.checkSaysNo;
    });
}
