/** Below this a number is epoch seconds (until the year 5138), from it on epoch milliseconds. */
const FIRST_MILLISECONDS = 100_000_000_000;

/** Beyond the years 1 to 9999 not every engine of the landing log can store a time. */
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * A time as the API writes it (epoch seconds, epoch milliseconds, or ISO 8601; without an offset
 * it is UTC) in milliseconds since the epoch, or null where it is none of these.
 */
export function parseWireTime(value: unknown): number | null {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return fromEpoch(Number(text));
  if (!ISO_8601.test(text)) return null;
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10));
  return storable(Date.parse(hasOffset || text.length === 10 ? text : `${text}Z`));
}

function fromEpoch(number: number): number | null {
  if (!Number.isFinite(number) || number <= 0) return null;
  return storable(Math.floor(number < FIRST_MILLISECONDS ? number * 1000 : number));
}

function storable(ms: number): number | null {
  return ms >= FIRST_MS && ms <= LAST_MS ? ms : null;
}
