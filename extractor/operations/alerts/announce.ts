import { newId } from '../../ids.ts';
import type { Row } from '../../landing/streams.ts';
import type { Session } from '../../session.ts';
import type { Ledger } from '../../sync/ledger.ts';
import { type Channel, channelsOf } from './channels.ts';
import { type Alert, alertsOf } from './conditions.ts';
import { readFacts } from './facts.ts';
import { TEST_KEY } from './test-alert.ts';
import { type AlertEvent, LOG, type Occurrence, readOccurrences } from './occurrences.ts';

/** After so many attempts on one channel to tell the same thing nobody tries again. */
export const MOST_ATTEMPTS = 5;

/** A channel that has taken longer than this in one call is left to the next: a run may wait to go on. */
const LONGEST_MS = 15_000;

/** An alert that is so now. */
export interface OpenAlert extends Alert {
  /** When it was first told; null where nobody has been told yet. */
  openedAtMs: number | null;
  acknowledged: Occurrence['acknowledged'];
  /** On which channels it has been told. */
  toldOn: string[];
}

/** What is not well now, and what the log tells of earlier. */
export interface AlertState {
  open: OpenAlert[];
  /** Told as open, and well again: not yet told. */
  toClose: Occurrence[];
  /** Every occurrence, oldest first. */
  occurrences: readonly Occurrence[];
}

/** Derives from the log which alerts are open. Sends nothing and lands nothing. */
export async function readAlerts(session: Session, known?: Ledger): Promise<AlertState> {
  return stateOf(alertsOf(await readFacts(session, known)), await readOccurrences(session.landing));
}

function stateOf(alerts: readonly Alert[], occurrences: readonly Occurrence[]): AlertState {
  const standing = new Map(occurrences.filter(({ isClosed }) => !isClosed).map((occurrence) => [occurrence.key, occurrence]));
  const open = alerts.map((alert) => {
    const occurrence = standing.get(alert.key);
    const toldOn = (occurrence?.deliveries ?? []).filter(({ ok, event }) => ok && event === 'opened').map(({ channel }) => channel);
    return { ...alert, openedAtMs: occurrence?.openedAtMs ?? null, acknowledged: occurrence?.acknowledged ?? null, toldOn: [...new Set(toldOn)] };
  });
  const keys = new Set(alerts.map(({ key }) => key));
  return { open, toClose: [...standing.values()].filter(({ key }) => !keys.has(key)), occurrences };
}

/**
 * Tells what has opened and what has closed, on each channel that has not been reached yet, once
 * each time it is called: the next call is the retry. Every attempt is a row. An acknowledged alert
 * is told no more. While another process tells, nothing is told here: that one does, and what it
 * could not know yet the next call tells. `known` is the ledger of a run that has just ended, where
 * there was one.
 */
export async function announce(session: Session, environment: NodeJS.ProcessEnv, known?: Ledger): Promise<AlertState> {
  const telling = await session.landing.tryTelling();
  if (telling === null) return await readAlerts(session, known);
  try {
    return await tellAll(session, environment, known);
  } finally {
    await telling.release();
  }
}

/** To be called by one process at a time: what the log says must still be so when it is told. */
async function tellAll(session: Session, environment: NodeJS.ProcessEnv, known?: Ledger): Promise<AlertState> {
  const { settings, clock, landing, redact, log } = session;
  const alerts = alertsOf(await readFacts(session, known));
  const state = stateOf(alerts, await readOccurrences(landing));
  const channels = channelsOf(settings.alerts, redact, environment);
  const rows: Row<'alert_deliveries'>[] = [];
  // A channel that does not work, or is slow, is not tried for the next alert as well: that would add up.
  const silent = new Set<Channel>();
  const tookMs = new Map<Channel, number>();

  const tell = async (occurrence: Pick<Occurrence, 'key' | 'openedAtMs' | 'deliveries'>, event: AlertEvent, message: string, on: readonly Channel[]) => {
    const told = (channel: string, error: string | null) =>
      rows.push({ delivery_id: newId(), alert_key: occurrence.key, opened_at: new Date(occurrence.openedAtMs), event, at: new Date(clock.now()), channel, ok: error === null, message, error });
    if (!occurrence.deliveries.some((delivery) => delivery.channel === LOG && delivery.event === event)) {
      log[event === 'opened' ? 'error' : 'warn']({ alert: occurrence.key, event }, message);
      told(LOG, null);
    }
    for (const channel of on.filter((candidate) => !silent.has(candidate))) {
      const attempts = occurrence.deliveries.filter((delivery) => delivery.channel === channel.name && delivery.event === event);
      if (attempts.length >= MOST_ATTEMPTS || attempts.some(({ ok }) => ok)) continue;
      const beganMs = clock.now();
      const error = await channel.send({ workspace: settings.workspace, key: occurrence.key, event, text: message });
      tookMs.set(channel, (tookMs.get(channel) ?? 0) + clock.now() - beganMs);
      if (error !== null || (tookMs.get(channel) ?? 0) > LONGEST_MS) silent.add(channel);
      told(channel.name, error);
    }
  };

  for (const alert of state.open.filter(({ acknowledged }) => acknowledged === null)) {
    const known = state.occurrences.findLast(({ key, isClosed }) => key === alert.key && !isClosed);
    const occurrence = known ?? { key: alert.key, openedAtMs: clock.now(), deliveries: [] };
    await tell(occurrence, 'opened', known?.message ?? openedText(settings.workspace, alert), channels);
  }
  const closed = state.occurrences.filter(({ isClosed, key }) => isClosed && key !== TEST_KEY);
  for (const occurrence of [...closed, ...state.toClose]) {
    const heard = (channel: string) => occurrence.deliveries.some((delivery) => delivery.channel === channel && delivery.event === 'opened' && delivery.ok);
    await tell(occurrence, 'closed', `[${settings.workspace}] Well again: ${occurrence.key}.`, channels.filter(({ name }) => heard(name)));
  }
  await landing.append('alert_deliveries', rows);
  return rows.length === 0 ? state : stateOf(alerts, await readOccurrences(landing));
}

function openedText(workspace: string, { key, what, remedy }: Alert): string {
  return `[${workspace}] ${what} To do: ${remedy} Then: suptask alerts ack ${key} --note "…" (runbook: ${key.split(':')[0]})`;
}
