import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import type { Fact } from '../../core/fact.ts';
import { directoryOf, nameOf } from '../../core/path.ts';
import { readPyvenvCfg } from '../../formats/pyvenv-cfg.ts';
import { attributesFrom } from '../attributes.ts';
import { aboutEnvironment, environmentName } from '../environment.ts';
import { siteOf } from './site.ts';

/**
 * Python environments: those with a `pyvenv.cfg` (PEP 405), and those that are known by what is installed in them.
 * Of the paths in `pyvenv.cfg`, which name people and machines, nothing is kept.
 */
export const pythonEnvironment: FileCollector = {
  id: 'python-environment',
  version: 1,
  wants: ({ path, container, link }) =>
    container === undefined &&
    link === undefined &&
    (nameOf(path) === 'pyvenv.cfg' || (isMetadata(path) && siteOf(path) !== undefined)),
  async collect(entry): Promise<Collected> {
    const fact = nameOf(entry.path) === 'pyvenv.cfg' ? await configuredFact(entry) : installedFact(entry);
    return fact ? { ...nothing, facts: [fact] } : nothing;
  },
};

function isMetadata(path: string): boolean {
  return path.endsWith('.dist-info/METADATA') || /\.egg-info(?:\/PKG-INFO)?$/.test(path);
}

async function configuredFact(entry: Entry): Promise<Fact> {
  const values = await readPyvenvCfg(entry, entry.path);
  const path = directoryOf(entry.path);
  const attributes = attributesFrom(entry.path, 'python-environment');
  // virtualenv writes both, and uv only the second.
  const version = versionOf(values.get('version') ?? values.get('version_info'));
  attributes.add('name', environmentName(kindOf(version), path), 'version');
  attributes.add('version', version, 'version');
  for (const key of ['implementation', 'include-system-site-packages', 'prompt', 'uv', 'virtualenv']) {
    const value = values.get(key);
    if (value !== undefined && value !== '' && value.length <= longestValue)
      attributes.add('mlbom:environment', `${key}=${value.replace(/^(['"])(.*)\1$/, '$2')}`, key);
  }
  return { about: aboutEnvironment(path), type: 'platform', attributes: attributes.list, relations: [] };
}

const longestValue = 128;

/** `3.12.3.final.0` is 3.12.3. */
function versionOf(text: string | undefined): string | undefined {
  return /^\d{1,3}(?:\.\d{1,3}){1,2}(?:(?:a|b|rc)\d{1,3})?\+?/.exec(text ?? '')?.[0];
}

function kindOf(version: string | undefined): string {
  const minor = /^\d+\.\d+/.exec(version ?? '')?.[0];
  return minor === undefined ? 'Python' : `Python ${minor}`;
}

/** The environment around an installed distribution. */
function installedFact(entry: Entry): Fact | undefined {
  const site = siteOf(entry.path);
  if (!site) return undefined;
  const attributes = attributesFrom(entry.path, 'python-environment', 'derived');
  attributes.add('name', environmentName(kindOf(site.version), site.environment), 'path');
  return {
    about: aboutEnvironment(site.environment),
    type: 'platform',
    attributes: attributes.list,
    relations: [],
  };
}
