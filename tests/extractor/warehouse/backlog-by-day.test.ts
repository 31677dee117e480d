import { expect, it } from 'vitest';
import { byLength } from '../support/length.ts';
import { landLooks, lookAt, noonOf } from './support/landed-looks.ts';
import { landingWarehouse } from './support/landing-warehouse.ts';
import { MODELS, type Warehouse } from './support/warehouse.ts';

const ENGINES = byLength<Warehouse['engine'][]>(['DuckDB'], ['DuckDB', 'PostgreSQL']);

const HOUR_MS = 3_600_000;

/** A look at a ticket, an hour before noon. */
interface LandedLook {
  day: number;
  number: number;
  status: string;
  assignee?: string;
  changedOn: number;
}

/** Each step's looks, and what then stands in the backlog at the end of each day from the 1st on. */
const STEPS: { what: string; looks: LandedLook[]; stands: number[] }[] = [
  {
    what: 'three tickets, two of them last seen on the 2nd',
    looks: [
      { day: 2, number: 1, status: 'Open', changedOn: 1 },
      { day: 2, number: 2, status: 'Open', changedOn: 1 },
      { day: 5, number: 3, status: 'Open', changedOn: 1 },
    ],
    stands: [3, 3, 3, 3, 3],
  },
  {
    what: 'one of the two is found closed since the 3rd',
    looks: [{ day: 8, number: 1, status: 'Closed', changedOn: 3 }],
    stands: [3, 3, 2, 2, 2, 2, 2, 2],
  },
  {
    what: 'a day later nothing else is new, but the tickets came to be a week old when the 8th ended',
    looks: [{ day: 9, number: 3, status: 'Open', changedOn: 1 }],
    stands: [3, 3, 2, 2, 2, 2, 2, 2, 2],
  },
  {
    what: 'the other is found assigned since the 4th',
    looks: [{ day: 10, number: 2, status: 'Open', assignee: 'U0AA11BB22', changedOn: 4 }],
    stands: [3, 3, 2, 2, 2, 2, 2, 2, 2, 2],
  },
  {
    what: 'a look of the 6th lands late: from the 5th until it was found open on the 9th the third was closed',
    looks: [{ day: 6, number: 3, status: 'Closed', changedOn: 5 }],
    stands: [3, 3, 2, 2, 1, 1, 1, 1, 2, 2],
  },
];

it.each(ENGINES)('on %s what is learned late of days that were built restates these days, and leaves the marts that a full build gives', { timeout: 600_000 }, async (engine) => {
  const { warehouse, store } = await landingWarehouse(engine);
  const read = async () => ({ backlog: await warehouse.marts.rows('backlog_daily'), flow: await warehouse.marts.rows('backlog_flow_daily') });
  const totalsOf = ({ flow }: Awaited<ReturnType<typeof read>>) => flow.filter((row) => row['cut_by'] === 'total').map((row) => row['backlog_after']);
  for (const [place, { what, looks, stands }] of STEPS.entries()) {
    await landLooks(store, looks.map(({ day, number, status, assignee, changedOn }) => lookAt({ ticketNumber: number, status, assignee: assignee ?? null }, noonOf(day) - HOUR_MS, changedOn)));
    await warehouse.dbt(...(place === 0 ? MODELS : ['run', '--select', '+backlog_flow_daily']));
    const made = await read();
    expect(totalsOf(made), what).toEqual(stands);
    await warehouse.dbt('run', '--full-refresh', '--select', 'backlog_daily', 'backlog_flow_daily');
    expect(made, what).toEqual(await read());
  }

  // What was seen until a past moment counts, also where it landed later; what was seen later does not.
  for (const [day, stands] of [[9, [3, 3, 2, 2, 1, 1, 1, 1, 2]], [7, [3, 3, 3, 3, 2, 2, 2]]] as const) {
    await warehouse.dbt('run', '--vars', `{as_of: '2026-03-0${day} 11:00:00'}`, '--select', '+backlog_flow_daily');
    expect(totalsOf(await read()), `as of the ${day}th`).toEqual(stands);
  }
});
