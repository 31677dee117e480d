/** `npm run prepare`: makes the Python environment `.venv` with dbt, or leaves it where it is up to date. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = join(root, '.venv');
const requirements = join(root, 'requirements.txt');
const stamp = join(folder, 'requirements.sha256');
const windows = process.platform === 'win32';
const python = join(folder, windows ? 'Scripts/python.exe' : 'bin/python');

function run(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
}

/** The first Python of 3.10 or newer; its own word counts, not its name. */
function findPython(): string {
  const candidates = [process.env['PYTHON'], 'python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const recentEnough = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';
  const found = candidates.find((name) => name && spawnSync(name, ['-c', recentEnough], { stdio: 'ignore' }).status === 0);
  if (found) return found;
  console.error('Error: no Python of 3.10 or newer with the venv module was found.\nTo do: install it (Debian: apt install python3-venv), or name one: PYTHON=/path/to/python npm run prepare');
  process.exit(3);
}

const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
const isCurrent = existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && run(python, ['-c', 'import dbt.version']);
if (!isCurrent) {
  console.error('Making the Python environment .venv with dbt (about a minute) …');
  rmSync(folder, { recursive: true, force: true });
  const install = ['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--require-hashes', '-r', requirements];
  if (!run(findPython(), ['-m', 'venv', folder]) || !run(python, install)) {
    console.error('Error: the Python environment could not be made; see above.\nTo do: check the network and any proxy, then: npm run prepare');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}
