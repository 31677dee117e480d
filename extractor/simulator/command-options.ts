import { InvalidArgumentError } from 'commander';
import { FAULT_NAMES } from './faults.ts';

/** A parser of whole numbers from `low` to `high`. Like all here it throws commander's InvalidArgumentError. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It is a whole number from ${low} to ${high}.`);
  };
}

/** Simulated seconds a real second. */
export function speed(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1e6) return value;
  throw new InvalidArgumentError('It is a number from 0 to 1000000.');
}

/** Requests a window; null for `none`. */
export function rateLimit(text: string): number | null {
  return text === 'none' ? null : wholeNumber(1, 1_000_000)(text);
}

/** `90s`, `15m` or `1h` in milliseconds. */
export function durationMs(text: string): number {
  const match = /^([1-9]\d{0,5})([smh])$/.exec(text);
  if (match === null) throw new InvalidArgumentError('It is a number with s, m or h, such as 15m.');
  return Number(match[1]) * { s: 1_000, m: 60_000, h: 3_600_000 }[match[2] as 's' | 'm' | 'h'];
}

/** An ISO 8601 time in milliseconds since the epoch, to the whole second; UTC where it names no offset. */
export function timeMs(text: string): number {
  const hasOffset = /T.*(?:Z|[+-]\d{2}:?\d{2})$/i.test(text) || /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = Date.parse(hasOffset ? text : `${text}Z`);
  if (Number.isNaN(at)) throw new InvalidArgumentError('It is a time such as 2026-07-06T00:00:00Z.');
  return Math.floor(at / 1000) * 1000;
}

/** Adds one known fault to those named so far. */
export function collectFault(name: string, names: string[]): string[] {
  if (!FAULT_NAMES.includes(name)) throw new InvalidArgumentError(`Known are ${FAULT_NAMES.join(', ')}.`);
  return [...names, name];
}
