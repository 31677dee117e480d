import { request } from 'undici';
import type { Redact } from '../../secret.ts';
import { excerpt } from '../../suptask/interpret.ts';

/** What came back of a request that is wrong on purpose. */
export interface OddAnswer {
  /** Null where no answer came. */
  httpStatus: number | null;
  durationMs: number;
  /** The beginning of the body, or why there is none; redacted. */
  said: string;
}

const TIMEOUT_MS = 30_000;

/** Sends one GET with this path and authorization, and follows no redirect. Never throws. */
export async function oddRequest(baseUrl: URL, path: string, authorization: string, redact: Redact): Promise<OddAnswer> {
  const startedMs = performance.now();
  const durationMs = () => Math.round(performance.now() - startedMs);
  try {
    const { statusCode, body } = await request(new URL(path, baseUrl), {
      headers: { authorization, accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const said = excerpt(await body.text(), redact);
    return { httpStatus: statusCode, durationMs: durationMs(), said };
  } catch (thrown) {
    return { httpStatus: null, durationMs: durationMs(), said: excerpt(thrown instanceof Error ? thrown.message : String(thrown), redact) };
  }
}
