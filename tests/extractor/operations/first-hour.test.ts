import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../../../extractor/operations/dbt.ts';
import { createWorld } from '../../../extractor/simulator/world.ts';
import { temporaryFolder } from '../support/folder.ts';
import { STARTS_AT, startSource } from '../support/source.ts';

/** What the runbook's first hour has people type, box by box. */
function boxesOf(section: string): string[] {
  const text = readFileSync(join(projectFolder, 'docs/runbook.md'), 'utf8');
  const [, body = ''] = text.split(`## ${section}\n`);
  return [...(body.split('\n## ')[0] ?? '').matchAll(/```sh\n(.*?)```/gs)].map(([, box = '']) => box);
}

it('whoever types what the runbook says gets from nothing to an alert that was seen and has closed', { timeout: 240_000 }, async () => {
  const [theirs = '', yours = ''] = boxesOf('First hour, on a simulated SupTask');
  expect(theirs.trim().split('\n')).toEqual(['npm ci', 'npx suptask simulate --port 8787 --token first-hour-token']);
  const settings = yours.split('\n').findIndex((line) => !line.startsWith('export '));
  expect([settings, readFileSync(join(projectFolder, 'docs/runbook.md'), 'utf8').includes('The first four lines')]).toEqual([4, true]);
  const world = createWorld({ seed: 1, tickets: 25, days: 10, startsAt: STARTS_AT });
  const { simulator } = await startSource({ world, token: 'first-hour-token', rateLimit: { requests: 100, windowMs: 900_000 } });

  // npx finds the command in the clone; here it is put on the way to it by hand.
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${join(projectFolder, 'extractor/suptask.js')}' "$@"\n`);
  chmodSync(join(folder, 'bin/npx'), 0o755);
  const typed = yours.replace('http://127.0.0.1:8787/api/v2/public', simulator.url);
  expect(typed).not.toBe(yours);
  const shell = spawn('bash', ['-e', '-x', '-c', typed], { cwd: folder, env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: folder } });
  let [output, errors] = ['', ''];
  shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  shell.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [exitCode] = (await once(shell, 'close')) as [number | null];
  expect([exitCode, errors.split('\n').filter((line) => /defect|command not found/.test(line))], errors).toEqual([0, []]);

  expect(output).toMatch(/Next: suptask sync\n.*default is well.*default is not well.*OPEN {2}heartbeat.*seen {2}heartbeat.*it was me.*default is well.*No alert is open\./s);
  expect(output).toContain('25 known up to number 25');
  const told = readFileSync(join(folder, 'alerts.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { key: string; event: string });
  expect(told).toMatchObject([{ key: 'heartbeat', event: 'opened' }, { key: 'heartbeat', event: 'closed' }]);
});

it('every command of the runbook is one, with options that it has', async () => {
  const text = readFileSync(join(projectFolder, 'docs/runbook.md'), 'utf8');
  const boxes = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, box = '']) => box).join('\n');
  const commands = new Set([...readFileSync(join(projectFolder, 'extractor/cli.ts'), 'utf8').matchAll(/^ {2}(\w+): \{/gm)].map(([, name]) => name));
  const scripts = (JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;
  const named = [...`${boxes}\n${text}`.matchAll(/npx suptask (\w+)/g)].map(([, name]) => name);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !commands.has(name))).toEqual([]);
  const run = [...text.matchAll(/npm run (?:--silent )?([\w:]+)/g)].map(([, name = '']) => name);
  expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});
