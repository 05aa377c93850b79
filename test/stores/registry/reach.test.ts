import { describe, expect, it } from 'vitest';
import { mayLeadTo, reachOfAddress, reachOfLiteral, type Reach } from '../../../src/stores/registry/reach.ts';

describe('the reach of an address', () => {
  const cases: Record<Reach, readonly string[]> = {
    public: ['93.184.215.14', '172.32.0.1', '11.0.0.1', '2606:2800:21f:cb07::1', '::ffff:93.184.215.14'],
    private: [
      '10.1.2.3',
      '172.31.255.255',
      '192.168.0.1',
      '100.64.0.1',
      'fd12::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '2002:c0a8:1::1',
    ],
    loopback: [
      '127.0.0.1',
      '127.9.9.9',
      '0.0.0.0',
      '::1',
      '::',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::127.0.0.1',
    ],
    forbidden: [
      '169.254.169.254',
      'fe80::1',
      'fe80::1%eth0',
      '224.0.0.1',
      '255.255.255.255',
      'fd00:ec2::254',
      '::ffff:a9fe:a9fe',
    ],
  };
  for (const [reach, addresses] of Object.entries(cases)) {
    it(`is ${reach} for ${addresses.join(', ')}`, () => {
      expect(addresses.map(reachOfAddress)).toEqual(addresses.map(() => reach));
    });
  }

  it('is known without DNS for addresses and for localhost alone', () => {
    const hosts = ['localhost', 'LOCALHOST.', 'a.localhost', '[::1]', '10.0.0.1', 'registry.example.org'];
    expect(hosts.map(reachOfLiteral)).toEqual([
      'loopback',
      'loopback',
      'loopback',
      'loopback',
      'private',
      undefined,
    ]);
  });

  it('decides where a registry may lead: no nearer than itself', () => {
    const all: readonly Reach[] = ['public', 'private', 'loopback', 'forbidden'];
    const allowed = all.map((from) => all.filter((to) => mayLeadTo(from, to)));
    expect(allowed).toEqual([
      ['public'],
      ['public', 'private'],
      ['public', 'private', 'loopback'],
      ['public', 'private', 'loopback'],
    ]);
  });
});
