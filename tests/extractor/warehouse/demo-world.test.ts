import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TicketTruth } from '../../../extractor/simulator/truth.ts';
import { askMarts } from './support/asked-metrics.ts';
import { type DemoStory, tellDemoStory } from './support/demo-story.ts';
import { readStream, streamNames } from './support/landing-log.ts';
import type { MartRow, Value } from './support/marts.ts';
import { describePeople } from './support/people-claims.ts';
import { closingsOf, wasSeenBetween } from './support/true-closings.ts';
import { classMinutesOf, firstAssignmentOf, firstReplyOf, holderMinutesOf, isCountedFromOne, wasEachStaySeen } from './support/true-measures.ts';
import { countBy, isBacklog, type Pair, pair, readable, timeMs, timeText, trueColumns, usualSpelling, weekStart } from './support/true-tickets.ts';

const ENGINES = ['DuckDB', 'PostgreSQL'] as const;
const MARTS = [
  'alerts',
  'backlog_daily',
  'backlog_flow_daily',
  'closure_cadence',
  'entity_external_ids',
  'fetch_failures',
  'identity_resolution',
  'identity_resolution_rate',
  'number_ledger',
  'partners',
  'service_health_snapshots',
  'sla_outcomes',
  'slack_users',
  'staff',
  'suptask_ticket_history',
  'suptask_tickets',
  'sync_health',
  'sync_runs',
  'ticket_closings',
  'ticket_holder_minutes',
  'ticket_metrics',
  'ticket_volume_daily',
  'unresolved_identities',
  'workload_by_partner',
  'workload_by_partner_daily',
  'workload_by_staff',
  'workload_by_staff_daily',
];

let story: DemoStory;

beforeAll(async () => {
  story = await tellDemoStory();
}, 900_000);

afterAll(() => story?.end());

