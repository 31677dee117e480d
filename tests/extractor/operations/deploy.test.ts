import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder, pythonProgram } from '../../../extractor/operations/dbt.ts';
import { temporaryFolder } from '../support/folder.ts';

const read = (path: string) => readFileSync(join(projectFolder, path), 'utf8');
const units = readdirSync(join(projectFolder, 'deploy/systemd'));
const commands = new Set([...read('extractor/cli.ts').matchAll(/^ {2}(\w+): \{/gm)].map(([, name]) => name));

/** A YAML file's documents, as a parser of YAML reads them. */
function yaml(path: string): Record<string, never>[] {
  const program = 'import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))';
  const { stdout, stderr } = spawnSync(pythonProgram('python'), ['-c', program, join(projectFolder, path)], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Record<string, never>[];
}

describe('the systemd units', () => {
  it.each(units)('%s runs a command that there is, and holds no secret', (unit) => {
    const text = read(`deploy/systemd/${unit}`);
    if (unit.endsWith('.timer')) {
      expect(units).toContain(unit.replace('.timer', '.service'));
      expect(text).toMatch(/^OnCalendar=\*:0\/\d+$/m);
      return;
    }
    expect(commands).toContain(/^ExecStart=.* extractor\/suptask\.js (\w+)/m.exec(text)?.[1]);
    expect(text).toMatch(/^User=suptask$/m);
    // Systemd refuses to start a service with a writable path that nobody has made.
    expect(text).toMatch(/^ReadWritePaths=\/opt\/suptask-elt$/m);
    expect(text).toMatch(/^StateDirectory=suptask$/m);
    expect(text).toMatch(/^LoadCredential=token:/m);
    expect(text).not.toMatch(/SUPTASK_API_TOKEN=/);
  });

  it.runIf(spawnSync('systemd-analyze', ['--version']).status === 0)('pass systemd’s own check', () => {
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units.map((unit) => join(projectFolder, 'deploy/systemd', unit))], { encoding: 'utf8' });
    const ours = stderr.split('\n').filter((line) => line.includes('suptask'));
    expect([status, ours]).toEqual([0, []]);
  });
});

describe('the crontab', () => {
  it('has lines that a shell runs in the project’s folder, with commands that there are', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'bin'));
    for (const name of ['npm', 'npx']) {
      writeFileSync(join(folder, 'bin', name), `#!/bin/sh\necho "$PWD: ${name} $*"\n`);
      chmodSync(join(folder, 'bin', name), 0o755);
    }
    const lines = read('deploy/cron/crontab').split('\n').filter((line) => /^[*\d]/.test(line));
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      const [, times = '', command = ''] = /^((?:\S+ ){5})(.*)$/.exec(line) ?? [];
      expect(times).toMatch(/^\*\/\d+ \* \* \* \* $/);
      expect(spawnSync('sh', ['-c', command], { env: { PATH: `${join(folder, 'bin')}:/bin:/usr/bin`, SUPTASK_HOME: folder } }).status).toBe(0);
    }
    expect(readFileSync(join(folder, 'logs/pipeline.log'), 'utf8')).toBe(`${folder}: npm run --silent pipeline\n`);
    expect(readFileSync(join(folder, 'logs/heartbeat.log'), 'utf8')).toBe(`${folder}: npx suptask heartbeat\n`);
  });
});

