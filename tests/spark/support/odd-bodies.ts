import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { LoggedRow } from '../../extractor/warehouse/support/lived-log.ts';

/** The lowest number of an odd ticket. */
export const ODD_FROM = 9_000;

/** A fraction of so many digits, which Spark writes in its own way where it is no time. */
const TIME_ONLY = '1783374764.25';

/** What may stand in any field instead of what belongs there, as JSON; null leaves the field out. */
const ODD_VALUES: readonly (string | null)[] = [
  null,
  'null', 'true', 'false', '""', '" "', '"-"', '"unassigned"',
  // Numbers, and texts for them.
  '0', '-1', '3', '"3"', '" 4 "', '3.0', '0.25', '1e3', '"007"', '"1,000"', '12345678901', '12345678901234567890',
  // Lists and objects, of one type and of several.
  '[]', '{}', '["a", "a"]', '[null, 1, "x", {"value": "y"}, ["z"]]', '[[{"value": "deep"}]]', '{"value": "bare"}', '{"seconds": 1783374764}',
  '[{"value": "ana@example.com"}, {"value": 5}, {"value": null}, {"value": {"deep": true}}, {"other": 1}, "loose", null]',
  '{"email": " Ana@Example.com "}', '{"email": 5}', '{"email": null}', '{"email": ["a@example.com"]}', '{"name": "no e-mail"}',
  // Texts of other alphabets, and what must be escaped.
  '"Ünïcödé 名前 😀"', '"e\\u0301 \\ud83d\\ude00"', '"عربى"', '"O\'Brien \\"quoted\\" back\\\\slash"', '"tab\\tline\\nend"', '"%s {{ x }} $1 \\\\1"',
  // Moments in every form, and what only looks like one.
  '1783374764', '"1783374764"', TIME_ONLY, '"1783374764.123456789"', '1783374764250', '"1783374764250.5"',
  '"2026-07-07T21:52:44Z"', '"2026-07-07t21:52:44.5z"', '"2026-07-07 21:52"', '"2026-07-07"', '"2026-07-07T21:52:44.123456789+02:00"',
  '"2026-07-07T21:52:44-0530"', '"2026-07-07T21:52:44+05"', '"2026-07-07T21:52:44-14:00"', '"2028-02-29T00:00:00Z"',
  '"2026-02-29T00:00:00Z"', '"2026-04-31"', '"2026-07-07T24:00:00Z"', '"2026-07-07T21:52:44 +02:00"', '"2026-07-07\\n"', '"yesterday"', '915148800', '4102444800',
  '99999999999999999999999999',
];

/** Bodies that are no ticket. */
const NO_TICKETS = ['', 'null', '[]', '"text"', '7', '{}', '{"id": "t", ', '["a ticket?"]', '{"unknown": {"deep": [1, 2]}}', '<html>'];

/** Every third field of a body is odd; over all bodies each field once has each value. Some spell their names in the other way, all have a field that nobody knows. */
function oddBody(ordinary: Record<string, unknown>, turn: number): string {
  const odd = ODD_VALUES[Math.floor(turn / 3)] ?? null;
  const fields = Object.entries({ ...ordinary, requester: { email: 'bo@example.com' } }).flatMap(([name, value], place) => {
    const isOdd = (place + turn) % 3 === 0 && (odd !== TIME_ONLY || /(At|Time)$/.test(name));
    const text = isOdd ? odd : JSON.stringify(value);
    const spelled = turn % 7 === 0 && !(snakeCase(name) in ordinary) ? snakeCase(name) : name;
    return text === null ? [] : [`"${spelled}": ${text}`];
  });
  return `{${[...fields, `"brandNew": ${odd ?? '1'}`].join(', ')}}`;
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The log with tickets whose bodies nobody expects, each read where an ordinary one was. */
export function withOddBodies(log: readonly LoggedRow[]): LoggedRow[] {
  const ordinary = log.filter(({ stream, row }) => stream === 'ticket_fetches' && row['payload'] !== null);
  const bodyOf = (turn: number) => String(ordinary[turn % ordinary.length]?.row['payload']);
  const odd = Array.from({ length: 3 * ODD_VALUES.length }, (_, turn) => oddBody(JSON.parse(bodyOf(turn)), turn));
  const added = Map.groupBy(
    [...odd, ...NO_TICKETS].map((payload, turn) => ({ after: ordinary[turn % ordinary.length], payload, number: ODD_FROM + turn })),
    ({ after }) => after,
  );
  return log.flatMap((logged) => [logged, ...(added.get(logged) ?? []).map(({ number, payload }) => readOf(logged, number, payload))]);
}

function readOf({ stream, row }: LoggedRow, number: number, payload: string): LoggedRow {
  const hash = createHash('sha256').update(payload).digest('hex');
  return { stream, row: { ...row, fetch_id: uuid({ msecs: row.landed_at.getTime() }), ticket_number: number, payload_hash: hash, payload } };
}