describe.each(ENGINES)('what the marts say of the demo’s world on %s', (engine) => {
  let pairs: Pair[];
  let tickets: TicketTruth[];
  const mart = (name: string): MartRow[] => story.known[engine][name] ?? [];

  beforeAll(() => {
    tickets = readable(story.truth, [...story.forbidden, ...story.broken]);
    pairs = pair(mart('suptask_tickets'), tickets);
  });

  it.each(Object.keys(trueColumns))('tells %s of every ticket as it is', (column) => {
    const truly = trueColumns[column] ?? (() => null);
    const wrong = pairs
      .filter(({ row, ticket }) => row[column] !== truly(ticket))
      .map(({ row, ticket }) => ({ number: ticket.number, told: row[column], truly: truly(ticket) }));
    expect(wrong).toEqual([]);
  });

  it('shows each number that cannot be read, and why', () => {
    expect(story.forbidden.length * story.broken.length).toBeGreaterThan(0);
    const lastOutcome = (numbers: number[]) =>
      mart('number_ledger').filter(({ ticket_number }) => numbers.includes(Number(ticket_number))).map(({ last_outcome }) => last_outcome);
    expect(lastOutcome(story.forbidden)).toEqual(story.forbidden.map(() => 'forbidden'));
    expect(lastOutcome(story.broken)).toEqual(story.broken.map(() => 'server_error'));
    const failing = mart('fetch_failures').map(({ ticket_number }) => Number(ticket_number));
    expect(failing.toSorted((a, b) => a - b)).toEqual(story.broken);
  });

  it('counts the backlog of each holder', () => {
    const kind = ({ holder }: TicketTruth) => (holder === null ? 'unassigned' : 'staff');
    for (const statusClass of ['open', 'active']) {
      const truly = countBy(tickets.filter((ticket) => isBacklog(ticket) && ticket.statusClass === statusClass), (ticket) => [kind(ticket), ticket.holderStaffId]);
      const told = countBy(mart('workload_by_staff'), (row) => [row['holder_kind'] ?? null, row['holder_id'] ?? null], (row) => Number(row[`${statusClass}_tickets`]));
      expect(told).toEqual(truly);
    }
  });

  it('counts the backlog of each partner', () => {
    for (const statusClass of ['open', 'active']) {
      const truly = countBy(tickets.filter((ticket) => isBacklog(ticket) && ticket.statusClass === statusClass), ({ partnerId }) => [partnerId]);
      const told = countBy(mart('workload_by_partner'), (row) => [row['partner_id'] ?? null], (row) => Number(row[`${statusClass}_tickets`]));
      expect(told).toEqual(truly);
    }
  });

  it('counts the last day’s backlog in every group', () => {
    const rows = mart('backlog_daily');
    const lastDay = rows.map(({ day }) => String(day)).toSorted().at(-1);
    const truly = countBy(tickets.filter(isBacklog), (ticket) => [ticket.statusClass, usualSpelling(ticket.priority), ticket.queueId, ticket.partnerId, ticket.holderStaffId]);
    const groupOf = (row: MartRow): Value[] => ['status_class', 'priority', 'queue_id', 'partner_id', 'holder_id'].map((name) => row[name] ?? null);
    expect(lastDay).toBe(new Date(story.truth.horizon).toISOString().slice(0, 10));
    expect(countBy(rows.filter(({ day }) => day === lastDay), groupOf, ({ tickets: count }) => Number(count))).toEqual(truly);
  });

  it('counts the tickets created in each week for each partner', () => {
    const truly = countBy(tickets, ({ createdAt, partnerId }) => [weekStart(createdAt), partnerId]);
    const told = countBy(mart('closure_cadence'), (row) => [row['week_start'] ?? null, row['partner_id'] ?? null], ({ created }) => Number(created));
    expect(told).toEqual(truly);
  });

  it('bounds the last closing of every ticket that was seen open since it was last opened', () => {
    const closed = pairs.filter(({ ticket }) => ticket.statusClass === 'closed');
    const known = closed.filter(({ ticket }) => {
      const { opened, closed: closedAt } = closingsOf(ticket).at(-1) ?? { opened: 0, closed: 0 };
      return ticket.reopenCount === 0 || wasSeenBetween(story.looks.get(ticket.number), opened, closedAt);
    });
    const wrong = known.filter(({ row, ticket }) => !lies(ticket.lastClosedAt, row));
    expect(wrong).toEqual([]);
    expect(known.length).toBeGreaterThan(0.98 * closed.length);
  });

  it('bounds one true closing of every other closed ticket, and estimates within the bounds', () => {
    const closed = pairs.filter(({ ticket }) => ticket.statusClass === 'closed');
    const wrong = closed.filter(({ row, ticket }) => !closingsOf(ticket).some((closing) => lies(closing.closed, row)) || !lies(timeMs(row['closed_at']), row));
    expect(wrong).toEqual([]);
    const open = pairs.filter(({ row, ticket }) => ticket.statusClass !== 'closed' && row['closed_at'] !== null);
    expect(open).toEqual([]);
  });

  it('tells of no more reopenings than there were', () => {
    expect(pairs.filter(({ row, ticket }) => Number(row['reopen_count']) > ticket.reopenCount)).toEqual([]);
    expect(pairs.filter(({ row }) => Number(row['reopen_count']) > 0).length).toBeGreaterThan(0);
  });

  it.each([
    ['first_reply_at', 'first_reply_at', firstReplyOf],
    ['first_assigned_at', 'first_assigned_at_latest', firstAssignmentOf],
  ] as const)('bounds %s of every ticket', (estimate, latest, truly) => {
    const measured = pair(mart('ticket_metrics'), tickets).filter(({ ticket }) => isCountedFromOne(ticket));
    const wrong = measured.filter(({ row, ticket }) => {
      const [at, from, to, told] = [truly(ticket), timeMs(row[`${estimate}_earliest`]), timeMs(row[latest]), timeMs(row[estimate])];
      if (at === null || from === null || to === null || told === null) return at !== told;
      return at < from || at > to || told < from || told > to;
    });
    expect(wrong).toEqual([]);
    expect(measured.filter(({ row }) => row['first_reply_at_basis'] === 'message_time').length).toBeGreaterThan(1_000);
  });

  it('tells the time of a first reply that came alone as it was', () => {
    const alone = pair(mart('ticket_metrics'), tickets).filter(({ row, ticket }) => row['first_reply_at_basis'] === 'message_time' && isCountedFromOne(ticket));
    expect(alone.filter(({ row, ticket }) => timeMs(row['first_reply_at']) !== firstReplyOf(ticket))).toEqual([]);
  });

  it('bounds the minutes in each class of every ticket whose stays were all seen, but for that before the first look', () => {
    const until = story.oneMoreLook.startedAtMs;
    const known = pair(mart('ticket_metrics'), tickets).filter(({ ticket }) => wasEachStaySeen(ticket, story.looks.get(ticket.number), until, 'class'));
    expect(known.filter(({ row, ticket }) => !isBounded(classMinutesOf(ticket, until), row))).toEqual([]);
    expect(known.length).toBeGreaterThan(1_000);
  });

  it('bounds the minutes of nobody, and of whoever was the only one, in each class of every ticket whose stays with them were all seen', () => {
    const until = story.oneMoreLook.startedAtMs;
    const told = Map.groupBy(mart('ticket_holder_minutes'), (row) => Number(row['ticket_number']));
    const known = tickets.filter((ticket) => wasEachStaySeen(ticket, story.looks.get(ticket.number), until, 'class and holder'));
    const compared = known.flatMap((ticket) => {
      const truly = holderMinutesOf(ticket, until);
      const nobody = truly.get(null);
      const [only, ...others] = [...truly].filter(([holder]) => holder !== null);
      return (told.get(ticket.number) ?? []).flatMap((row) => {
        const minutes = row['holder_kind'] === 'unassigned' ? nobody : others.length === 0 ? only?.[1] : undefined;
        return minutes ? [{ number: ticket.number, row, minutes }] : [];
      });
    });
    expect(compared.filter(({ row, minutes }) => !isBounded(minutes, row))).toEqual([]);
    expect(compared.length).toBeGreaterThan(200);
  });

  it('speaks of the moment of the last look', () => {
    expect(new Set(mart('suptask_tickets').map(({ as_of }) => as_of))).toEqual(new Set([timeText(story.oneMoreLook.startedAtMs)]));
  });
});

