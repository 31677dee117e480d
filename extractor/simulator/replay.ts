import { readFileSync } from 'node:fs';
import { createCast, type Cast } from './cast.ts';
import { eventsFrom, type PlannedChange, type TicketHistory } from './history.ts';
import { readReplayRows, type ReplayRow } from './replay-rows.ts';
import type { RequesterTruth } from './truth.ts';
import { PLAIN_STYLE, type TicketFields } from './wire.ts';
import { worldOf, type World } from './world.ts';

/**
 * The world of an event log, given as the path of a CSV file or as rows. A ticket exists from its
 * first row on; every row is an update of it; rows of one ticket with the same time count in their order.
 * Throws a ReplayError that names the line of a bad row.
 */
export function replayWorld(source: string | readonly ReplayRow[]): World {
  const rows = typeof source === 'string' ? readReplayRows(readFileSync(source, 'utf8')) : source;
  const cast = createCast();
  const histories = [...groupByTicket(rows)].map(([number, ofTicket]) => historyOf(number, ofTicket, cast));
  const times = rows.map((row) => row.at);
  return worldOf(histories, {
    startsAt: times.reduce((a, b) => Math.min(a, b), times[0] ?? 0),
    horizon: times.reduce((a, b) => Math.max(a, b), times[0] ?? 0),
    cast,
  });
}

function groupByTicket(rows: readonly ReplayRow[]): Map<number, ReplayRow[]> {
  const byNumber = new Map<number, ReplayRow[]>();
  for (const row of rows) {
    const ofTicket = byNumber.get(row.ticketNumber);
    if (ofTicket === undefined) byNumber.set(row.ticketNumber, [row]);
    else ofTicket.push(row);
  }
  return byNumber;
}

function historyOf(number: number, rows: readonly ReplayRow[], cast: Cast): TicketHistory {
  const [first, ...later] = rows.toSorted((a, b) => a.at - b.at);
  if (first === undefined) throw new RangeError(`ticket ${number} has no rows`);
  const initial: TicketFields = {
    id: `replayed-${number}`,
    teamId: 'T0REPLAY',
    teamTicketId: `replay-${number}`,
    createdAt: first.at,
    ...first.fields,
    updatedAt: first.at,
  };
  // Each row ends with a touch, for the rows that change nothing else; it is dropped where another
  // change of the same row has moved the updated time already.
  const changes = later.flatMap(({ at, fields }): PlannedChange[] => [
    ...Object.entries(fields).map(([field, to]) => ({ at, field, to: to ?? null, by: null })),
    { at, field: 'updatedAt', to: at, by: null },
  ]);
  return {
    number,
    existsFrom: first.at,
    initial,
    events: eventsFrom(initial, changes),
    style: PLAIN_STYLE,
    requester: requesterOf(first.fields, cast),
  };
}

function requesterOf(fields: TicketFields, cast: Cast): RequesterTruth {
  const id = fields['requesterId'];
  if (typeof id !== 'string') return { kind: 'blank', slackUserId: null, email: null, staffId: null };
  const kind = cast.outsiderBySlackId.get(id)?.kind ?? 'member';
  return { kind, slackUserId: id, email: null, staffId: cast.staffBySlackId.get(id)?.staffId ?? null };
}
