import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes, exitCodes } from '../../../extractor/errors.ts';
import { projectFolder } from '../../../extractor/operations/dbt.ts';
import { errorTable } from '../../../extractor/operations/error-table.ts';
import { startCommand } from '../support/command.ts';
import { landingAddress } from '../support/landing.ts';
import { startSource, TOKEN } from '../support/source.ts';

/** What every line of the extractor says, but for the table of codes itself. */
function sourceText(): string {
  const files = readdirSync(join(projectFolder, 'extractor'), { recursive: true, encoding: 'utf8' });
  const told = files.filter((file) => file.endsWith('.ts') && file !== 'errors.ts');
  return told.map((file) => readFileSync(join(projectFolder, 'extractor', file), 'utf8')).join('\n');
}

describe('the table of errors', () => {
  it('stands in docs/errors.md as it is in the code', () => {
    expect(readFileSync(join(projectFolder, 'docs/errors.md'), 'utf8')).toBe(errorTable());
  });

  it('has a row for every code and every exit code, each with a sentence and a remedy', () => {
    const rows = errorTable().split('\n').filter((line) => line.startsWith('| '));
    for (const [code, { exitCode, means, remedy }] of Object.entries(errorCodes)) {
      expect(rows).toContain(`| \`${code}\` | ${exitCode} | ${means} | ${remedy} |`);
      expect([means.length, remedy.length].every((length) => length > 20), code).toBe(true);
    }
    for (const exitCode of Object.values(exitCodes)) expect(rows.some((row) => row.startsWith(`| ${exitCode} | `))).toBe(true);
  });

  it('has no code that nothing can end with', () => {
    const text = sourceText();
    const named = Object.keys(errorCodes).filter((code) => code !== 'defect');
    expect(named.filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });
});

describe('a command that fails', () => {
  it('says what happened and what to do on the log, and `errors show` tells the rest', async () => {
    const source = await startSource({ faults: { echoedToken: { probability: 1 } } });
    const settings = { SUPTASK_API_BASE_URL: source.simulator.url, SUPTASK_API_TOKEN: `${TOKEN}-revoked`, SUPTASK_LANDING: await landingAddress('parquet') };
    const sync = await startCommand(['sync', '--json'], settings).ended;
    expect(sync.exitCode).toBe(exitCodes.refused);
    const line = JSON.parse(sync.errors) as Record<string, string>;
    expect(line).toMatchObject({ level: 'error', code: 'source.unauthorized', msg: expect.stringContaining('does not accept the token'), remedy: expect.stringContaining('SUPTASK_API_TOKEN') });
    expect(JSON.parse(sync.output)).toEqual({ error: { code: line['code'], message: line['msg'], remedy: line['remedy'], correlationId: line['correlationId'] } });

    const shown = await startCommand(['errors', 'show', String(line['correlationId']).slice(0, 8), '--json'], settings).ended;
    expect(shown).toMatchObject({ exitCode: 0, errors: '' });
    expect(JSON.parse(shown.output)).toMatchObject({
      correlationId: line['correlationId'],
      detail: { request: 'GET ticket/1', httpStatus: 401, head: { date: expect.any(String) }, stack: expect.stringContaining('refused'), remedy: line['remedy'] },
    });
    for (const text of [sync.errors, sync.output, shown.output]) expect(text).not.toContain(TOKEN);
    expect(shown.output).toContain('[redacted]');
  });

  it('tells all that is known at once where nothing can be landed', async () => {
    const status = await startCommand(['status'], { SUPTASK_LANDING: 'postgres://me:canary-password@127.0.0.1:9/none' }).ended;
    expect(status).toMatchObject({ exitCode: exitCodes.storageUnreachable, output: '' });
    expect(JSON.parse(status.errors)).toMatchObject({ code: 'landing.unreachable', causes: [expect.stringContaining('ECONNREFUSED')] });
    expect(status.errors).not.toContain('canary-password');
  });

  it('names an id that it does not know', async () => {
    const shown = await startCommand(['errors', 'show', 'abc'], { SUPTASK_LANDING: await landingAddress('parquet') }).ended;
    expect(shown).toMatchObject({ exitCode: exitCodes.usage, errors: expect.stringContaining('correlation id abc') });
  });
});
