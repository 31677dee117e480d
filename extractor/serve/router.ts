import type { IncomingMessage } from 'node:http';
import type { Secret } from '../secret.ts';
import { sync, syncStatus, testConnection } from './caller-routes.ts';
import type { Intake } from './intake.ts';
import { renderMetrics } from './metrics.ts';
import type { Operations } from './operations.ts';
import { refusal, type Reply } from './reply.ts';
import { isSecret } from './shared-secret.ts';
import { receiveDelivery, type WebhookRouteOptions } from './webhook-route.ts';

export const WEBHOOK_PATH = '/webhooks/suptask';
export const SECRET_HEADER = 'X-Webhook-Secret';

export interface RouterOptions extends WebhookRouteOptions {
  intake: Intake;
  operations: Operations;
  /** What a sender has to bring; null: anyone may deliver. */
  webhookSecret: Secret | null;
  /** What a caller has to bring; null: their routes are not there. */
  serveToken: Secret | null;
}

type Answer = (request: IncomingMessage) => Promise<Reply>;

/** Answers a request by its path and method. Nothing of a body is read before its sender is known. */
export function createRouter(options: RouterOptions): Answer {
  const { intake, operations, counts, webhookSecret, serveToken } = options;

  const health: Answer = async () => ({ status: intake.isFailing ? 503 : 200, body: { ok: !intake.isFailing } });

  const metrics: Answer = async () => ({
    status: 200,
    body: renderMetrics(counts, intake.isFailing, await operations.statusOrNull()),
    headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
  });

  const deliver = (given: string): Answer => async (request) => {
    if (webhookSecret === null || isSecret(given, webhookSecret)) return await receiveDelivery(request, options);
    counts.wrong_secret += 1;
    return refusal(401, 'webhook.refused', `The secret is missing or wrong: send it in the header ${SECRET_HEADER}, or as the end of the path.`);
  };

  const forCallers = (answer: Answer): Answer => async (request) => {
    const [scheme, token = ''] = (request.headers.authorization ?? '').split(' ');
    if (serveToken && scheme?.toLowerCase() === 'bearer' && isSecret(token, serveToken)) return await answer(request);
    return refusal(401, 'serve.refused', 'Send the header Authorization: Bearer with SUPTASK_SERVE_TOKEN.', { 'WWW-Authenticate': 'Bearer' });
  };

  // A run sees what is part of the log: so what was delivered until now becomes that first.
  const runSync: Answer = async (request) => {
    await intake.roll();
    return await sync(request, operations);
  };

  const routes: Record<string, readonly [method: string, answer: Answer]> = {
    '/healthz': ['GET', health],
    '/metrics': ['GET', metrics],
    ...(serveToken && {
      '/api/suptask/test-connection': ['POST', forCallers(() => testConnection(operations))],
      '/api/suptask/sync': ['POST', forCallers(runSync)],
      '/api/suptask/sync/status': ['GET', forCallers(() => syncStatus(operations))],
    }),
  };

  function routeOf(request: IncomingMessage): readonly [method: string, answer: Answer] | undefined {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === WEBHOOK_PATH) return ['POST', deliver(String(request.headers[SECRET_HEADER.toLowerCase()] ?? ''))];
    if (path.startsWith(`${WEBHOOK_PATH}/`) && webhookSecret) return ['POST', deliver(decoded(path.slice(WEBHOOK_PATH.length + 1)))];
    return Object.hasOwn(routes, path) ? routes[path] : undefined;
  }

  return async (request) => {
    const route = routeOf(request);
    if (!route) return refusal(404, 'usage.invalid', 'There is nothing at this path.');
    const [method, answer] = route;
    if (request.method !== method) return refusal(405, 'usage.invalid', `This path takes ${method} only.`, { Allow: method });
    return await answer(request);
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
