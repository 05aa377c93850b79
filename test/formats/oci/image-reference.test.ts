import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../../src/core/errors.ts';
import {
  formatReference,
  parseImageReference,
  registryHost,
  type ImageReference,
} from '../../../src/formats/oci/image-reference.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';

const hex = 'a'.repeat(64);

describe('parseImageReference', () => {
  it.each([
    ['python', 'docker.io/library/python'],
    ['python:3.12-slim', 'docker.io/library/python:3.12-slim'],
    ['team/app', 'docker.io/team/app'],
    ['docker.io/python', 'docker.io/library/python'],
    ['index.docker.io/team/app', 'docker.io/team/app'],
    ['localhost/app', 'localhost/app'],
    ['LOCAL/app', 'LOCAL/app'],
    ['localhost:5000/app:v1', 'localhost:5000/app:v1'],
    ['127.0.0.1:5000/app', '127.0.0.1:5000/app'],
    ['[::1]:5000/team/app', '[::1]:5000/team/app'],
    ['oci://registry.example.org/team/a__b.c-d:v1', 'registry.example.org/team/a__b.c-d:v1'],
    [
      `oci://registry.example.org:8443/app:v1@sha256:${hex}`,
      `registry.example.org:8443/app:v1@sha256:${hex}`,
    ],
    [`docker://app@sha256:${hex}`, `docker.io/library/app@sha256:${hex}`],
  ])('%s is %s', (text, full) => {
    expect(formatReference(parseImageReference(text))).toBe(full);
  });

  it.each([
    [''],
    ['registry.example.org/'],
    ['registry.example.org/Team/app'],
    ['registry.example.org/team//app'],
    ['registry.example.org/../app'],
    ['registry.example.org/a___b'],
    ['registry.example.org:0/app'],
    ['registry.example.org:70000/app'],
    ['-x.example.org/app'],
    ['[::1%eth0]/app'],
    ['[nothing]/app'],
    ['app:'],
    [`app:${'x'.repeat(129)}`],
    ['app@v1'],
    ['app@sha256:aa'],
    [hex],
    [`${'a/'.repeat(200)}b`],
    ['app?tag=1'],
    ['app\n'],
  ])('%j is none', async (text) => {
    expect(await refusal(Promise.resolve().then(() => parseImageReference(text)))).toBe(
      'E_USAGE image-reference',
    );
  });

  it('says which reference is none, without its query', () => {
    expect(() => parseImageReference('Team/App?token=hunter2')).toThrow(
      /^Team\/App: not an image reference: /,
    );
    expect(() => parseImageReference('app@')).toThrow(/^the reference: not an image reference: /);
  });

  it('never repeats a password', () => {
    try {
      parseImageReference('oci://user:hunter2@registry.example.org/app');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_USAGE', subject: 'registry.example.org/app' });
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it("asks Docker Hub's own host", () => {
    expect(registryHost('docker.io')).toBe('registry-1.docker.io');
    expect(registryHost('registry.example.org:5000')).toBe('registry.example.org:5000');
  });

  it('reads what formatReference writes', () => {
    const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:(?:\.|_|__|-{1,3})[a-z0-9]{1,8})?$/);
    const reference = fc.record(
      {
        registry: fc.constantFrom(
          'docker.io',
          'localhost',
          'registry.example.org:5000',
          '[2001:db8::1]',
          'a.b',
        ),
        repository: fc.array(part, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/')),
        tag: fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}$/),
        digest: fc.constant({ algorithm: 'sha256' as const, hex }),
      },
      { requiredKeys: ['registry', 'repository'] },
    );
    fc.assert(
      fc.property(reference, (one) => {
        expect(parseImageReference(formatReference(one as ImageReference))).toEqual(one);
      }),
    );
  });

  it('reads or refuses any text', () => {
    const pieces = fc.constantFrom(
      'a',
      'A',
      '/',
      ':',
      '@',
      '.',
      '-',
      '_',
      '[',
      ']',
      'oci://',
      'sha256:',
      hex,
      '5000',
      'é',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, (one) => {
        try {
          const reference = parseImageReference(one);
          expect(parseImageReference(formatReference(reference))).toEqual(reference);
        } catch (error) {
          expect(isMlbomError(error), String(error)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
