import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const windows = process.platform === 'win32';

export interface PythonEnvironment {
  /** The folder it is made in, below the project's. */
  folder: string;
  /** What it holds, in one word or two. */
  holds: string;
  /** The file with everything that is installed, with hashes. */
  requirements: string;
  /** A module that can be imported where the environment is whole. */
  proof: string;
  /** The command that makes it again. */
  command: string;
  /** The oldest Python 3 that what is installed runs on: 10 for 3.10, which is what it is unless said. */
  oldestPythonMinor?: number;
}

/** Makes a Python environment, or leaves it where it is up to date; returns its Python. Ends the process where it cannot be made. */
export function preparePython({ folder, holds, requirements, proof, command, oldestPythonMinor = 10 }: PythonEnvironment): string {
  const path = join(root, folder);
  const stamp = join(path, 'requirements.sha256');
  const python = join(path, windows ? 'Scripts/python.exe' : 'bin/python');
  const wanted = createHash('sha256').update(readFileSync(join(root, requirements))).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && run(python, ['-c', `import ${proof}`])) return python;
  console.error(`Making the Python environment ${folder} with ${holds} (about a minute) …`);
  rmSync(path, { recursive: true, force: true });
  const install = ['-m', 'pip', 'install', '-qq', '--disable-pip-version-check', '--require-hashes', '-r', join(root, requirements)];
  if (!run(findPython(command, oldestPythonMinor), ['-m', 'venv', path]) || !run(python, install)) {
    console.error(`Error: the Python environment could not be made; see above.\nTo do: check the network and any proxy, then: ${command}`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
  return python;
}

function run(program: string, args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'inherit' }).status === 0;
}

/** The first Python that is new enough; its own word counts, not its name. */
function findPython(command: string, oldestMinor: number): string {
  const candidates = [process.env['PYTHON'], 'python3', 'python', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const recentEnough = `import sys, venv, ensurepip; sys.exit(sys.version_info < (3, ${oldestMinor}))`;
  const found = candidates.find((name) => name && spawnSync(name, ['-c', recentEnough], { stdio: 'ignore' }).status === 0);
  if (found) return found;
  console.error(`Error: no Python of 3.${oldestMinor} or newer with the venv module was found.\nTo do: install it (Debian: apt install python3-venv), or name one: PYTHON=/path/to/python ${command}`);
  process.exit(3);
}
