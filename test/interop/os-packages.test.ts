import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dpkg } from '../../src/collectors/dpkg/index.ts';
import { valuesOf } from '../collectors/collected.ts';
import { memoryEntry } from '../fixtures/memory-entry.ts';
import { describeWith, dpkgQuery } from './peers.ts';

const status = '/var/lib/dpkg/status';

describeWith('dpkg', existsSync(status) ? dpkgQuery() : undefined, (peer) => {
  it('names the packages that are installed as we do', async () => {
    const format = '${db:Status-Status} ${Package} ${Version} ${Architecture}\n';
    const installed = (await peer.run('-W', '-f', format))
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length));
    const { facts, problems } = await dpkg.collect(memoryEntry('var/lib/dpkg/status', readFileSync(status)));
    expect(problems).toEqual([]);
    const ours = facts.map((fact) => {
      const { name, version, purl } = valuesOf(fact);
      return `${String(name)} ${String(version)} ${/arch=([^&]*)/.exec(String(purl))?.[1] ?? ''}`;
    });
    expect(ours.toSorted()).toEqual(installed.toSorted());
    expect(ours.length).toBeGreaterThan(50);
  });

  it('keys a package as dpkg names the list of its files', async () => {
    const { facts } = await dpkg.collect(memoryEntry('var/lib/dpkg/status', readFileSync(status)));
    const names = facts.flatMap(({ about }) =>
      about.kind === 'component' ? about.key.slice('deb:.:'.length) : [],
    );
    expect(names.filter((name) => !existsSync(`/var/lib/dpkg/info/${name}.list`))).toEqual([]);
  });
});
