import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readReplayRows, ReplayError } from '../../../extractor/simulator/replay-rows.ts';
import { replayWorld } from '../../../extractor/simulator/replay.ts';

const FIXTURE = fileURLToPath(new URL('../../fixtures/events.csv', import.meta.url));
const LOGS = [FIXTURE, ...(process.env['SUPTASK_EVENTS'] ? [process.env['SUPTASK_EVENTS']] : [])];

/** The log read in the plainest way, to hold the replay against. */
function plainRows(path: string) {
  return readFileSync(path, 'utf8').trim().split('\n').slice(1).map((line) => {
    const [number, at, status, archived] = line.split(',');
    return { number: Number(number), at: Date.parse(at ?? ''), status, archived: archived === 'true' };
  });
}

describe.each(LOGS)('the replay of %s', (path) => {
  const rows = plainRows(path);
  const world = replayWorld(path);

  it('ends with each ticket as its last row says', () => {
    const last = new Map(rows.map((row) => [row.number, row]));
    const { tickets } = world.truth(world.horizon);
    expect(tickets.map(({ number, status, archived }) => ({ number, status, archived }))).toEqual(
      [...last.values()].toSorted((a, b) => a.number - b.number).map(({ number, status, archived }) => ({ number, status, archived })),
    );
    for (const { number, at, status, archived } of last.values()) {
      expect(world.ticket(number, world.horizon)).toMatchObject({ status, archived, updatedAt: at / 1000 });
    }
  });

  it('shows at the time of each row the last row of that second', () => {
    const lastOfSecond = new Map(rows.map((row) => [`${row.number} ${row.at}`, row]));
    for (const { number, at, status, archived } of lastOfSecond.values()) {
      const { status: shown, archived: hidden, updatedAt } = world.ticket(number, at) ?? {};
      if (shown !== status || hidden !== archived || updatedAt !== at / 1000) {
        expect({ number, at, shown, hidden, updatedAt }).toEqual({ number, at, shown: status, hidden: archived, updatedAt: at / 1000 });
      }
    }
  });

  it('knows a ticket from its first row on', () => {
    const first = new Map(rows.toReversed().map((row) => [row.number, row.at]));
    for (const [number, at] of first) {
      if (world.ticket(number, at - 1) !== undefined) expect.fail(`ticket ${number} is there too early`);
    }
    expect(world.newestNumber(world.startsAt - 1)).toBe(0);
    expect(world.newestNumber(world.horizon)).toBe(Math.max(...first.keys()));
  });
});

