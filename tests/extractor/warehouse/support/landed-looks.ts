import { createLanding, type LandingStore } from '../../../../extractor/landing/landing.ts';
import type { Row } from '../../../../extractor/landing/streams.ts';
import { rowOfRead } from '../../../../extractor/operations/written-log.ts';
import { SimulatedClock } from '../../../../extractor/simulator/clock.ts';
import type { Ticket } from '../../../../extractor/suptask/ticket.ts';
import { Ledger } from '../../../../extractor/sync/ledger.ts';

/** Noon of a day of March. */
export const noonOf = (day: number) => Date.UTC(2026, 2, day, 12);

/** A look at a ticket that was created at noon of the 1st and changed last at noon of some day. */
export function lookAt(ticket: Ticket, atMs: number, changedOn: number): Row<'ticket_fetches'> {
  return rowOfRead(Number(ticket.ticketNumber), { ...ticket, createdAt: noonOf(1), updatedAt: noonOf(changedOn) }, atMs, { runId: null, ledger: new Ledger() });
}

/** Lands looks, all of them on one day after the last. */
export async function landLooks(store: LandingStore, looks: Row<'ticket_fetches'>[]): Promise<void> {
  await createLanding(store, 'default', new SimulatedClock(noonOf(20))).append('ticket_fetches', looks);
}
