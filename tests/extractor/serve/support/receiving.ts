import { onTestFinished } from 'vitest';
import { type CommandProcess, startCommand } from '../../support/command.ts';

export const SECRET = 'canary/secret+of=webhooks';
export const SERVE_TOKEN = 'canary-token-of-callers';

/** A process that receives webhooks. */
export interface Receiving extends CommandProcess {
  url: string;
  /** Sends a body to the webhook's address; the status and the answer. */
  deliver(body: string, headers?: Record<string, string>): Promise<{ status: number; answer: Record<string, unknown> }>;
}

/** Starts `suptask serve` at any free port; gone after the test. */
export async function startServing(landing: string, settings: Record<string, string> = {}): Promise<Receiving> {
  const command = startCommand(['serve', '--port', '0', '--json'], { SUPTASK_LANDING: landing, SUPTASK_WEBHOOK_SECRET: SECRET, ...settings });
  onTestFinished(async () => {
    command.kill();
    await command.ended;
  });
  const { url } = JSON.parse(await command.firstLine) as { url: string };
  return {
    ...command,
    url,
    async deliver(body, headers = { 'X-Webhook-Secret': SECRET }) {
      const response = await fetch(`${url}/webhooks/suptask`, { method: 'POST', body, headers });
      return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
    },
  };
}

/** A delivery as the source is known to send it. */
export function delivery(number: number, fields: object = {}): string {
  return JSON.stringify({ eventType: 'ticket.updated', ticket: { ticketNumber: String(number), status: 'Open', updatedAt: 1_790_000_000, ...fields } });
}