/** Whether the minutes of each class lie within the bounds that a row tells. */
function isBounded(minutes: Record<string, number>, row: MartRow): boolean {
  return Object.entries(minutes).every(([name, truly]) => truly >= Number(row[`${name}_minutes_least`]) && truly <= Number(row[`${name}_minutes_most`]));
}

/** In (earliest, latest], as the closing's columns say. */
function lies(atMs: number | null, row: MartRow): boolean {
  const [earliest, latest] = [timeMs(row['closed_at_earliest']), timeMs(row['closed_at_latest'])];
  return atMs !== null && earliest !== null && latest !== null && earliest < atMs && atMs <= latest;
}

describePeople(ENGINES, () => story);

describe('the two engines', () => {
  it('have the same marts, with the same columns and types', async () => {
    expect(await story.duckDb.marts.names()).toEqual(MARTS);
    expect(await story.postgres.marts.names()).toEqual(MARTS);
    for (const mart of MARTS) {
      expect(await story.postgres.marts.columns(mart), mart).toEqual(await story.duckDb.marts.columns(mart));
    }
  });

  it.each(MARTS)('say the same in every row of %s', (mart) => {
    for (const built of [story.lived, story.known, story.rebuilt]) {
      expect(onlyIn(built.PostgreSQL[mart], built.DuckDB[mart])).toEqual([]);
      expect(onlyIn(built.DuckDB[mart], built.PostgreSQL[mart])).toEqual([]);
      expect(built.PostgreSQL[mart]).toHaveLength(built.DuckDB[mart]?.length ?? 0);
    }
  });
});

