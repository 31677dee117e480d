import { Command } from 'commander';
import { readSettings } from '../config.ts';
import { SuptaskError } from '../errors.ts';
import { checkProfile, type ProfileCheck } from '../operations/check-profile.ts';
import { environmentOf, loadEnvironment, profileNames } from '../profiles.ts';

const EXAMPLES = `
It sends one request a profile, which counts in the rate window, and lands what came back. A check
that fails keeps the first sync of its workspace from beginning.

Examples:
  $ suptask check
  $ SUPTASK_PROFILE=acme suptask check
  $ suptask check --all-profiles
  $ suptask check --json`;

interface CheckOptions {
  allProfiles?: true;
  json?: true;
}

/** `suptask check`: are address, scheme, token, landing and warehouse as they should be? */
export function checkCommand(): Command {
  return new Command('check')
    .description('test address, scheme, token, landing and warehouse with one request, and say what to do')
    .option('--all-profiles', 'check each profile, one after the other')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ allProfiles, json }: CheckOptions) => {
      loadEnvironment();
      const checks: ProfileCheck[] = [];
      for (const environment of allProfiles ? environmentsOfProfiles() : [process.env]) {
        checks.push(await checkProfile(readSettings(environment), environment));
      }
      process.stdout.write(json ? `${JSON.stringify(allProfiles ? checks : checks[0])}\n` : checks.map(describe).join('\n'));
      process.exitCode = checks.find(({ ok }) => !ok)?.exitCode ?? 0;
    });
}

function environmentsOfProfiles(): NodeJS.ProcessEnv[] {
  const names = profileNames(process.env);
  if (names.length > 0) return names.map((name) => environmentOf(name, process.env));
  throw new SuptaskError('configuration.missing', 'There is no profile.', 'Set SUPTASK_API_TOKEN__NAME, or write profiles into suptask.json.');
}

function describe({ profile, ok, lines, correlationId }: ProfileCheck): string {
  const told = lines.flatMap((line) => {
    const word = line.ok === null ? '–' : line.ok ? 'ok' : 'NO';
    return [`${line.what.padEnd(10)}${word.padEnd(4)}${line.found}`, ...(line.remedy === null ? [] : [`${' '.repeat(14)}To do: ${line.remedy}`])];
  });
  const next = ok ? 'Next: suptask sync' : `Then: suptask check${correlationId === null ? '' : ` (all that is known: suptask errors show ${correlationId.slice(0, 8)})`}`;
  return [`Checking ${profile}`, ...told, next, ''].join('\n');
}
