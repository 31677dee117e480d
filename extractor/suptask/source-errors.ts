import { type ErrorDetail, SuptaskError } from '../errors.ts';
import type { Outcome } from '../landing/streams.ts';
import type { Answer } from './client.ts';

/** Of an answer's head, what helps to find out why; cookies and the like are nobody's business. */
const TELLING_HEADERS = /^(?:date|server|via|content-(?:type|length)|retry-after|location|x-ratelimit-.+|x-request-id|cf-ray)$/;

/** The request and the head of its answer, for the operator. */
function exchange({ number, httpStatus, headers, durationMs }: Answer): ErrorDetail {
  const head = Object.entries(headers ?? {}).filter(([name]) => TELLING_HEADERS.test(name));
  return { request: `GET ticket/${number}`, httpStatus, durationMs, head: Object.fromEntries(head) };
}

/** The source does not take the token, or the way it is sent. */
export function refused(answer: Answer, error: string | null): SuptaskError {
  const options = { detail: exchange(answer) };
  if (answer.httpStatus === 400) {
    return new SuptaskError(
      'source.scheme_refused',
      `SupTask does not understand how the token is sent (${error}).`,
      'Set SUPTASK_API_AUTH_SCHEME to the kind of token you have: api_token or bearer.',
      options,
    );
  }
  return new SuptaskError(
    'source.unauthorized',
    `SupTask does not accept the token (${error}).`,
    'Check SUPTASK_API_TOKEN and SUPTASK_API_AUTH_SCHEME (api_token or bearer); make a new token in SupTask if it was revoked.',
    options,
  );
}

/** The source as a whole does not answer, or answers with nothing but errors of its own. */
export function outage(outcome: Outcome, error: string | null, answer: Answer): SuptaskError {
  const options = { detail: exchange(answer) };
  if (outcome === 'server_error') {
    return new SuptaskError(
      'source.failing',
      `SupTask answers every read with an error of its own: ${error}.`,
      'Nothing is lost; the next run goes on where this one ended. If it lasts, ask SupTask.',
      options,
    );
  }
  if (outcome === 'invalid_payload') {
    return new SuptaskError(
      'source.failing',
      `SupTask answers every read with something that is no ticket: ${error}.`,
      'Check SUPTASK_API_BASE_URL and any proxy on the way; the next run goes on where this one ended.',
      options,
    );
  }
  return new SuptaskError(
    'source.unreachable',
    `SupTask cannot be reached: ${error}.`,
    'Check SUPTASK_API_BASE_URL, the network and any proxy; the next run goes on where this one ended.',
    options,
  );
}
