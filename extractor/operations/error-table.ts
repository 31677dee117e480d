import { errorCodes, exitCodes } from '../errors.ts';

const MEANINGS: Record<keyof typeof exitCodes, string> = {
  done: 'done',
  defect: 'a defect of ours',
  usage: 'wrong usage',
  configuration: 'configuration',
  refused: 'refused by the source',
  sourceUnreachable: 'source not reachable',
  leaseHeld: 'another run is under way',
  failuresQueued: 'done, with failures queued for retry (only with `--strict`)',
  storageUnreachable: 'landing or warehouse not reachable or not writable',
  checkSaysNo: 'a check says no',
};

/** docs/errors.md: every exit code and every code of an error, made of the tables in errors.ts. */
export function errorTable(): string {
  const exits = Object.entries(exitCodes).map(([name, code]) => `| ${code} | ${MEANINGS[name as keyof typeof exitCodes]} |`);
  const codes = Object.entries(errorCodes).map(([code, { exitCode, means, remedy }]) => `| \`${code}\` | ${exitCode} | ${means} | ${remedy} |`);
  return [
    '# Errors',
    '',
    'Made by `npx suptask errors codes > docs/errors.md`; a test holds it equal to `extractor/errors.ts`.',
    '',
    'A command that fails says what happened, what to do, and a correlation id: three lines on a terminal, one JSON line of the log elsewhere, an object with `--json`. `suptask errors show ID` tells the rest: the request, the head of the answer, the causes with their stacks; but where settings, usage, the landing or mappings are what is wrong, nothing is landed and all is said at once. No secret is in any of them.',
    '',
    '## Exit codes',
    '',
    '| exit code | it means |',
    '|---|---|',
    ...exits,
    '',
    '## Codes',
    '',
    '| code | exit code | what happened | what to do |',
    '|---|---|---|---|',
    ...codes,
    '',
  ].join('\n');
}
