import { Command } from 'commander';
import { exitCodes } from '../errors.ts';
import { diagnose } from '../operations/diagnosis/diagnose.ts';
import type { Finding } from '../operations/diagnosis/scenarios.ts';
import { formatTable } from '../output/table.ts';
import { settingsFromEnvironment, withSession } from '../session.ts';

const EXAMPLES = `
It sends five requests, which count in the rate window, and changes nothing at the source. What it
finds is landed in connection_checks, with the evidence.

Examples:
  $ suptask diagnose
  $ suptask diagnose --json | jq '.[] | select(.verdict != "ok")'`;

/** `suptask diagnose`: the edge cases that matter, tried against the configured source. */
export function diagnoseCommand(): Command {
  return new Command('diagnose')
    .description('try the edge cases that matter against the source: refusals, missing numbers, pace, clock, changed bodies')
    .option('--json', 'answer in JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ json }: { json?: true }) => {
      const findings = await withSession(settingsFromEnvironment(), diagnose);
      process.stdout.write(`${json ? JSON.stringify(findings) : table(findings)}\n`);
      if (findings.some(({ verdict }) => verdict === 'blocks')) process.exitCode = exitCodes.checkSaysNo;
    });
}

function table(findings: readonly Finding[]): string {
  const rows = findings.map(({ scenario, verdict, found }) => [scenario, verdict, found]);
  const blocking = findings.filter(({ verdict }) => verdict === 'blocks').length;
  const end = blocking === 0 ? 'Nothing blocks a sync.' : `${blocking} of ${findings.length} block a sync: see suptask check for address and token, and ask SupTask about the rest.`;
  return `${formatTable(['scenario', 'verdict', 'found'].map((heading) => ({ heading })), rows)}\n\n${end}`;
}
