import { newId } from '../../ids.ts';
import { SuptaskError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { currentUser } from '../../sync/operator-requests.ts';
import { announce, type OpenAlert } from './announce.ts';

/**
 * Someone has seen an alert: it is told no more until it has closed and opens again. An alert that
 * nobody has been told of yet is told first, so that it has an opening to be acknowledged.
 * @throws SuptaskError `usage.invalid` where no such alert is open, `lease.held` where another process is just telling of it
 */
export async function acknowledge(session: Session, key: string, note: string | null, environment: NodeJS.ProcessEnv): Promise<OpenAlert> {
  const { open } = await announce(session, environment);
  const alert = open.find((candidate) => candidate.key === key);
  if (alert === undefined) {
    const others = open.length === 0 ? 'None is.' : `Open are: ${open.map((other) => other.key).join(', ')}.`;
    throw new SuptaskError('usage.invalid', `No alert ${key} is open. ${others}`, 'See suptask alerts, and copy the key.');
  }
  if (alert.openedAtMs === null) {
    throw new SuptaskError('lease.held', `Another process is just telling of the alert ${key}.`, 'Acknowledge it in a minute, when it has been told.');
  }
  const acknowledged = { atMs: session.clock.now(), by: currentUser(), note };
  const { atMs, by } = acknowledged;
  await session.landing.append('alert_acknowledgements', [{ ack_id: newId(), alert_key: key, opened_at: new Date(alert.openedAtMs), at: new Date(atMs), by, note }]);
  return { ...alert, acknowledged };
}
