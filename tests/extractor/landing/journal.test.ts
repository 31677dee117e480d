import { copyFileSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Clock } from '../../../extractor/clock.ts';
import type { Landing, LandingJournal } from '../../../extractor/landing/landing.ts';
import type { Row } from '../../../extractor/landing/streams.ts';
import { LANDING_KINDS, emptyLanding, landingAddress, landingAt, rowsOf } from '../support/landing.ts';

const AT = Date.parse('2026-07-06T23:59:59.000Z');

/** What JSON, DuckDB's reader of it or Parquet could take for something else. */
const TEXTS = ['', 'null', '\\N', '{"a":"\\u0041\\n"}', 'two\nlines\r\n', '\t\u0001\u007F', '\uFEFFbom', '\u2028', '👩‍🚀 Δ 晨', "'quoted' \"twice\"", 'x'.repeat(100_000)];

function fetched(id: string, payload: string | null = '{}'): Row<'ticket_fetches'> {
  return {
    fetch_id: id, run_id: null, ticket_number: 999_999_999_999_999, channel: 'webhook', outcome: 'found', http_status: null,
    observed_at: new Date('2026-07-06T10:00:00Z'), observed_basis: 'local_clock', fetched_at: new Date(AT), duration_ms: 0, attempt: 1,
    team_id: null, ticket_status: payload, ticket_updated_at: new Date('0001-01-01T00:00:00Z'), payload_hash: 'a', payload, error: null,
  };
}

async function opened(landing: Landing): Promise<LandingJournal> {
  const journal = await landing.openJournal();
  onTestFinished(() => journal.close());
  return journal;
}

const idsOf = async (landing: Landing) => (await rowsOf(landing, 'ticket_fetches')).map(({ fetch_id: id }) => id);

describe.each(LANDING_KINDS)('a journal (%s)', (kind) => {
  it('once rolled has left each row in the log as if it had been appended', async () => {
    const [landing, plain] = [await emptyLanding(kind), await emptyLanding(kind)];
    const journal = await opened(landing);
    const rows = TEXTS.map((text, index) => fetched(`id ${index}`, text));
    for (const row of rows) await journal.append('ticket_fetches', [row]);
    await journal.append('error_events', [{ correlation_id: 'e', at: new Date(AT), code: 'defect', message: '', detail: null }]);
    await journal.roll();
    await plain.append('ticket_fetches', rows);
    const withoutBatch = async (log: Landing) => (await rowsOf(log, 'ticket_fetches')).map((row) => ({ ...row, batch_id: null, landed_at: null }));
    expect(await withoutBatch(landing)).toEqual(await withoutBatch(plain));
    expect(await rowsOf(landing, 'error_events')).toHaveLength(1);
  });
});

describe('a journal in a folder', () => {
  /** A landing folder, and a way to look into its journal. */
  async function folderWithJournal(clock?: Clock) {
    const folder = await landingAddress('parquet');
    const landing = await landingAt(folder, clock);
    const journalFolder = join(folder, 'journal', 'workspace=default');
    const files = () => readdirSync(journalFolder).filter((name) => name.endsWith('.jsonl')).map((name) => join(journalFolder, name));
    return { folder, landing, files, parquet: () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.parquet')) };
  }

  it('that a crash left is rolled by the next who opens it', async () => {
    const { landing, files } = await folderWithJournal();
    const died = await landing.openJournal();
    await died.append('ticket_fetches', [fetched('a')]);
    await died.append('ticket_fetches', [fetched('b')]);
    await died.close();
    expect([files().length, await idsOf(landing)]).toEqual([1, []]);
    await opened(landing);
    expect([files().length, await idsOf(landing)]).toEqual([0, ['a', 'b']]);
  });

  it('loses no earlier row to a last one that is half written, wherever it was cut, and does not read it', async () => {
    const { landing, files } = await folderWithJournal();
    const journal = await landing.openJournal();
    await journal.append('ticket_fetches', [fetched('a', '👩‍🚀')]);
    const [path = ''] = files();
    const whole = readFileSync(path);
    await journal.append('ticket_fetches', [fetched('b', '👩‍🚀')]);
    const both = readFileSync(path);
    await journal.close();
    const rest = both.length - whole.length;
    const cuts = [0, 1, 2, 17, Math.floor(rest / 2), both.indexOf('👩‍🚀', whole.length) - whole.length + 2, rest - 2];
    for (const [index, cut] of cuts.entries()) {
      writeFileSync(path.replace('.2026', `.${2030 + index}`).replace(/[0-9a-f]{12}\.jsonl$/, `${index}.jsonl`), both.subarray(0, whole.length + cut));
    }
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(4_096)]));
    await opened(landing);
    expect([files(), await idsOf(landing)]).toEqual([[], ['a']]);
  });

  it('counts each row once, wherever a crash ended the roll', async () => {
    const { folder, landing, files, parquet } = await folderWithJournal();
    const journal = await landing.openJournal();
    await journal.append('ticket_fetches', [fetched('a')]);
    await journal.append('ticket_fetches', [fetched('b')]);
    const [path = ''] = files();
    copyFileSync(path, `${path}.kept`);
    await journal.roll();
    await journal.close();
    const [made = ''] = parquet();
    // The Parquet file is placed, and the journal file not yet removed.
    copyFileSync(`${path}.kept`, path);
    await (await landing.openJournal()).close();
    expect([files(), parquet(), await idsOf(landing)]).toEqual([[], [made], ['a', 'b']]);
    // It is half written, and not yet placed.
    copyFileSync(`${path}.kept`, path);
    const half = join(folder, dirname(made), `.${basename(made)}.tmp`);
    renameSync(join(folder, made), half);
    truncateSync(half, 100);
    expect(await idsOf(landing)).toEqual([]);
    await (await landing.openJournal()).close();
    expect([files(), parquet(), await idsOf(landing)]).toEqual([[], [made], ['a', 'b']]);
  });

  it('keeps the rows of each day apart', async () => {
    let nowMs = AT;
    const { landing, parquet } = await folderWithJournal({ now: () => nowMs, sleep: () => Promise.resolve() });
    const journal = await opened(landing);
    await journal.append('ticket_fetches', [fetched('a')]);
    nowMs += 2_000;
    await journal.append('ticket_fetches', [fetched('b')]);
    await journal.roll();
    expect(parquet().map((name) => name.split('/')[1])).toEqual(['landed_on=2026-07-06', 'landed_on=2026-07-07']);
    expect(await idsOf(landing)).toEqual(['a', 'b']);
  });

  it('says of no row that it is durable whose file was taken away', async () => {
    const { folder, landing } = await folderWithJournal();
    const journal = await opened(landing);
    await journal.append('ticket_fetches', [fetched('a')]);
    rmSync(join(folder, 'journal'), { recursive: true });
    await expect(journal.append('ticket_fetches', [fetched('b')])).rejects.toMatchObject({ code: 'landing.not_writable' });
    await expect(journal.append('ticket_fetches', [fetched('c')])).rejects.toMatchObject({ code: 'landing.not_writable' });
  });

  it('lies in a folder of any name', async () => {
    const landing = await landingAt(join(await landingAddress('parquet'), "quo'te [a-z] * ?"));
    const journal = await opened(landing);
    await journal.append('ticket_fetches', [fetched('a')]);
    await journal.roll();
    expect(await idsOf(landing)).toEqual(['a']);
  });
});
