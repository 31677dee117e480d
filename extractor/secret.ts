import { inspect } from 'node:util';

const REDACTED = '[redacted]';

/** A value that prints as `[redacted]` however it is printed; `reveal()` is the only way to it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return REDACTED;
  }

  toJSON(): string {
    return REDACTED;
  }

  [inspect.custom](): string {
    return REDACTED;
  }
}

/** Removes secrets from text that others wrote: an upstream message, an error, a body. */
export type Redact = (text: string) => string;

/**
 * A redactor for the given secrets, in each spelling in which they may come back: as they are,
 * escaped as in JSON (its slashes too, or not), percent-encoded, and in base64. A secret shorter
 * than four characters is left alone: replacing it would destroy the text and protect nothing.
 */
export function createRedactor(secrets: readonly Secret[]): Redact {
  const spellings = [
    ...new Set(
      secrets
        .map((secret) => secret.reveal())
        .filter((value) => value.length >= 4)
        .flatMap((value) => [
          value,
          JSON.stringify(value).slice(1, -1),
          JSON.stringify(value).slice(1, -1).replaceAll('/', '\\/'),
          encodeURIComponent(value),
          Buffer.from(value).toString('base64'),
        ]),
    ),
  ].sort((a, b) => b.length - a.length);
  return (text) => spellings.reduce((clean, spelling) => clean.replaceAll(spelling, REDACTED), text);
}
