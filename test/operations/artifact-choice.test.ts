import { describe, expect, it } from 'vitest';
import type { StatedArtifact } from '../../src/bom/artifacts-of.ts';
import { intendedArtifact } from '../../src/operations/intended-artifact.ts';
import { targetsOf } from '../../src/operations/verify-targets.ts';

function artifact(name: string, version: string | undefined, byte: string): StatedArtifact {
  return { name, ...(version === undefined ? {} : { version }), digest: byte.repeat(64), files: [] };
}

const support = artifact('support', '1.2', 'a');
const data = artifact('data', undefined, 'b');
const older = artifact('support', '1.1', 'c');

describe('the artifact that is meant', () => {
  it.each(['support@1.2', `sha256:${'a'.repeat(64)}`, `SHA256:${'A'.repeat(64)}`])(
    'is found as %s',
    (meant) => {
      expect(intendedArtifact([support, data], meant)).toMatchObject({ outcome: 'pass', required: true });
    },
  );

  it.each(['support', 'support@1.1', 'support@', '', 'sha256:', 'a'.repeat(64)])(
    'is not found as %j',
    (meant) => {
      expect(intendedArtifact([support, data], meant)).toMatchObject({ outcome: 'fail', required: true });
    },
  );

  it('decides nothing when it was not named, and that is said', () => {
    expect(intendedArtifact([support], undefined)).toMatchObject({ outcome: 'unknown', required: false });
  });

  it('is not clear when two contents have the name', () => {
    const twin = artifact('support', '1.2', 'd');
    expect(intendedArtifact([support, twin], 'support@1.2').outcome).toBe('fail');
    expect(intendedArtifact([support, twin], `sha256:${twin.digest}`).outcome).toBe('pass');
  });
});

describe('a place', () => {
  it('is about the only artifact', () => {
    expect(targetsOf(['x', 'a=b'], [support], undefined)).toEqual([
      { artifact: support, at: 'x' },
      { artifact: support, at: 'a=b' },
    ]);
  });

  it('is about the artifact that is named before it, with or without its version', () => {
    expect(targetsOf(['data=x', 'support@1.2=y=z'], [support, data, older], undefined)).toEqual([
      { artifact: data, at: 'x' },
      { artifact: support, at: 'y=z' },
    ]);
  });

  it('is about the pinned artifact, unless it names another one', () => {
    expect(targetsOf(['x', 'data=y'], [support, data], 'support@1.2')).toEqual([
      { artifact: support, at: 'x' },
      { artifact: data, at: 'y' },
    ]);
  });

  it('is demanded for the pinned artifact: the bytes of its neighbour say nothing of it', () => {
    expect(() => targetsOf(['data=y'], [support, data], 'support@1.2')).toThrow(
      expect.objectContaining({ code: 'E_USAGE' }),
    );
  });

  it.each([['x'], ['support=x'], ['other=x']])('is refused as %s where that is not clear', (place) => {
    expect(() => targetsOf([place], [support, data, older], undefined)).toThrow(
      expect.objectContaining({ code: 'E_USAGE' }) as Error,
    );
  });
});
