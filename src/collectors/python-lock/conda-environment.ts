import type { Collected } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import { decodeUtf8 } from '../../core/json.ts';
import { textsAt, valueAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { incomplete } from '../../core/problem.ts';
import { readAll } from '../../formats/read-all.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { lockedFacts, type Locked } from './locked.ts';
import { optionHeader } from './option.ts';
import { parseRequirement } from './requirement.ts';

/** conda's `environment.yml`, and `conda.yaml` as MLflow writes it. */
export async function collectCondaEnvironment(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const text = decodeUtf8(await readAll(entry, limits.configBytes, path), path);
  const environment = await parseYaml(text, path);
  const dependencies = valueAt(environment, 'dependencies');
  if (!Array.isArray(dependencies))
    throw new MlbomError('E_MALFORMED', `${path}: has no list of dependencies`, {
      subject: path,
      rule: 'conda-environment',
    });
  const packages: Locked[] = [];
  let others = 0;
  const headers = textsAt(environment, 'channels')
    .filter((channel) => /^[\w.-]{1,64}$/.test(channel))
    .map((channel) => `channel=${channel}`);
  function keep(found: Locked | undefined): void {
    if (found) packages.push(found);
    else others++;
  }
  for (const each of dependencies) {
    if (typeof each === 'string') keep(condaPackage(each));
    else {
      for (const text of textsAt(each, 'pip')) {
        const option = optionHeader(text.trim());
        if (option === undefined) keep(parseRequirement(text.trim()));
        else if (option !== '') headers.push(option);
      }
    }
  }
  const reason = `${others} of its dependencies are not understood`;
  const file = {
    format: 'environment.yml',
    headers,
    problems: others === 0 ? [] : [incomplete('requirements-line', path, reason)],
  };
  return lockedFacts(path, file, packages);
}

/**
 * `channel::name=1.2=build` (conda's MatchSpec). One `=` stands for all versions that begin so, unless a build follows.
 */
function condaPackage(text: string): Locked | undefined {
  const [, channel, name, rest = ''] =
    /^(?:([\w.-]{1,64})::)?([\w.-]{1,255})\s*([^]*)$/.exec(text.trim()) ?? [];
  if (name === undefined) return undefined;
  const exact =
    /^={2}\s*([^\s=,|<>!~*]+)(?:=([^\s=*]+))?$/.exec(rest) ?? /^=\s*([^\s=,|<>!~*]+)=([^\s=*]+)$/.exec(rest);
  const [, version, build] = exact ?? [];
  return {
    ecosystem: 'conda',
    name,
    version,
    basis: version === undefined ? 'required' : 'locked',
    qualifiers: { channel, build },
  };
}
