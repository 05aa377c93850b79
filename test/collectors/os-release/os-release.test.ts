import { describe, expect, it } from 'vitest';
import { osRelease } from '../../../src/collectors/os-release/index.ts';
import { factOf, valuesOf } from '../collected.ts';
import { debian } from './example.ts';

describe('os-release', () => {
  it('says which system it is', async () => {
    const fact = await factOf(osRelease, 'img/etc/os-release', debian);
    expect(fact.about).toEqual({
      kind: 'component',
      key: 'operating-system:img',
      path: 'img/etc/os-release',
    });
    expect(fact.type).toBe('operating-system');
    expect(valuesOf(fact)).toEqual({
      name: 'debian',
      version: '12',
      description: 'Debian GNU/Linux 12 (bookworm)',
      references: [{ type: 'website', url: 'https://www.debian.org/' }],
      'mlbom:environment': 'VERSION_CODENAME=bookworm',
    });
  });

  it('reads quotes as a shell does', async () => {
    const quoted = `ID="a \\"b\\" \\$c"\nVERSION_ID='\\d'\n`;
    const { name, version } = valuesOf(await factOf(osRelease, 'usr/lib/os-release', quoted));
    expect([name, version]).toEqual(['a "b" $c', '\\d']);
  });
});
