import type { Verdict } from '../operations/rollout/verdict.ts';

/** A go/no-go list for people: what, the answer, the evidence, and what to do about a no. */
export function describeVerdicts(verdicts: readonly Verdict[]): string {
  const width = Math.max(...verdicts.map(({ what }) => what.length));
  return verdicts.map(({ what, ok, evidence, remedy }) => `${ok ? 'go   ' : 'NO GO'}  ${what.padEnd(width)}  ${evidence}${ok ? '' : `\n       ${' '.repeat(width)}  To do: ${remedy}`}`).join('\n');
}
