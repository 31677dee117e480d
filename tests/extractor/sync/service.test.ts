import { describe, expect, it } from 'vitest';
import { withRuns } from '../../../extractor/commands/run-command.ts';
import { announce } from '../../../extractor/operations/alerts/announce.ts';
import { loadSyncState } from '../../../extractor/sync/state.ts';
import { sessionWith } from '../operations/support/session.ts';
import { delivery, startServing } from '../serve/support/receiving.ts';
import { LANDING_KINDS, rowsOf } from '../support/landing.ts';
import { startSource } from '../support/source.ts';

const HOUR_MS = 3_600_000;

describe.each(LANDING_KINDS)('the runs of a service (%s)', (kind) => {
  it('leave a ledger that says what the log does, so that alerts are told without reading its reads anew', { timeout: 120_000 }, async () => {
    const source = await startSource({ tickets: 12, faults: { brokenForEver: { numbers: [7] } } });
    const session = await sessionWith(source, kind);
    const { settings, landing, clock } = session;
    const signal = new AbortController().signal;
    await withRuns(session, { kind: 'sync' }, false, signal, async (run, _, ledger) => {
      for (let count = 1; count <= 6; count += 1) {
        await run();
        const anew = await loadSyncState({ ...settings, landing, clock });
        expect(ledger().contents).toEqual(anew.ledger.contents);

        const streams: string[] = [];
        const read: typeof landing.read = (request) => {
          streams.push(request.stream);
          return landing.read(request);
        };
        const told = await announce({ ...session, landing: { ...landing, read } }, {}, ledger());
        expect(told.open.map(({ key }) => key)).toEqual((await announce(session, {})).open.map(({ key }) => key));
        expect(streams).not.toContain('ticket_fetches');
        if (count === 6) expect(told.open.map(({ key }) => key)).toEqual(['ticket_failing:7']);
        source.clock.advanceTo(source.clock.now() + 5 * HOUR_MS);
      }
    });
  });
});

it('a run of a service takes up what a receiver left that died since the run before', { timeout: 120_000 }, async () => {
  const session = await sessionWith(await startSource({ tickets: 8 }), 'parquet');
  await withRuns(session, { kind: 'sync' }, false, new AbortController().signal, async (run) => {
    await run();
    const receiving = await startServing(session.address);
    const { answer } = await receiving.deliver(delivery(3));
    receiving.kill();
    await receiving.ended;
    await run();
    expect((await rowsOf(session.landing, 'ticket_fetches')).map(({ fetch_id: id }) => id)).toContain(answer['landed']);
  });
});