describe('an event log', () => {
  const replay = (text: string) => replayWorld(readReplayRows(text));

  it('may have rows of one ticket in the same second: the later row in the file counts later', () => {
    const world = replay('ticket_number,at,status,archived\n1,2026-01-01T00:00:00Z,Open,false\n1,2026-01-01T00:00:00Z,Closed,false\n1,2026-01-01T00:00:00Z,On-hold,false\n');
    expect(world.ticket(1, world.horizon)?.status).toBe('On-hold');
    expect(world.truth(world.horizon).tickets[0]?.events.map(({ from, to }) => [from, to])).toEqual([['Open', 'Closed'], ['Closed', 'On-hold']]);
  });

  it('may change nothing but the updated time, and be out of order between seconds', () => {
    const world = replay('ticket_number,at,status,archived\n1,2026-01-01T02:00:00Z,Open,false\n1,2026-01-01T01:00:00Z,Open,false\n');
    expect(world.truth(world.horizon).tickets[0]).toMatchObject({
      createdAt: Date.parse('2026-01-01T01:00:00Z'),
      events: [{ field: 'updatedAt', at: Date.parse('2026-01-01T02:00:00Z') }],
    });
  });

  it('closes a ticket once, however often and in whichever spelling it says so', () => {
    const rows = ['00,Open', '01,Closed', '02,closed', '03,Open', '04,CLOSED'].map((row) => `1,2026-01-01T00:00:${row},false`);
    const world = replay(['ticket_number,at,status,archived', ...rows].join('\n'));
    const second = (at: number | null | undefined) => ((at ?? 0) - world.startsAt) / 1000;
    const [ticket] = world.truth(world.horizon).tickets;
    expect([second(ticket?.firstClosedAt), second(ticket?.lastClosedAt), ticket?.reopenCount]).toEqual([1, 4, 1]);
    const [earlier] = world.truth(world.startsAt + 2000).tickets;
    expect([second(earlier?.firstClosedAt), second(earlier?.lastClosedAt), earlier?.status]).toEqual([1, 1, 'closed']);
  });

  it('may begin a lower number later: the newest stays the highest', () => {
    const world = replay('ticket_number,at,status,archived\n9,2026-01-01T00:00:00Z,Open,false\n2,2026-01-02T00:00:00Z,Open,false\n');
    expect(world.newestNumber(world.horizon)).toBe(9);
    expect(world.truth(world.horizon).tickets.map(({ number }) => number)).toEqual([2, 9]);
  });

  it('may carry further fields of the ticket, in any order of columns, with quotes and CRLF', () => {
    const world = replay(
      '\uFEFFarchived,status,ticket_number,at,priority,assignee,tags,messageRequesterCount,isSlackConnect,createdAt\r\n' +
        'false,"Waiting, or so",5,2026-01-01 10:00:00,High,U1,"[""a"",""b""]",2,true,2025-12-31T00:00:00Z\r\n' +
        'TRUE,Closed,5,1767265200,,U2,,3,true,2025-12-31T00:00:00Z\r\n',
    );
    const [first, second] = [Date.parse('2026-01-01T10:00:00Z'), Date.parse('2026-01-01T11:00:00Z')];
    expect(world.ticket(5, first)).toMatchObject({
      status: 'Waiting, or so', priority: 'High', assignee: 'U1', tags: ['a', 'b'], messageRequesterCount: 2, isSlackConnect: true,
      createdAt: Date.parse('2025-12-31T00:00:00Z') / 1000,
    });
    const later = world.ticket(5, second);
    expect(later).toMatchObject({ status: 'Closed', archived: true, assignee: 'U2', messageRequesterCount: 3 });
    expect(later).not.toHaveProperty('priority');
    expect(world.truth(second).tickets[0]).toMatchObject({ priority: null, holder: 'U2', firstClosedAt: second });
  });

  it.each([
    ['', 1, 'empty'],
    ['ticket_number,at,status\n', 1, 'lacks archived'],
    ['ticket_number,at,status,archived,at\n', 1, 'stands twice'],
    ['ticket_number,at,status,archived,updatedAt\n', 1, 'updatedAt'],
    ['ticket_number,at,status,archived\n1,2026-01-01T00:00:00Z,Open,false\nx,2026-01-01T00:00:00Z,Open,false\n', 3, '"x" is no ticket number'],
    ['ticket_number,at,status,archived\n0,2026-01-01T00:00:00Z,Open,false\n', 2, 'no ticket number'],
    ['ticket_number,at,status,archived\n1,yesterday,Open,false\n', 2, '"yesterday" in at is no time'],
    ['ticket_number,at,status,archived\n1,2026-01-01T00:00:00Z,,false\n', 2, 'the status is empty'],
    ['ticket_number,at,status,archived\n1,2026-01-01T00:00:00Z,Open,maybe\n', 2, 'not "maybe"'],
    ['ticket_number,at,status,archived\n1,2026-01-01T00:00:00Z,Open\n', 2, '3 cells where the header has 4'],
    ['ticket_number,at,status,archived,tags\n1,2026-01-01T00:00:00Z,Open,false,[a\n', 2, 'begins like JSON'],
    ['ticket_number,at,status,archived\n\n1,2026-01-01T00:00:00Z,"Open,false\n', 3, 'never closed'],
  ])('that reads %j is refused at line %i', (text, line, problem) => {
    const refusal = (() => {
      try {
        return replay(text);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toBeInstanceOf(ReplayError);
    expect(refusal).toMatchObject({ line, message: expect.stringContaining(problem) as string });
  });

  it('is read from a path', () => {
    const folder = mkdtempSync(join(tmpdir(), 'events-'));
    writeFileSync(join(folder, 'log.csv'), 'ticket_number,at,status,archived\n3,2026-01-01T00:00:00Z,Open,false\n');
    expect(replayWorld(join(folder, 'log.csv')).newestNumber(Date.UTC(2026, 0, 1))).toBe(3);
    rmSync(folder, { recursive: true });
  });
});
