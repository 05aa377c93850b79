import { MlbomError } from '../../core/errors.ts';
import type { Platform } from '../../core/image.ts';

const part = /^[A-Za-z0-9_.-]{1,64}$/;
/** As containerd writes it: `windows(10.0.17763.1)`. */
const systemPart = /^([A-Za-z0-9_.-]{1,64})(?:\(([A-Za-z0-9_.-]{1,64})\))?$/;

/**
 * `linux/arm64`, `linux/arm/v7`, `windows(10.0.17763.1)/amd64`.
 * @throws MlbomError `E_USAGE`
 */
export function parsePlatform(text: string): Platform {
  const [system = '', architecture = '', variant, ...more] = text.slice(0, 300).split('/');
  const [, os, osVersion] = systemPart.exec(system) ?? [];
  const wrong = [architecture, ...(variant === undefined ? [] : [variant])].some((item) => !part.test(item));
  if (os === undefined || wrong || more.length > 0) {
    throw new MlbomError('E_USAGE', `not a platform: ${text.slice(0, 80)}`, {
      subject: text.slice(0, 80),
      next: 'write OS/ARCHITECTURE or OS/ARCHITECTURE/VARIANT, as linux/amd64',
      rule: 'platform',
    });
  }
  return {
    os,
    architecture,
    ...(variant !== undefined && { variant }),
    ...(osVersion !== undefined && { osVersion }),
  };
}

/** The text that `parsePlatform` reads. */
export function formatPlatform({ os, architecture, variant, osVersion }: Platform): string {
  const system = osVersion === undefined ? os : `${os}(${osVersion})`;
  return [system, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** True when `platform` is what was asked for; what was not asked for (a variant, a version) may be any. */
export function matchesPlatform(wanted: Platform, platform: Platform): boolean {
  const asked = normalised(wanted);
  const found = normalised(platform);
  if (asked.os !== found.os || asked.architecture !== found.architecture) return false;
  const sameVersion = wanted.osVersion === undefined || wanted.osVersion === platform.osVersion;
  return sameVersion && (wanted.variant === undefined || asked.variant === found.variant);
}

/**
 * True when a runtime on `wanted` takes what is listed for `platform` as its own: the variant that goes without saying
 * is the same as the one that is said, and what says no version of its system is of any. Nothing runs on the unknown
 * platform, under which attestations are listed.
 */
export function isSamePlatform(wanted: Platform, platform: Platform): boolean {
  if (isUnknownPlatform(platform)) return false;
  const { osVersion: version } = platform;
  if (wanted.osVersion !== undefined && version !== undefined && wanted.osVersion !== version) return false;
  const [asked, found] = [normalised(wanted), normalised(platform)];
  return (
    asked.os === found.os && asked.architecture === found.architecture && asked.variant === found.variant
  );
}

export function isUnknownPlatform({ os, architecture }: Platform): boolean {
  return os === 'unknown' && architecture === 'unknown';
}

/** Other names that machines give themselves, as containerd's platforms package takes them. */
const architectures: Readonly<Record<string, readonly [name: string, variant?: string]>> = {
  x86_64: ['amd64'],
  'x86-64': ['amd64'],
  i386: ['386'],
  i686: ['386'],
  aarch64: ['arm64'],
  armhf: ['arm', 'v7'],
  armel: ['arm', 'v6'],
};

/** What a variant is where nobody says it; `v8` of arm64 and `v1` of amd64 go without saying. */
const usualVariants: Readonly<Record<string, string>> = { arm: 'v7', arm64: 'v8', amd64: 'v1' };

function normalised(platform: Platform): { os: string; architecture: string; variant: string | undefined } {
  const os = platform.os.toLowerCase();
  const named = platform.architecture.toLowerCase();
  const [architecture, implied] = lookUp(architectures, named) ?? [named];
  const variant = (platform.variant ?? implied ?? lookUp(usualVariants, architecture))?.toLowerCase();
  // `8` is written for `v8`.
  const digits = variant !== undefined && /^\d/.test(variant);
  return { os: os === 'macos' ? 'darwin' : os, architecture, variant: digits ? `v${variant}` : variant };
}

function lookUp<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
