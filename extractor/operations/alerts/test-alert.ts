import { newId } from '../../ids.ts';
import { SuptaskError } from '../../errors.ts';
import type { Session } from '../../session.ts';
import { channelsOf } from './channels.ts';

/** What became of a test alert on one channel; null where it arrived. */
export interface TestDelivery {
  channel: string;
  error: string | null;
}

/** The key of test alerts: no condition has it. */
export const TEST_KEY = 'test';

/**
 * Sends a test alert on every channel that is set up; each attempt is a row like any other.
 * @throws SuptaskError `configuration.missing` where no channel is
 */
export async function sendTestAlert({ settings, clock, landing, redact }: Session, environment: NodeJS.ProcessEnv): Promise<TestDelivery[]> {
  const channels = channelsOf(settings.alerts, redact, environment);
  if (channels.length === 0) {
    throw new SuptaskError('configuration.missing', 'Nobody is set up to be told of alerts.', 'Set SUPTASK_ALERT_WEBHOOK_URL or SUPTASK_ALERT_COMMAND.');
  }
  const at = new Date(clock.now());
  const message = `[${settings.workspace}] This is a test: alerts arrive here. Nothing is to be done.`;
  const results: TestDelivery[] = [];
  for (const channel of channels) {
    results.push({ channel: channel.name, error: await channel.send({ workspace: settings.workspace, key: TEST_KEY, event: 'opened', text: message }) });
  }
  // It closes as it opens: there is nothing that could get well.
  const row = { alert_key: TEST_KEY, opened_at: at, at, message };
  await landing.append('alert_deliveries', [
    ...results.map(({ channel, error }) => ({ ...row, delivery_id: newId(), event: 'opened', channel, ok: error === null, error })),
    { ...row, delivery_id: newId(), event: 'closed', channel: 'log', ok: true, error: null },
  ]);
  return results;
}