it('is built without a warning', () => {
  expect(story.said).toHaveLength(6);
  for (const line of story.said) expect(line).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0/);
});

describe('MetricFlow', () => {
  it.each(ENGINES)('says on %s what the marts say', (engine) => {
    expect(story.asked[engine]).toEqual(askMarts(engine, story.known[engine]));
    for (const [by, metrics] of Object.entries(story.asked[engine])) {
      for (const [metric, figures] of Object.entries(metrics)) expect(Object.keys(figures).length, `${metric} by ${by}`).toBeGreaterThan(1);
    }
  });
});

/** The first rows of one list that are not in the other. */
function onlyIn(rows: readonly MartRow[] = [], others: readonly MartRow[] = []): MartRow[] {
  const [texts, known] = [textsOf(rows), new Set(textsOf(others))];
  return rows.filter((_, place) => !known.has(texts[place] ?? '')).slice(0, 3);
}

const texts = new WeakMap<readonly MartRow[], string[]>();

/** Each row as a text, made once: a mart is compared with several others. */
function textsOf(rows: readonly MartRow[]): string[] {
  const made = texts.get(rows) ?? rows.map((row) => JSON.stringify(row));
  texts.set(rows, made);
  return made;
}

describe('a second build, after a first one and new landings', () => {
  it.each(ENGINES)('gives on %s what a full refresh gives, in every mart', (engine) => {
    expect(Object.keys(story.rebuilt[engine])).toEqual(MARTS);
    for (const mart of MARTS) {
      expect(onlyIn(story.known[engine][mart], story.rebuilt[engine][mart]), mart).toEqual([]);
      expect(story.known[engine][mart], mart).toHaveLength(story.rebuilt[engine][mart]?.length ?? 0);
    }
    expect(onlyIn(story.known[engine]['suptask_tickets'], story.lived[engine]['suptask_tickets'])).not.toEqual([]);
  });

  it('neither fails nor disturbs those who read the published files', () => {
    const { files } = story.readers;
    const [before, after] = [story.lived, story.known].map(({ DuckDB }) => DuckDB['suptask_ticket_history']?.length ?? 0);
    expect(files.failures).toEqual([]);
    expect(files.sameBytes).toBe(true);
    expect(files.rowsOfLongQuery).toBe(before);
    expect([before, after]).toEqual(expect.arrayContaining([...files.counts]));
    expect(files.counts.size).toBeGreaterThan(0);
  });

  it('neither waits for an open transaction on PostgreSQL nor takes an analyst’s view away', () => {
    const { tables } = story.readers;
    const versions = ({ PostgreSQL }: DemoStory['known']) => (PostgreSQL['suptask_tickets'] ?? []).reduce((sum, row) => sum + Number(row['versions_seen']), 0);
    expect(tables).toEqual({ before: versions(story.lived), repeated: versions(story.lived), throughView: versions(story.known) });
    expect(tables.throughView).toBeGreaterThan(tables.before);
  });
});

describe('the landing log of the demo’s world', () => {
  it('gets no new version of a ticket from a look at a world that stands still', () => {
    expect(story.lastLook.outcomes.found).toBeGreaterThan(0);
    expect(story.oneMoreLook.outcomes.found).toBeUndefined();
    expect(story.oneMoreLook.outcomes.unchanged).toBe(story.truth.tickets.length - story.forbidden.length - story.broken.length);
  });

  it('is the same in PostgreSQL as in Parquet, whatever was landed when', { timeout: 120_000 }, async () => {
    for (const stream of streamNames) {
      const [parquet, postgres] = [await readStream(story.stores.parquet, stream), await readStream(story.stores.postgres, stream)];
      expect(postgres.length, stream).toBe(parquet.length);
      expect(postgres.findIndex((row, place) => JSON.stringify(row) !== JSON.stringify(parquet[place])), stream).toBe(-1);
    }
  });
});
