import { SuptaskError } from '../errors.ts';
import type { Lease } from './landing.ts';

/** How often a holder shows that it lives, in real milliseconds. */
const HEARTBEAT_MS = 15_000;

/** A lease whose last heartbeat is older than this is not held by anyone who lives. */
export const HEARTBEAT_TRUSTED_MS = 3 * HEARTBEAT_MS;

interface HeldLock {
  /** Shows that the holder lives; rejects where the lock is no longer held. */
  beat(): Promise<void>;
  release(): Promise<void>;
  /** Is given whom to tell where the holder hears between two beats that the lock is lost. */
  onLost?: (tell: (cause: unknown) => void) => void;
}

/** A lease with a heartbeat; it is lost when the holder hears so, or else at the first beat that fails. */
export function keepLease(lock: HeldLock): Lease {
  const lost = new AbortController();
  const lose = (cause: unknown) => lost.abort(leaseLost(cause));
  lock.onLost?.(lose);
  const beat = () => lock.beat().catch(lose);
  const timer = setInterval(() => void beat(), HEARTBEAT_MS).unref();
  return {
    lost: lost.signal,
    async release() {
      clearInterval(timer);
      await lock.release();
    },
  };
}

function leaseLost(thrown: unknown): SuptaskError {
  const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
  return new SuptaskError(
    'lease.lost',
    `The run has lost its lease on the landing log: ${cause.message}.`,
    'What was read is landed. Check the landing folder or the database; the next run goes on where this one ended.',
    { cause },
  );
}
