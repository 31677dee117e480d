import { expect, it } from 'vitest';
import type { Row } from '../../../extractor/landing/streams.ts';
import { byLength } from '../support/length.ts';
import { landLooks, lookAt, noonOf } from './support/landed-looks.ts';
import { landingWarehouse } from './support/landing-warehouse.ts';
import { MODELS, type Warehouse } from './support/warehouse.ts';

const ENGINES = byLength<Warehouse['engine'][]>(['PostgreSQL'], ['DuckDB', 'PostgreSQL']);
const MADE_IN_PART = ['ticket_metrics', 'ticket_holder_minutes', 'backlog_daily', 'backlog_flow_daily'];
const DAY_MINUTES = 1_440;

/** A look at noon: at a ticket with a status since noon of some day, or answered with 404. */
function look(day: number, number: number, status: string | null, changedOn = day, assignee: string | null = null): Row<'ticket_fetches'> {
  const row = lookAt({ ticketNumber: number, status: status ?? '', assignee }, noonOf(day), changedOn);
  if (status !== null) return row;
  return { ...row, outcome: 'not_found', http_status: 404, ticket_status: null, ticket_updated_at: null, payload_hash: null, payload: null };
}

it.each(ENGINES)('on %s of tickets that nothing was learned of, what grows has grown by the time that passed: of a closed one all, of a gone one only the time since its last change', { timeout: 600_000 }, async (engine) => {
  const { warehouse, store } = await landingWarehouse(engine);
  const metrics = async () =>
    (await warehouse.marts.rows('ticket_metrics')).map((row) => ['ticket_number', 'closed_minutes', 'minutes_since_last_change', 'age_minutes'].map((name) => Number(row[name]) / (name === 'ticket_number' ? 1 : DAY_MINUTES)));
  const heldClosed = async () => (await warehouse.marts.rows('ticket_holder_minutes')).map((row) => [Number(row['ticket_number']), Number(row['closed_minutes']) / DAY_MINUTES]);
  const rows = () => Promise.all(MADE_IN_PART.map((mart) => warehouse.marts.rows(mart)));

  // 1 is closed on the 3rd and stays so, 2 is closed on the 3rd and gone on the 4th, 3 is open, 4 is closed by one and handed over a day later.
  await landLooks(store, [look(2, 1, 'Open', 1), look(2, 2, 'Open', 1), look(3, 1, 'Closed'), look(3, 2, 'Closed'), look(4, 2, null), look(5, 2, null), look(5, 3, 'Open', 1)]);
  await landLooks(store, [look(2, 4, 'Open', 1, 'U1'), look(3, 4, 'Closed', 3, 'U1'), look(4, 4, 'Closed', 4, 'U2')]);
  await warehouse.dbt(...MODELS);
  expect(await metrics()).toEqual([[1, 2, 2, 0], [2, 1, 2, 0], [3, 0, 4, 4], [4, 2, 1, 0]]);
  expect(await heldClosed()).toEqual([[1, 2], [2, 1], [3, 0], [4, 1], [4, 1]]);

  await landLooks(store, [look(9, 3, 'Open', 1)]);
  await warehouse.dbt('run');
  const made = await rows();
  expect(await metrics()).toEqual([[1, 6, 6, 0], [2, 1, 6, 0], [3, 0, 8, 8], [4, 6, 5, 0]]);
  expect(await heldClosed()).toEqual([[1, 6], [2, 1], [3, 0], [4, 1], [4, 5]]);
  await warehouse.dbt('run', '--full-refresh', '--select', ...MADE_IN_PART);
  expect(made).toEqual(await rows());
});
