import { describe, expect, it } from 'vitest';
import { emptyLanding, rowsOf } from '../support/landing.ts';
import { startSource, syncOnce, TOKEN } from '../support/source.ts';

const DAY = 86_400_000;

describe('a run', () => {
  it('reads a world from nothing to its newest ticket, and lands each as the source shows it', async () => {
    const source = await startSource();
    const landing = await emptyLanding('parquet', source.clock);
    const report = await syncOnce(source, landing);
    expect(report).toMatchObject({ ended: 'everything_read', left: 0, outcomes: { found: 60 } });
    const rows = await rowsOf(landing, 'ticket_fetches');
    for (const row of rows.filter(({ outcome }) => outcome === 'found')) {
      const number = Number(row['ticket_number']);
      expect(JSON.parse(String(row['payload']))).toEqual(source.world.ticket(number, source.clock.now()));
    }
    expect(rows).toHaveLength(report.requests);
    expect(source.simulator.requests.total).toBe(report.requests);
  });

  it('reads a world that has not changed again, and stores no body twice', async () => {
    const source = await startSource();
    const landing = await emptyLanding('parquet', source.clock);
    await syncOnce(source, landing);
    source.clock.advanceTo(source.clock.now() + DAY);
    const again = await syncOnce(source, landing);
    expect(again.outcomes).toEqual({ unchanged: 60, not_found: 2 });
    const rows = await rowsOf(landing, 'ticket_fetches');
    expect(rows.filter(({ payload }) => payload !== null)).toHaveLength(60);
    expect(rows.filter(({ outcome }) => outcome === 'unchanged').every(({ payload, payload_hash }) => payload === null && payload_hash !== null)).toBe(true);
  });

  it('lands each outcome as what it is, and none of them stops it', async () => {
    const source = await startSource({
      faults: {
        brokenForEver: { numbers: [11] },
        forbidden: { numbers: [12] },
        gone: { numbers: [13] },
        serverError: { numbers: [14] },
        cutBody: { numbers: [15] },
        brokenJson: { numbers: [16] },
        closedConnection: { numbers: [17] },
        otherNumber: { numbers: [18] },
        missingNumber: { numbers: [19] },
        oversizeBody: { numbers: [20], bytes: 5 * 1024 * 1024 },
        echoedToken: { numbers: [21] },
        slow: { numbers: [22], delayMs: 60_000 },
      },
    });
    const landing = await emptyLanding('parquet', source.clock);
    await syncOnce(source, landing, { kind: 'backfill', range: { from: 60, to: 60 } });
    const report = await syncOnce(source, landing, { timeoutMs: 3_000 });
    expect(report.ended).toBe('everything_read');
    const rows = await rowsOf(landing, 'ticket_fetches');
    const shown = rows
      .filter(({ ticket_number }) => Number(ticket_number) >= 11 && Number(ticket_number) <= 22)
      .sort((a, b) => Number(a['ticket_number']) - Number(b['ticket_number']))
      .map(({ outcome, http_status, observed_basis, payload, error }) => [outcome, http_status, observed_basis, payload, String(error).slice(0, 30)]);
    expect(shown).toEqual([
      ['server_error', 500, 'date_header', null, 'HTTP 500 {"message":"Failed to'],
      ['forbidden', 403, 'date_header', null, 'HTTP 403 {"message":"The ticke'],
      ['not_found', 404, 'date_header', null, 'HTTP 404 {"message":"Ticket no'],
      ['server_error', 500, 'date_header', null, 'HTTP 500 {"message":"Internal '],
      ['invalid_payload', 200, 'date_header', null, expect.stringMatching(/^cut off/)],
      ['invalid_payload', 200, 'date_header', null, expect.stringMatching(/^not JSON/)],
      ['network_error', null, 'local_clock', null, expect.stringMatching(/./)],
      ['invalid_payload', 200, 'date_header', null, expect.stringMatching(/^asked for 18, got 19/)],
      ['invalid_payload', 200, 'date_header', null, expect.stringMatching(/^a ticket without its number/)],
      ['invalid_payload', 200, 'date_header', null, expect.stringMatching(/^cut off \(larger than 4194304/)],
      ['server_error', 500, 'date_header', null, 'HTTP 500 {"message":"Upstream '],
      ['timeout', null, 'local_clock', null, 'no whole answer within 3000 ms'],
    ]);
    expect(JSON.stringify(rows)).not.toContain(TOKEN);
    expect(rows.filter(({ outcome }) => outcome === 'found')).toHaveLength(48);
  });

  it('retries what failed when that is due, and takes the ticket back when it answers', async () => {
    const source = await startSource({ faults: { serverError: { numbers: [5] } } });
    const landing = await emptyLanding('parquet', source.clock);
    await syncOnce(source, landing);
    source.clock.advanceTo(source.clock.now() + 30 * 60_000);
    source.simulator.setFaults({});
    await syncOnce(source, landing);
    const rows = await rowsOf(landing, 'ticket_fetches', ['observed_at', 'fetch_id']);
    const ofFive = rows.filter(({ ticket_number }) => ticket_number === 5);
    expect(ofFive.map(({ outcome, attempt }) => [outcome, attempt])).toEqual([['server_error', 1], ['found', 2]]);
  });

  it('reads each number once, however wrong the clock of this machine is', async () => {
    for (const offsetMs of [-5 * DAY, -3_600_000, 3_600_000, 5 * DAY]) {
      const source = await startSource();
      const wrong = { now: () => source.clock.now() + offsetMs, sleep: source.clock.sleep.bind(source.clock) };
      const landing = await emptyLanding('parquet', wrong);
      const report = await syncOnce(source, landing, { clock: wrong, signal: AbortSignal.timeout(3_000) });
      const readTwice = [...source.simulator.requests.byNumber].filter(([number, count]) => number <= 60 && count > 1);
      expect([offsetMs, report.ended, readTwice]).toEqual([offsetMs, 'everything_read', []]);
    }
  });
});

describe('a run, while the clock of this machine is put right', () => {
  it.each([-3_600_000, 3_600_000])('by %d ms, reads each number once all the same', async (stepMs) => {
    const source = await startSource();
    let offsetMs = 0;
    const stepped = { now: () => source.clock.now() + offsetMs, sleep: source.clock.sleep.bind(source.clock) };
    const landing = await emptyLanding('parquet', stepped);
    const onProgress = ({ requests }: { requests: number }) => (offsetMs = requests > 20 ? stepMs : 0);
    const report = await syncOnce(source, landing, { clock: stepped, onProgress, signal: AbortSignal.timeout(3_000) });
    const readTwice = [...source.simulator.requests.byNumber].filter(([number, count]) => number <= 60 && count > 1);
    expect([report.ended, readTwice]).toEqual(['everything_read', []]);
  });
});

describe('a backfill', () => {
  it('reads the range and nothing else, newest first, and not what was read before', async () => {
    const source = await startSource();
    const landing = await emptyLanding('parquet', source.clock);
    await syncOnce(source, landing, { kind: 'backfill', range: { from: 10, to: 20 } });
    await syncOnce(source, landing, { kind: 'backfill', range: { from: 15, to: 25 } });
    const { byNumber } = source.simulator.requests;
    expect([...byNumber.values()].every((count) => count === 1)).toBe(true);
    expect([...byNumber.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index + 10));
  });

  it('ends past the newest ticket, too', async () => {
    const source = await startSource();
    const landing = await emptyLanding('parquet', source.clock);
    const report = await syncOnce(source, landing, { kind: 'backfill', range: { from: 55, to: 70 } });
    expect(report).toMatchObject({ ended: 'everything_read', outcomes: { found: 6, not_found: 10 } });
  });
});
