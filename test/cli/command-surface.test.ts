import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mlbom } from './mlbom.ts';

interface Flag {
  readonly type: 'option' | 'boolean';
  readonly char?: string;
  readonly multiple?: boolean;
  readonly options?: readonly string[];
  readonly default?: string;
  readonly required?: boolean;
}

interface CommandManifest {
  readonly args: Readonly<Record<string, { readonly required?: boolean; readonly multiple?: boolean }>>;
  readonly flags: Readonly<Record<string, Flag>>;
  readonly summary?: string;
  readonly examples?: readonly unknown[];
}

const manifest = readFileSync(new URL('../../oclif.manifest.json', import.meta.url), 'utf8');
const { commands } = JSON.parse(manifest) as { commands: Readonly<Record<string, CommandManifest>> };

/** `-o --output=… (repeatable)`: what scripts rely on of a flag. */
function flagLine([name, flag]: [string, Flag]): string {
  const { char, options, multiple, required } = flag;
  const value = flag.type === 'boolean' ? '' : `=${options ? options.join('|') : '…'}`;
  const notes = [
    ...(multiple ? ['repeatable'] : []),
    ...(required ? ['required'] : []),
    ...(flag.default === undefined ? [] : [`default ${flag.default}`]),
  ];
  const note = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  return `${char === undefined ? '' : `-${char} `}--${name}${value}${note}`;
}

function surfaceOf({ args, flags }: CommandManifest): string[] {
  const names = Object.entries(args).map(([name, { multiple }]) => (multiple ? `${name}…` : name));
  return [...names, ...Object.entries(flags).map(flagLine)];
}

describe('the flags that others script against', () => {
  it('stay as they are', () => {
    const surface = Object.fromEntries(
      Object.entries(commands).map(([name, command]) => [name, surfaceOf(command)]),
    );
    const everywhere = ['--json', '--quiet'];
    const severities = '--fail-on=critical|high|medium|low|info';
    expect(surface).toEqual({
      diff: ['OLD', 'NEW', ...everywhere, '-o --output=… (repeatable)', severities],
      generate: [
        'SOURCE…',
        ...everywhere,
        '-o --output=… (repeatable)',
        '--spec-version=1.6|1.7 (default 1.7)',
        '--name=…',
        '--version=…',
        '--declare=…',
        '--config=…',
        '--tensor-digests',
        '--platform=…',
        '--base=… (repeatable)',
        '--headers-only',
        '--allow-incomplete',
        '--cache',
        '--plain-http',
        '--strict',
        severities,
      ],
      keygen: [
        ...everywhere,
        '--output-key-prefix=… (default mlbom)',
        '--algorithm=ecdsa-p256|ecdsa-p384|ecdsa-p521|ed25519 (default ecdsa-p256)',
      ],
      sign: ['BOM', ...everywhere, '--key=… (required)', '--attach=…', '--plain-http', '--bundle=…'],
      validate: ['BOM', ...everywhere],
      verify: [
        'BOM',
        ...everywhere,
        '--key=… (repeatable)',
        '--at=… (repeatable)',
        '--signature-only',
        '--artifact=…',
        '--bundle=…',
        '--platform=…',
        '--plain-http',
        '--manifest=…',
      ],
    });
  });
});

describe('help', () => {
  it.each(Object.keys(commands))('of %s has a summary and examples, and fits 80 columns', (name) => {
    const { status, stdout, stderr } = mlbom([name, '--help'], { env: { COLUMNS: '80' } });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const text = stdout.trimEnd();
    expect(text.startsWith(commands[name]?.summary ?? 'none')).toBe(true);
    expect(text).toContain(`$ mlbom ${name}`);
    expect(text).toContain('EXAMPLES');
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('lists every command, whichever way it is asked for', () => {
    const { status, stdout } = mlbom(['--help']);
    expect(status).toBe(0);
    for (const [name, { summary = 'none' }] of Object.entries(commands)) {
      expect(stdout).toMatch(new RegExp(`^  ${name} +`, 'm'));
      expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
    }
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(mlbom([]).stdout).toBe(stdout);
    expect(mlbom(['help']).stdout).toBe(stdout);
    expect(mlbom(['-h']).stdout).toBe(stdout);
  });

  it('of a command comes by mlbom help COMMAND and by -h too', () => {
    const { stdout } = mlbom(['sign', '--help']);
    expect(mlbom(['help', 'sign']).stdout).toBe(stdout);
    expect(mlbom(['sign', '-h']).stdout).toBe(stdout);
  });
});

it('says its version, that of Node.js and the platform', () => {
  const { status, stdout } = mlbom(['--version']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^mlbom\/\d+\.\d+\.\d+ \S+-\S+ node-v\d+\.\d+\.\d+\n$/);
});
