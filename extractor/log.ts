import { type Logger, pino } from 'pino';
import type { Redact } from './secret.ts';

/** From which weight on a line of the log is written. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Log = Logger;

/** Where the log goes: the standard error stream, which may be a terminal. */
export interface LogStream {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * The log of the extractor: one JSON object a line, or on a terminal a line for people. Whatever
 * is logged goes through `redact` as a whole, so that no field has to be thought of.
 */
export function createLog(level: LogLevel, redact: Redact, stream: LogStream = process.stderr): Log {
  const write = (line: string) => stream.write(redact(stream.isTTY ? forPeople(line) : line));
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } }, { write });
}

const COLOURS: Record<string, number> = { error: 31, warn: 33, info: 32, debug: 90 };

/** `14:30:05 WARN  a run failed  code=source.unreachable` */
function forPeople(line: string): string {
  const { time, level, msg, pid: _, ...fields } = JSON.parse(line) as Record<string, unknown> & { time: string; level: string; msg?: string };
  const told = Object.entries(fields).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const colour = process.env['NO_COLOR'] ? undefined : COLOURS[level];
  const word = level.toUpperCase().padEnd(5);
  return `${time.slice(11, 19)} ${colour === undefined ? word : `\u001B[${colour}m${word}\u001B[0m`} ${[msg ?? '', ...told].join('  ')}\n`;
}
