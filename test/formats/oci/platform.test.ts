import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMlbomError } from '../../../src/core/errors.ts';
import {
  formatPlatform,
  isSamePlatform,
  matchesPlatform,
  parsePlatform,
} from '../../../src/formats/oci/platform.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';

describe('a platform', () => {
  it.each([
    ['linux/amd64', 'linux/amd64', true],
    ['linux/x86_64', 'linux/amd64', true],
    ['linux/arm64', 'linux/arm64/v8', true],
    ['linux/arm64/v8', 'linux/arm64', true],
    ['linux/aarch64', 'linux/arm64', true],
    ['linux/arm', 'linux/arm/v6', true],
    ['linux/arm/7', 'linux/arm/v7', true],
    ['linux/arm/v6', 'linux/arm', false],
    ['linux/arm/v7', 'linux/arm/v6', false],
    ['linux/amd64', 'linux/arm64', false],
    ['linux/amd64', 'windows/amd64', false],
    ['windows/amd64', 'windows(10.0.17763.1)/amd64', true],
    ['windows(10.0.1)/amd64', 'windows(10.0.17763.1)/amd64', false],
  ])('%s as asked for, %s as found: %s', (wanted, found, fits) => {
    expect(matchesPlatform(parsePlatform(wanted), parsePlatform(found))).toBe(fits);
  });

  it.each([
    ['linux/amd64', 'linux/amd64/v1', true],
    ['linux/amd64', 'linux/amd64/v3', false],
    ['linux/arm', 'linux/arm/v7', true],
    ['linux/arm', 'linux/arm/v6', false],
    ['windows(10.0.1)/amd64', 'windows/amd64', true],
    ['windows/amd64', 'windows(10.0.1)/amd64', true],
    ['windows(10.0.1)/amd64', 'windows(10.0.2)/amd64', false],
    ['unknown/unknown', 'unknown/unknown', false],
  ])('%s is the same to a runtime as %s: %s', (wanted, found, same) => {
    expect(isSamePlatform(parsePlatform(wanted), parsePlatform(found))).toBe(same);
  });

  it.each([['linux'], ['linux/'], ['/amd64'], ['linux/arm/v7/x'], ['linux/a b'], ['']])(
    '%j is none',
    async (text) => {
      expect(await refusal(Promise.resolve().then(() => parsePlatform(text)))).toBe('E_USAGE platform');
    },
  );

  it('is read from any text, or refused', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[a-z(/).0-9]{0,20}$/));
    fc.assert(
      fc.property(text, (one) => {
        try {
          const platform = parsePlatform(one);
          expect(parsePlatform(formatPlatform(platform))).toEqual(platform);
        } catch (error) {
          expect(isMlbomError(error)).toBe(true);
        }
      }),
    );
  });
});
