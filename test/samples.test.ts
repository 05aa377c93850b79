import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { sampleImage } from './fixtures/sample-image.ts';
import { binaryInputs } from './fixtures/sample-inputs.ts';

/** Writes what the samples give instead of comparing it; the exit codes are compared all the same. */
const update = process.env['UPDATE_SAMPLES'] === '1';

const samples = fileURLToPath(new URL('../samples', import.meta.url));
const cli = fileURLToPath(new URL('../bin/run.js', import.meta.url));
const temporary = mkdtempSync(join(tmpdir(), 'mlbom-samples-'));
const stories = readdirSync(samples).filter((name) => existsSync(join(samples, name, 'README.md')));

/** Commands, what they print, and how they end. No text block: they print nothing. */
const step = /^```sh\n(?<script>.*?)^```\n\n(?:```text\n(?<output>.*?)^```\n\n)?Exit code (?<exit>\d+)\.$/gms;

interface Step {
  readonly script: string;
  readonly output: string;
  readonly exit: number;
}

afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

describe('the inputs of the samples', () => {
  it.each(Object.entries({ ...binaryInputs, ...sampleImage() }))(
    '%s is what its generator writes',
    (path, generate) => {
      if (update) mkdirSync(join(samples, path, '..'), { recursive: true });
      if (update) writeFileSync(join(samples, path), generate());
      expect(readFileSync(join(samples, path)).equals(generate())).toBe(true);
    },
  );
});

describe.skipIf(process.platform === 'win32')('each sample, run in a copy', () => {
  it.each(stories)('%s does what its README says', (story) => {
    const readme = join(samples, story, 'README.md');
    const claimed = stepsIn(readFileSync(readme, 'utf8'));
    const work = join(temporary, story);
    cpSync(join(samples, story, 'input'), work, { recursive: true });
    const before = filesIn(work);
    const actual = claimed.map(({ script }) => run(script, work));
    expect(actual.map(({ script, exit }) => ({ script, exit }))).toEqual(
      claimed.map(({ script, exit }) => ({ script, exit })),
    );

    const made = new Map([...filesIn(work)].filter(([name]) => !before.has(name)));
    if (update) {
      writeFileSync(readme, withOutputs(readFileSync(readme, 'utf8'), actual));
      writeExpected(join(samples, story, 'expected'), made);
    }
    expect(actual).toEqual(stepsIn(readFileSync(readme, 'utf8')));
    expect(made).toEqual(filesIn(join(samples, story, 'expected')));
  });

  it('is there at least once', () => {
    expect(stories.length).toBeGreaterThan(2);
  });
});

function stepsIn(readme: string): Step[] {
  const steps = [...readme.matchAll(step)].map(({ groups = {} }) => ({
    script: groups['script'] ?? '',
    output: groups['output'] ?? '',
    exit: Number(groups['exit']),
  }));
  // A block that the pattern misses would be a command that nobody runs.
  expect(steps.length).toBe(readme.match(/^```sh$/gm)?.length);
  return steps;
}

function run(script: string, cwd: string): Step {
  const { stdout, status } = spawnSync('sh', ['-e', '-c', `exec 2>&1\n${script}`], {
    cwd,
    encoding: 'utf8',
    env: {
      PATH: `${commandDirectory()}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: temporary,
      SOURCE_DATE_EPOCH: '1767225600',
    },
  });
  return { script, output: stdout, exit: status ?? -1 };
}

/** A directory where `mlbom` is this package's. */
function commandDirectory(): string {
  const directory = join(temporary, 'bin');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'mlbom'), `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`, {
    mode: 0o755,
  });
  return directory;
}

/** The documents in a directory, by name, as text of one character a byte. Directories in it are places. */
function filesIn(directory: string): Map<string, string> {
  const entries = existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [];
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(directory, name), 'latin1')]),
  );
}

function withOutputs(readme: string, actual: readonly Step[]): string {
  let next = 0;
  return readme.replace(step, () => {
    const { script, output, exit } = actual[next++] ?? { script: '', output: '', exit: -1 };
    const printed = output === '' ? '' : `\`\`\`text\n${output}\`\`\`\n\n`;
    return `\`\`\`sh\n${script}\`\`\`\n\n${printed}Exit code ${exit}.`;
  });
}

function writeExpected(directory: string, files: ReadonlyMap<string, string>): void {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(directory, name), content, 'latin1');
}
