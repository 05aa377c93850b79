import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { attributesFrom } from '../attributes.ts';
import { aboutEnvironment, environmentName } from '../environment.ts';
import { collectCondaPackage } from './package.ts';

/** Packages that conda, mamba or pixi installed: `conda-meta/*.json` (conda's PrefixRecord), and their environment. */
export const conda: FileCollector = {
  id: 'conda',
  version: 1,
  wants: ({ path, link }, head) =>
    link === undefined &&
    path.includes('conda-meta/') &&
    nameOf(directoryOf(path)) === 'conda-meta' &&
    ((path.endsWith('.json') && head[0] === 0x7b) || (path.endsWith('/history') && head.length > 0)),
  async collect(entry): Promise<Collected> {
    if (entry.path.endsWith('.json')) return collectCondaPackage(entry);
    if (entry.container !== undefined) return nothing;
    return { ...nothing, facts: [await environmentFact(entry)] };
  },
};

/** The history holds command lines and so paths of a machine: of all of it, the version of conda alone is kept. */
async function environmentFact(entry: Entry): Promise<Fact> {
  const path = directoryOf(directoryOf(entry.path));
  const head = new TextDecoder().decode(await entry.head(limits.headBytes));
  const attributes = attributesFrom(entry.path, 'conda', 'derived');
  attributes.add('name', environmentName('Conda', path), 'path');
  const version = /^# conda version: ([\w.+-]{1,64})$/m.exec(head)?.[1];
  attributes.add('mlbom:environment', version === undefined ? 'creator=conda' : `creator=conda ${version}`);
  return { about: aboutEnvironment(path), type: 'platform', attributes: attributes.list, relations: [] };
}
