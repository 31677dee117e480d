import { SuptaskError } from '../errors.ts';
import type { Outcome } from '../landing/streams.ts';

/** The source does not take the token, or the way it is sent. */
export function refused(status: number | null, error: string | null): SuptaskError {
  if (status === 400) {
    return new SuptaskError(
      'source.scheme_refused',
      `SupTask does not understand how the token is sent (${error}).`,
      'Set SUPTASK_API_AUTH_SCHEME to the kind of token you have: api_token or bearer.',
    );
  }
  return new SuptaskError(
    'source.unauthorized',
    `SupTask does not accept the token (${error}).`,
    'Check SUPTASK_API_TOKEN and SUPTASK_API_AUTH_SCHEME (api_token or bearer); make a new token in SupTask if it was revoked.',
  );
}

/** The source as a whole does not answer, or answers with nothing but errors of its own. */
export function outage(outcome: Outcome, error: string | null): SuptaskError {
  if (outcome === 'server_error') {
    return new SuptaskError(
      'source.failing',
      `SupTask answers every read with an error of its own: ${error}.`,
      'Nothing is lost; the next run goes on where this one ended. If it lasts, ask SupTask.',
    );
  }
  return new SuptaskError(
    'source.unreachable',
    `SupTask cannot be reached: ${error}.`,
    'Check SUPTASK_API_BASE_URL, the network and any proxy; the next run goes on where this one ended.',
  );
}
