import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { limits } from '../../core/limits.ts';
import { nameOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom } from '../attributes.ts';
import { directUrlFact } from './direct-url.ts';
import { metadataFact } from './metadata.ts';
import { aboutDistribution, placeOf } from './place.ts';
import { collectRecord } from './record.ts';
import { wheelFact } from './wheel.ts';

type Reader = (entry: Entry) => Promise<Collected>;

const distInfo: Readonly<Record<string, Reader>> = {
  INSTALLER: installer,
  METADATA: async (entry) => ({ ...nothing, facts: [await metadataFact(entry)] }),
  RECORD: collectRecord,
  REQUESTED: requested,
  WHEEL: async (entry) => ({ ...nothing, facts: [await wheelFact(entry)] }),
  'direct_url.json': async (entry) => ({ ...nothing, facts: [await directUrlFact(entry)] }),
};

/** Installed Python distributions (PyPA "Recording installed projects"), and the older `.egg-info`. */
export const pythonDist: FileCollector = {
  id: 'python-dist',
  version: 1,
  // What a link leads to (`lib64` of a virtual environment) lies in the artifact by its own name, too.
  wants: ({ path, link }) => link === undefined && readerFor(path) !== undefined,
  collect: (entry) => readerFor(entry.path)?.(entry) ?? Promise.resolve(nothing),
};

function readerFor(path: string): Reader | undefined {
  if (path.includes('.dist-info/')) {
    const name = nameOf(path);
    return Object.hasOwn(distInfo, name) && path.endsWith(`.dist-info/${name}`) ? distInfo[name] : undefined;
  }
  return path.endsWith('.egg-info/PKG-INFO') || path.endsWith('.egg-info') ? distInfo['METADATA'] : undefined;
}

/** One line: `pip`, `uv`, `conda`. */
async function installer(entry: Entry): Promise<Collected> {
  const bytes = await readAll(entry, limits.pyvenvBytes, entry.path);
  const [name = ''] = new TextDecoder().decode(bytes).trim().split(/\s/);
  const attributes = attributesFrom(entry.path, 'python-dist');
  attributes.add('mlbom:package:installer', name.slice(0, longestInstaller).toWellFormed());
  return stated(entry, attributes.list);
}

const longestInstaller = 64;

/** Empty; that it is there says that a person asked for the package. */
function requested(entry: Entry): Promise<Collected> {
  const attributes = attributesFrom(entry.path, 'python-dist');
  attributes.add('mlbom:package:header', 'requested=true');
  return Promise.resolve(stated(entry, attributes.list));
}

function stated(entry: Entry, attributes: Collected['facts'][number]['attributes']): Collected {
  if (attributes.length === 0) return nothing;
  const about = aboutDistribution(placeOf(entry.path), entry);
  return { ...nothing, facts: [{ about, type: 'library', attributes, relations: [] }] };
}
