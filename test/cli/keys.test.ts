import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { mlbom, mlbomJson, temporaryDirectory } from './mlbom.ts';

let cwd: string;

beforeEach(() => {
  cwd = temporaryDirectory();
  mkdirSync(join(cwd, 'model'));
  writeFileSync(join(cwd, 'model/a.txt'), 'a');
  mlbom(['generate', 'model', '-o', 'cyclonedx-json=bom.json', '--quiet'], { cwd });
});

const verify = ['verify', 'bom.json', '--at', 'model', '--key', 'k.pub'];

describe('a key', () => {
  it.each(['ecdsa-p256', 'ecdsa-p384', 'ecdsa-p521', 'ed25519'])(
    'of kind %s signs and verifies',
    (algorithm) => {
      expect(mlbom(['keygen', '--algorithm', algorithm, '--output-key-prefix', 'k'], { cwd }).status).toBe(0);
      expect(mlbom(['sign', 'bom.json', '--key', 'k.key'], { cwd }).status).toBe(0);
      const { status, result } = mlbomJson(verify, { cwd });
      expect(status).toBe(0);
      expect(result.result).toMatchObject({ signer: { kind: 'key', algorithm } });
      const identity = result.checks.find(({ id }) => id === 'identity');
      expect(identity?.why).toMatch(new RegExp(`^${algorithm} key sha256:[0-9a-f]{16}…$`));
    },
  );

  it('is written for its owner alone, and never over another one', () => {
    mlbom(['keygen', '--output-key-prefix', 'k'], { cwd });
    expect(statSync(join(cwd, 'k.key')).mode & 0o777).toBe(0o600);
    const before = readFileSync(join(cwd, 'k.key'), 'utf8');
    const again = mlbom(['keygen', '--output-key-prefix', 'k'], { cwd });
    expect(again.status).toBe(2);
    expect(readFileSync(join(cwd, 'k.key'), 'utf8')).toBe(before);
  });

  it('with a password signs with it, and not without it or with another one', () => {
    const env = { MLBOM_KEY_PASSWORD: 'correct horse' };
    expect(mlbom(['keygen', '--output-key-prefix', 'k'], { cwd, env }).stderr).toContain('(encrypted)');
    expect(readFileSync(join(cwd, 'k.key'), 'utf8')).toContain('ENCRYPTED PRIVATE KEY');
    const sign = ['sign', 'bom.json', '--key', 'k.key'];
    const without = mlbom(sign, { cwd });
    expect(without.status).toBe(2);
    expect(without.stderr).toContain('MLBOM_KEY_PASSWORD');
    const wrong = mlbom(sign, { cwd, env: { MLBOM_KEY_PASSWORD: 'battery staple' } });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).not.toContain('battery');
    expect(mlbom(sign, { cwd, env }).status).toBe(0);
    expect(mlbom(verify, { cwd }).status).toBe(0);
  });

  it('that is not there exits 3', () => {
    expect(mlbom(['sign', 'bom.json', '--key', 'none.key'], { cwd }).status).toBe(3);
  });
});

describe('signing', () => {
  beforeEach(() => {
    mlbom(['keygen', '--output-key-prefix', 'k'], { cwd });
  });

  it('refuses a BOM that is not valid, with the place', () => {
    const bom = JSON.parse(readFileSync(join(cwd, 'bom.json'), 'utf8')) as {
      metadata: { component: object };
    };
    Object.assign(bom.metadata.component, { type: 'spaceship' });
    writeFileSync(join(cwd, 'bad.json'), JSON.stringify(bom));
    const { status, stderr } = mlbom(['sign', 'bad.json', '--key', 'k.key'], { cwd });
    expect(status).toBe(1);
    expect(stderr).toContain('/metadata/component/type');
  });

  it('writes the bundle to stdout when asked to', () => {
    const { status, stdout } = mlbom(['sign', 'bom.json', '--key', 'k.key', '--bundle', '-'], { cwd });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json' });
  });
});

describe('verifying', () => {
  it('takes any of several keys, whose flags do not swallow the BOM', () => {
    mlbom(['keygen', '--output-key-prefix', 'k'], { cwd });
    mlbom(['keygen', '--output-key-prefix', 'other'], { cwd });
    mlbom(['sign', 'bom.json', '--key', 'k.key'], { cwd });
    const args = [
      'verify',
      '--key',
      'other.pub',
      '--key',
      'k.pub',
      '--at',
      'model',
      '--at',
      'model',
      'bom.json',
    ];
    expect(mlbom(args, { cwd }).status).toBe(0);
    expect(mlbom(['verify', 'bom.json', '--key', 'other.pub', '--at', 'model'], { cwd }).status).toBe(1);
  });

  it('of the signature alone reads no bytes, and says so', () => {
    mlbom(['keygen', '--output-key-prefix', 'k'], { cwd });
    mlbom(['sign', 'bom.json', '--key', 'k.key'], { cwd });
    const { status, result } = mlbomJson(['verify', 'bom.json', '--key', 'k.pub', '--signature-only'], {
      cwd,
    });
    expect(status).toBe(0);
    expect(result.checks.at(-1)).toMatchObject({ id: 'bytes', outcome: 'unknown', required: false });
  });

  it('asks which artifact a place is about when there are several, and names those without a place', () => {
    mkdirSync(join(cwd, 'data'));
    writeFileSync(join(cwd, 'data/rows.csv'), 'a,b\n');
    mlbom(['generate', 'model', 'data', '-o', 'cyclonedx-json=bom.json', '--quiet'], { cwd });
    mlbom(['keygen', '--output-key-prefix', 'k'], { cwd });
    mlbom(['sign', 'bom.json', '--key', 'k.key'], { cwd });
    const at = (...places: string[]) =>
      mlbomJson(['verify', 'bom.json', '--key', 'k.pub', ...places.flatMap((place) => ['--at', place])], {
        cwd,
      });
    expect(at('model').status).toBe(2);
    expect(at('model=model', 'data=data').status).toBe(0);
    expect(at('model=data').status).toBe(1);
    const one = at('data=data');
    expect(one.status).toBe(0);
    expect(one.result.checks.at(-1)).toMatchObject({ id: 'bytes', outcome: 'unknown', subject: 'model' });
  });
});
