import { Best } from './best.ts';
import type { Ledger } from './ledger.ts';
import type { TicketState } from './ticket-state.ts';
import { probeNumber, probeValue, type ProbeProgress } from './probe.ts';
import { isConfirmationDue, retryAtMs } from './retry.ts';

/** Why a number is read. */
export type ReadReason = 'requested' | 'new' | 'retry' | 'never_read' | 'refresh';

export interface PlannedRead {
  number: number;
  reason: ReadReason;
}

export interface PlanRequest {
  ledger: Ledger;
  /** On the source's clock, in milliseconds. */
  nowMs: number;
  /** At most this many reads. */
  count: number;
  /** Numbers that an operator asked for and that have not been read since. */
  requested: readonly number[];
  /** How far this run has felt its way past the highest known number. */
  probe: ProbeProgress;
  /** Numbers read since then are not read again in this run. */
  runStartedAtMs: number;
}

/** Of four reads that are left after news and retries, three go to numbers never read, while there are any. */
const NEVER_READ_SHARE = 0.75;

/**
 * Which numbers to read next, in order: what an operator asked for, what is new, retries that are
 * due, and then numbers never read (newest first) beside refreshes (the most valuable first). Pure:
 * the same ledger, time and count give the same plan. New numbers are felt for as soon as that is
 * worth more than the least of the refreshes, and then one number comes alone, since its answer
 * decides what comes after it.
 */
export function planReads(request: PlanRequest): PlannedRead[] {
  const { ledger, nowMs, count, requested, probe, runStartedAtMs } = request;
  if (count < 1) return [];
  const asked = requested.filter((number) => !isReadSince(ledger.get(number), runStartedAtMs)).slice(0, count);
  if (asked.length > 0) return reads(asked, 'requested');
  const probed = probeNumber(ledger, probe);
  const waitedFor = probed === null ? 0 : probe.begun ? Number.POSITIVE_INFINITY : probeValue(ledger, nowMs);
  if (probed !== null && waitedFor === Number.POSITIVE_INFINITY) return reads([probed], 'new');

  const retries = new Best(count);
  const refreshes = new Best(count);
  let answered = 0;
  for (const state of ledger.states()) {
    if (isNeverRead(ledger, state)) continue;
    if (state.number <= ledger.newestNumber) answered += 1;
    if (isReadSince(state, runStartedAtMs)) continue;
    const dueMs = retryAtMs(state);
    if (isConfirmationDue(state, nowMs)) refreshes.add(state.number, Number.MAX_VALUE);
    else if (dueMs === null) refreshes.add(state.number, readValue(ledger, state, nowMs));
    else if (dueMs <= nowMs) retries.add(state.number, -dueMs);
  }
  if (probed !== null && waitedFor >= refreshes.price) return reads([probed], 'new');

  const due = reads(retries.numbers(), 'retry');
  const left = count - due.length;
  const known = { from: 1, to: ledger.newestNumber };
  const unread = neverReadNumbers(ledger, known, Math.min(left, ledger.newestNumber - answered), runStartedAtMs);
  const refreshShare = Math.max(left - unread.length, Math.floor(left * (1 - NEVER_READ_SHARE)));
  const refreshed = reads(refreshes.numbers().slice(0, refreshShare), 'refresh');
  return [...due, ...reads(unread.slice(0, left - refreshed.length), 'never_read'), ...refreshed];
}

/** A span of numbers, both ends in it. */
export interface NumberRange {
  from: number;
  to: number;
}

/**
 * Numbers of the range that were never read, newest first, at most `count` of them. Past the
 * highest known one a number that has answered 404 since `sinceMs` is not asked again.
 */
export function neverReadNumbers(ledger: Ledger, range: NumberRange, count: number, sinceMs: number): number[] {
  const numbers: number[] = [];
  for (let number = range.to; number >= range.from && numbers.length < count; number -= 1) {
    const state = ledger.get(number);
    const asked = number > ledger.newestNumber && isReadSince(state, sinceMs);
    if (!asked && (!state || isNeverRead(ledger, state))) numbers.push(number);
  }
  return numbers;
}

/** Reads that a run which began at `runStartedAtMs` would still do if no window ended it. */
export function countLeft(ledger: Ledger, nowMs: number, runStartedAtMs: number): number {
  let left = ledger.newestNumber;
  for (const state of ledger.states()) {
    if (state.number > ledger.newestNumber || isNeverRead(ledger, state)) continue;
    if (isReadSince(state, runStartedAtMs) || (!isConfirmationDue(state, nowMs) && (retryAtMs(state) ?? nowMs) > nowMs)) left -= 1;
  }
  return left;
}

function isReadSince(state: TicketState | undefined, sinceMs: number): boolean {
  return state !== undefined && state.lastReadAtMs !== null && state.lastReadAtMs >= sinceMs;
}

/** A 404 from when no higher number was known is no reading: the ticket had not been made yet. */
function isNeverRead(ledger: Ledger, state: TicketState): boolean {
  return state.lastOutcome === 'not_found' && state.lastFoundAtMs === null && !ledger.isMissing(state);
}

/**
 * What a read of a ticket is worth: the changes expected to be waiting, times how long they have
 * waited on average, in changes times milliseconds. Reading the largest first keeps the waiting
 * time of changes short: at a steady rate λ it is λτ²/2 after a time τ, Whittle's index of a
 * ticket whose unseen changes each cost the same by the minute.
 */
export function readValue(ledger: Ledger, state: TicketState, nowMs: number): number {
  return (ledger.rates.expectedChanges(state, nowMs) * (nowMs - (state.lastFoundAtMs ?? nowMs))) / 2;
}

function reads(numbers: readonly number[], reason: ReadReason): PlannedRead[] {
  return numbers.map((number) => ({ number, reason }));
}