describe('what runs in containers and at GitHub', () => {
  it('is two CronJobs that run as nobody in particular, with the token as a file', () => {
    const jobs = yaml('deploy/kubernetes/cronjob.yaml') as unknown as { kind: string; spec: { concurrencyPolicy: string; jobTemplate: { spec: { template: { spec: Pod } } } } }[];
    interface Pod { securityContext: { runAsNonRoot: boolean }; containers: { args: string[]; env: { name: string; valueFrom?: { secretKeyRef: object } }[] }[]; volumes: { name: string; secret?: object }[] }
    expect(jobs.map(({ kind, spec }) => [kind, spec.concurrencyPolicy])).toEqual([['CronJob', 'Forbid'], ['CronJob', 'Forbid']]);
    for (const { spec } of jobs) {
      const pod = spec.jobTemplate.spec.template.spec;
      const [container] = pod.containers;
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      expect(commands).toContain(container?.args[0]);
      expect(container?.env.map(({ name }) => name)).toEqual(['SUPTASK_API_TOKEN_FILE', 'SUPTASK_ALERT_WEBHOOK_URL', 'SUPTASK_LOG_LEVEL']);
      expect(container?.env[1]?.valueFrom?.secretKeyRef).toEqual({ name: 'suptask', key: 'alert-webhook-url', optional: true });
      expect(pod.volumes.find(({ name }) => name === 'token')?.secret).toBeDefined();
    }
  });

  it('is a workflow that takes its secrets from the secrets, and runs what there is', () => {
    const [workflow] = yaml('deploy/github/sync.yml') as unknown as [{ jobs: { sync: { env: Record<string, string>; steps: { run?: string }[] } } }];
    const { env, steps } = workflow.jobs.sync;
    for (const name of ['SUPTASK_API_TOKEN', 'SUPTASK_LANDING', 'SUPTASK_ALERT_WEBHOOK_URL', 'PGPASSWORD']) expect(env[name]).toBe(`\${{ secrets.${name} }}`);
    // Else a heartbeat would be missed by design.
    const [{ on }] = [JSON.parse(JSON.stringify(workflow).replace('"true":', '"on":')) as { on: { schedule: { cron: string }[] } }];
    expect(on.schedule[0]?.cron).toBe(`*/${env['SUPTASK_HEARTBEAT_MINUTES']} * * * *`);
    expect(steps.flatMap(({ run }) => run ?? [])).toEqual(['npm ci', 'npx suptask heartbeat', 'npm run pipeline']);
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').replaceAll('\\\n', ' ').split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const of = (word: string) => lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1).trim());
  const ignored = read('.dockerignore').trim().split('\n');
  const letIn = ignored.slice(1).map((line) => line.replace(/^!/, ''));

  it('runs as a user who is not root, with a health check of a command that there is', () => {
    expect(of('USER').at(-1)).toBe('suptask');
    expect(lines.findIndex((line) => line.startsWith('USER'))).toBeLessThan(lines.findIndex((line) => line.startsWith('COPY')));
    expect(of('HEALTHCHECK')[0]).toContain('["node", "extractor/suptask.js", "alerts", "--fail-if-open"]');
    expect(of('CMD').at(-1)).toBe('["sync", "--follow"]');
  });

  it('copies what npm ci runs before it runs it, with all that this imports', () => {
    const before = lines.slice(0, lines.findIndex((line) => line.startsWith('RUN npm ci')));
    const copied = before.filter((line) => line.startsWith('COPY ')).flatMap((line) => line.split(' ').slice(1, -1));
    const { prepare } = (JSON.parse(read('package.json')) as { scripts: { prepare: string } }).scripts;
    const needed = [prepare.replace('node ', '')];
    for (const script of needed) needed.push(...[...read(script).matchAll(/from '\.\/(.+)'/g)].map(([, name = '']) => `scripts/${name}`));
    expect(needed.length).toBeGreaterThan(1);
    expect(copied).toEqual(expect.arrayContaining(needed));
  });

  it('copies all that its commands read: they run where nothing else is', { timeout: 300_000 }, () => {
    const image = temporaryFolder();
    for (const path of letIn) cpSync(join(projectFolder, path), join(image, path), { recursive: true });
    for (const path of ['node_modules', '.venv']) symlinkSync(join(projectFolder, path), join(image, path));
    const set = of('ENV').join(' ').replaceAll('/data', join(image, 'data')).trim().split(/\s+/).map((pair) => pair.split('=') as [string, string]);
    const run = (args: readonly string[]) => spawnSync(process.execPath, args, { cwd: image, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: image, ...Object.fromEntries(set) } });
    const healthCheck = JSON.parse(of('HEALTHCHECK')[0]?.replace(/^.* CMD /, '') ?? '') as string[];
    mkdirSync(join(image, 'data'));
    expect(run(['extractor/suptask.js', '--help'])).toMatchObject({ status: 0 });
    expect(run(healthCheck.slice(1))).toMatchObject({ status: 0, stdout: 'No alert is open.\n' });
    expect(run(['scripts/dbt.ts', 'ls', '--selector', 'tickets', '--quiet'])).toMatchObject({ status: 0, stdout: expect.stringContaining('suptask_tickets') });
  });

  it('has no secret in a layer: none is set, and nothing but what is listed is copied', () => {
    expect([...of('ENV'), ...of('ARG')].join(' ')).not.toMatch(/TOKEN|PASSWORD|SECRET/);
    expect(ignored[0]).toBe('*');
    for (const path of letIn) expect(existsSync(join(projectFolder, path)), path).toBe(true);
    expect(letIn.filter((path) => path.startsWith('.'))).toEqual(['.npmrc']);
    const copied = of('COPY').flatMap((line) => line.replace(/^--chown=\S+ /, '').split(' ').slice(0, -1)).filter((path) => path !== '.');
    for (const path of copied) expect(letIn.some((entry) => path === entry || path.startsWith(`${entry}/`)), path).toBe(true);
  });
});
