import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secret.ts';

/** Whether a text is the secret. How long it takes says nothing of where they differ, or of the secret's length. */
export function isSecret(given: string, secret: Secret): boolean {
  return timingSafeEqual(digest(given), digest(secret.reveal()));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
