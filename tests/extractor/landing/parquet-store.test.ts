import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../extractor/landing/streams.ts';
import { temporaryFolder } from '../support/folder.ts';
import { landingAt, rowsOf } from '../support/landing.ts';

const error = (correlation_id: string): Row<'error_events'> => ({ correlation_id, at: new Date(0), code: 'defect', message: '', detail: null });

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.parquet')) : [];
}

describe('a landing folder', () => {
  it.each(['plain', 'with space', "quo'te", 'brackets [a-z]', 'star * and ? mark', 'ünï', '%20', '{a,b}'])(
    'may be called %j',
    async (name) => {
      const landing = await landingAt(join(temporaryFolder(), name, 'landing'));
      await landing.append('error_events', [error('a')]);
      expect(await rowsOf(landing, 'error_events')).toHaveLength(1);
    },
  );

  it('counts a row in two files once', async () => {
    const folder = join(temporaryFolder(), 'landing');
    const landing = await landingAt(folder);
    await landing.append('error_events', [error('a'), error('b')]);
    const [file] = filesIn(folder).map((name) => join(folder, name));
    cpSync(String(file), join(dirname(String(file)), 'compacted.parquet'));
    await landing.append('error_events', [error('b'), error('c')]);
    expect((await rowsOf(landing, 'error_events')).map(({ correlation_id }) => correlation_id)).toEqual(['a', 'b', 'c']);
  });

  it('is read past a file that is half written', async () => {
    const folder = join(temporaryFolder(), 'landing');
    const landing = await landingAt(folder);
    await landing.append('error_events', [error('a')]);
    const file = join(folder, String(filesIn(folder)[0]));
    const half = join(dirname(file), `.${basename(file)}.tmp`);
    cpSync(file, half);
    truncateSync(half, 100);
    expect(await rowsOf(landing, 'error_events')).toHaveLength(1);
  });

  it('that holds a file which was cut off is not read as if that were nothing', async () => {
    const folder = join(temporaryFolder(), 'landing');
    const landing = await landingAt(folder);
    await landing.append('error_events', [error('a')]);
    const file = join(folder, String(filesIn(folder)[0]));
    truncateSync(file, 100);
    await expect(rowsOf(landing, 'error_events')).rejects.toMatchObject({ code: 'landing.unreachable', exitCode: 8 });
  });

  it('is read with files of before a column was added', async () => {
    const folder = join(temporaryFolder(), 'landing');
    const landing = await landingAt(folder);
    await landing.append('error_events', [error('a')]);
    const { DuckDBInstance } = await import('@duckdb/node-api');
    const instance = await DuckDBInstance.create(':memory:');
    const file = join(folder, String(filesIn(folder)[0]));
    const older = join(dirname(file), 'older.parquet');
    await (await instance.connect()).run(`copy (select * exclude (detail) replace ('b' as correlation_id) from '${file}') to '${older}'`);
    instance.closeSync();
    expect((await rowsOf(landing, 'error_events')).map(({ correlation_id, detail }) => [correlation_id, detail])).toEqual([['a', null], ['b', null]]);
  });

  it.each<[string, (folder: string) => void, string]>([
    ['below a file', (folder) => writeFileSync(dirname(folder), ''), 'a file of that name is in the way'],
    ['itself a file', (folder) => writeFileSync(placeFor(folder), ''), 'a file of that name is in the way'],
    ['one whose stream is a file', (folder) => writeFileSync(placeFor(join(folder, 'error_events')), ''), 'is'],
  ])('that is %s takes no row and leaves nothing behind', async (_, spoil, why) => {
    const folder = join(temporaryFolder(), 'parent', 'landing');
    spoil(folder);
    const landing = await landingAt(folder);
    await expect(landing.append('error_events', [error('a')])).rejects.toMatchObject({
      code: 'landing.not_writable',
      exitCode: 8,
      message: expect.stringContaining(why),
    });
    expect(filesIn(dirname(dirname(folder)))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('on a file system that takes no folders is refused at once', async () => {
    const landing = await landingAt('/proc/landing');
    await expect(landing.append('error_events', [error('a')])).rejects.toMatchObject({ code: 'landing.not_writable' });
  });

  it('keeps nothing of a write that failed', async () => {
    const folder = join(temporaryFolder(), 'landing');
    const landing = await landingAt(folder);
    const bad = { ...error('b'), at: 'not a date' } as unknown as Row<'error_events'>;
    await expect(landing.append('error_events', [error('a'), bad])).rejects.toMatchObject({ code: 'landing.not_writable' });
    expect(filesIn(folder)).toEqual([]);
    await landing.append('error_events', [error('a')]);
    expect(await rowsOf(landing, 'error_events')).toHaveLength(1);
  });
});

describe('the lease of a landing folder', () => {
  it.each([0, 1, 4_096, 12_287])('is to be had though a crash left a lock file of %d bytes', async (bytes) => {
    const folder = join(temporaryFolder(), 'landing');
    const landing = await landingAt(folder);
    await (await landing.tryLease())?.release();
    const file = join(folder, 'lease.duckdb');
    writeFileSync(file, readFileSync(file).subarray(0, bytes));
    const lease = await landing.tryLease();
    expect(lease).not.toBeNull();
    await lease?.release();
  });

  it('says what is in its way', async () => {
    const folder = join(temporaryFolder(), 'landing');
    mkdirSync(join(folder, 'lease.duckdb'), { recursive: true });
    await expect((await landingAt(folder)).tryLease()).rejects.toMatchObject({ code: 'landing.not_writable', exitCode: 8 });
  });
});

function placeFor(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  return path;
}
