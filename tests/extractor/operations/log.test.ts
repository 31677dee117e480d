import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createLog, LOG_LEVELS, type LogLevel } from '../../../extractor/log.ts';
import { createRedactor, Secret } from '../../../extractor/secret.ts';

const CANARY = 'canary "token" \\1';
const redact = createRedactor([new Secret(CANARY)]);

function logged(level: LogLevel, isTTY: boolean) {
  const written: string[] = [];
  return { written, log: createLog(level, redact, { isTTY, write: (text: string) => written.push(text) }) };
}

describe('the log', () => {
  it('is one JSON object a line', () => {
    const { written, log } = logged('info', false);
    log.info({ requests: 7 }, 'a run has ended');
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(written[0] ?? '')).toMatchObject({ level: 'info', msg: 'a run has ended', requests: 7, pid: process.pid, time: expect.stringMatching(/Z$/) });
  });

  it('is a line for people on a terminal', () => {
    const { written, log } = logged('info', true);
    log.warn({ requests: 7, outcomes: { found: 3 } }, 'a run has ended');
    expect(stripVTControlCharacters(written.join(''))).toMatch(/^\d\d:\d\d:\d\d WARN {2}a run has ended {2}requests=7 {2}outcomes=\{"found":3\}\n$/);
  });

  it.each(LOG_LEVELS)('at the level %s leaves out what weighs less, and no secret shows in the rest', (level) => {
    for (const isTTY of [true, false]) {
      const { written, log } = logged(level, isTTY);
      for (const name of ['error', 'warn', 'info', 'debug'] as const) {
        log[name]({ [CANARY]: CANARY, nested: [{ CANARY }], cause: new Error(CANARY), err: new Error(CANARY) }, `said ${CANARY}`);
      }
      expect(written).toHaveLength(LOG_LEVELS.indexOf(level));
      expect(written.join('')).not.toMatch(/canary/);
    }
  });
});
