import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { exitCodes } from '../errors.ts';
import type { CommandAnswer, Operations } from './operations.ts';
import { readBody } from './read-body.ts';
import { refusal, type Reply } from './reply.ts';

const MOST_BYTES = 10 * 1024;

const ticketNumber = z.int().min(1).max(999_999_999);
const syncRequest = z.union([z.strictObject({}), z.strictObject({ from: ticketNumber, to: ticketNumber })]);

/** How a failed command is told over HTTP. Whatever is not named here is a defect of ours. */
const STATUS_OF_EXIT: Record<number, number> = {
  [exitCodes.done]: 200,
  [exitCodes.usage]: 400,
  [exitCodes.refused]: 502,
  [exitCodes.sourceUnreachable]: 502,
  [exitCodes.leaseHeld]: 409,
  [exitCodes.storageUnreachable]: 503,
  [exitCodes.checkSaysNo]: 503,
};

/** `POST /api/suptask/test-connection` */
export async function testConnection(operations: Operations): Promise<Reply> {
  return replyTo(await operations.run(['check']));
}

/** `GET /api/suptask/sync/status` */
export async function syncStatus(operations: Operations): Promise<Reply> {
  return replyTo(await operations.status());
}

/**
 * `POST /api/suptask/sync`: one run to the end of the rate window, of what is most worth reading, or
 * of the never-read numbers of `{ "from": 1, "to": 2075 }`. The answer comes when the run has ended.
 */
export async function sync(request: IncomingMessage, operations: Operations): Promise<Reply> {
  const asked = syncRequest.safeParse(await readJson(request));
  if (!asked.success) return refusal(400, 'usage.invalid', 'Send nothing for a sync, or {"from": 1, "to": 2075} for the never-read numbers of a range.');
  const range = asked.data;
  const command = 'from' in range ? ['backfill', '--from', String(range.from), '--to', String(range.to)] : ['sync'];
  const answer = await operations.sync(command);
  return answer ? replyTo(answer) : refusal(409, 'lease.held', 'A run that was asked for here is still under way.');
}

function replyTo({ exitCode, answer }: CommandAnswer): Reply {
  const status = exitCode === null ? 500 : (STATUS_OF_EXIT[exitCode] ?? 500);
  if (answer !== null) return { status, body: answer };
  return refusal(status === 200 ? 500 : status, 'defect', 'The command ended without an answer; the log of this process may say more.');
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  try {
    const text = (await readBody(request, MOST_BYTES)).toString();
    return text.trim() === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
