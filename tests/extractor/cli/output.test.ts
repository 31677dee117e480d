import { describe, expect, it, vi } from 'vitest';
import { formatDuration } from '../../../extractor/output/duration.ts';
import { ProgressLine } from '../../../extractor/output/progress-line.ts';
import { describePlan, describeProgress, describeReport } from '../../../extractor/commands/run-text.ts';
import { formatTable } from '../../../extractor/output/table.ts';
import type { RunProgress, RunReport } from '../../../extractor/sync/run-report.ts';

const NOW = Date.parse('2026-07-06T12:00:00Z');
const MINUTE = 60_000;

describe('a duration', () => {
  it.each<[number, string]>([
    [-5, '0 s'],
    [0, '0 s'],
    [499, '0 s'],
    [45_000, '45 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [59 * MINUTE + 59_700, '1 h'],
    [315 * MINUTE, '5 h 15 min'],
    [24 * 60 * MINUTE, '1 d'],
    [51 * 60 * MINUTE + 59 * MINUTE, '2 d 3 h'],
  ])('of %d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('a table', () => {
  it('lets nothing that somebody wrote command the terminal, or turn a line around', () => {
    expect(formatTable([{ heading: 'who' }, { heading: 'open' }], [['\u001B[2JAda \u202Eevil', '1\n2']])).toBe('who            open\n [2JAda  evil  1 2');
  });

  it('sets each column as wide as its widest cell, and nothing after the last', () => {
    const text = formatTable([{ heading: 'who' }, { heading: 'open', align: 'right' }], [['Ada', '7'], ['Grace', '1,234'], ['', '']]);
    expect(text.split('\n')).toEqual(['who     open', 'Ada        7', 'Grace  1,234', '']);
  });
});

describe('the progress line', () => {
  function shown(isTTY: boolean, columns?: number) {
    const written: string[] = [];
    return { written, line: new ProgressLine({ isTTY, ...(columns ? { columns } : {}), write: (text) => written.push(text) }) };
  }

  it('is redrawn in place on a terminal, cut to its width, and taken away at the end', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { written, line } = shown(true, 8);
    line.update(() => 'abcdefghijk');
    line.update(() => 'too soon');
    vi.advanceTimersByTime(200);
    line.update(() => 'xy');
    line.end();
    line.end();
    expect(written).toEqual(['\rabcdefg', '\rxy     ', '\r  \r']);
    vi.useRealTimers();
  });

  it('is a line every ten seconds elsewhere, made only when it is shown', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { written, line } = shown(false);
    const text = vi.fn<() => string>(() => 'so far');
    line.update(text);
    expect(text).not.toHaveBeenCalled();
    vi.advanceTimersByTime(10_000);
    line.update(text);
    line.update(text);
    line.end();
    expect(written).toEqual(['so far\n']);
    vi.useRealTimers();
  });
});

describe('the words of a run', () => {
  const estimate = () => ({ windows: 4, endsAtMs: NOW + 45 * MINUTE });
  const progress: RunProgress = { requests: 750, left: () => 250, budgetLeft: 10, limit: 100, nowMs: NOW, waitingUntilMs: null, createdSinceMs: null, estimate };

  it('say how far it is, what the window allows, and when it will have ended', () => {
    const far = '75 % · 750 read, 250 to go · 10 of 100 requests left';
    expect(describeProgress(progress)).toBe(`${far} · done in about 45 min, 2026-07-06 12:45 UTC`);
    expect(describeProgress(progress, true)).toBe(`[###############     ] ${far} · done in about 45 min, 2026-07-06 12:45 UTC`);
    const almost = { ...progress, left: () => 10, estimate: () => ({ windows: 1, endsAtMs: NOW }) };
    expect(describeProgress({ ...almost, waitingUntilMs: NOW + 90_000 })).toBe(
      '98 % · 750 read, 10 to go · 10 of 100 requests left · next window in 1 min 30 s',
    );
    expect(describeProgress({ ...almost, limit: null, budgetLeft: Number.POSITIVE_INFINITY })).toBe('98 % · 750 read, 10 to go');
    expect(describeProgress({ ...almost, requests: 0, left: () => 0 })).toMatch(/^0 % · 0 read/);
  });

  it('say before it begins how long it will take', () => {
    expect(describePlan(progress, true)).toBe(
      'To read: 250 numbers, the newest first.\n10 of 100 requests are left in this window. That takes 4 rate windows, about 45 min, until 2026-07-06 12:45 UTC.',
    );
    expect(describePlan({ ...progress, createdSinceMs: NOW - 90 * 24 * 60 * MINUTE }, false)).toBe(
      'To read: at most 250 numbers, the newest first, until tickets were created before 2026-04-07 12:00 UTC.\n' +
        '10 of 100 requests are left in this window. This run ends with it; all of it would take at most 4 rate windows, about 45 min, until 2026-07-06 12:45 UTC (--wait goes on by itself).',
    );
    expect(describePlan({ ...progress, limit: null }, true)).toBe('To read: 250 numbers, the newest first. No rate limit is known.');
  });

  it('say what it did and when the next can come', () => {
    const report: RunReport = {
      runId: 'r', kind: 'sync', startedAtMs: NOW, endedAtMs: NOW, ended: 'window_used_up', requests: 1_000,
      outcomes: { found: 900, unchanged: 50, not_found: 2, forbidden: 1, server_error: 3, timeout: 1, network_error: 1, invalid_payload: 1 },
      left: 1_100, nextAtMs: NOW + 10 * MINUTE,
    };
    expect(describeReport(report)).toBe(
      [
        '1,000 requests: 900 new or changed, 50 unchanged, 2 not there, 1 of another team, 6 failed and queued for retry.',
        'Ended because the rate window is used up; 1,100 numbers still to read.',
        'The next window opens at 2026-07-06 12:10:00 UTC, in 10 min.',
      ].join('\n'),
    );
    expect(describeReport({ ...report, outcomes: {}, ended: 'stopped', nextAtMs: NOW })).not.toMatch(/queued|team|opens/);
  });
});
