import { userInfo } from 'node:os';
import { newId } from '../ids.ts';
import type { Landing } from '../landing/landing.ts';
import type { Ledger } from './ledger.ts';

/** When an operator last asked for a number to be read, by number, in milliseconds on the source's clock. */
export type RequestedReads = ReadonlyMap<number, number>;

/** The log's requests to read numbers before anything else. */
export async function readRequestedReads(landing: Landing): Promise<RequestedReads> {
  const requested = new Map<number, number>();
  const columns = ['request_id', 'at', 'kind', 'arguments'];
  for await (const chunk of landing.read({ stream: 'operator_requests', columns, orderBy: ['at', 'request_id'] })) {
    for (const [, atMs, kind, json] of chunk as [string, number, string, string][]) {
      if (kind !== 'retry') continue;
      for (const number of (JSON.parse(json) as { numbers: number[] }).numbers) requested.set(number, atMs);
    }
  }
  return requested;
}

/** Asks for numbers to be read before anything else. */
export async function landRequestedReads(landing: Landing, numbers: readonly number[], sourceNowMs: number): Promise<void> {
  await landing.append('operator_requests', [
    { request_id: newId(), at: new Date(sourceNowMs), kind: 'retry', arguments: JSON.stringify({ numbers }), by: currentUser() },
  ]);
}

/**
 * Requested numbers that no answer has been had of since, longest waiting first. Times of answers are cut
 * to the second: one of the same second may have come before the request, so it is asked for once more.
 */
export function pendingReads(requested: RequestedReads, ledger: Ledger): number[] {
  return [...requested]
    .filter(([number, atMs]) => {
      const lastReadAtMs = ledger.get(number)?.lastReadAtMs ?? null;
      return lastReadAtMs === null || lastReadAtMs <= atMs;
    })
    .sort((a, b) => a[1] - b[1] || a[0] - b[0])
    .map(([number]) => number);
}

/** Who sits at the keyboard, as far as the machine knows. */
export function currentUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
