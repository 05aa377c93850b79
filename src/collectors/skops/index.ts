import { nothing, type Collected, type FileCollector } from '../../core/collector.ts';
import type { Entry } from '../../core/entry.ts';
import { isMlbomError } from '../../core/errors.ts';
import { finding } from '../../core/finding.ts';
import { isObject, parseJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { numberAt, textAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { isZip } from '../../formats/zip/is-zip.ts';
import { memberSource } from '../../formats/zip/member-source.ts';
import { readZip } from '../../formats/zip/read-zip.ts';
import type { ZipMember } from '../../formats/zip/zip-types.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom } from '../attributes.ts';
import { weightsFact } from '../weights-fact.ts';
import { foreignType, reachingNode } from './rules.ts';

/** Nodes by which a schema calls something that it names. */
const reaching = new Set(['OperatorFuncNode', 'MethodNode']);
const usual =
  /^(?:sklearn|numpy|scipy|builtins|collections|functools|xgboost|lightgbm|catboost|quantile_forest|joblib)(?:\.|$)/;
/** Reached by name, these run code wherever they come from. */
const dangerous =
  /^builtins\.(?:eval|exec|open|compile|__import__|getattr|setattr|input|breakpoint)$|^functools\.partial$/;
const mostNodes = 1_000_000;
const mostListed = 200;

/** Models that skops saved: a zip with `schema.json`, which names every type in it. */
export const skops: FileCollector = {
  id: 'skops',
  version: 1,
  rules: [foreignType, reachingNode],
  wants: (_, head) => isZip(head),
  async collect(entry): Promise<Collected> {
    const members = await membersOf(entry);
    const schema = members.find(({ name }) => name === 'schema.json');
    if (!schema) return nothing;
    const bytes = await readAll(memberSource(entry, schema), limits.repositoryFileBytes, 'schema.json');
    const document = parseJsonObject(bytes, { subject: 'schema.json' });
    const version = textAt(document, '_skops_version');
    const protocol = numberAt(document, 'protocol');
    if (version === undefined && protocol === undefined) return nothing;
    const { types, nodes } = namedIn(document);
    const attributes = attributesFrom(entry.path, 'skops', 'observed');
    attributes.add('mlbom:model:format', 'skops');
    attributes.add('mlbom:model:library', 'sklearn');
    attributes.add(
      'mlbom:model:format-version',
      protocol === undefined ? undefined : String(protocol),
      'protocol',
    );
    attributes.add('mlbom:model:producer', version && `skops ${version}`, '_skops_version');
    for (const type of types.slice(0, mostListed)) attributes.add('mlbom:model:classes', type, 'schema.json');
    const foreign = types.filter((type) => !usual.test(type) || dangerous.test(type));
    return {
      ...weightsFact(entry, [attributes]),
      findings: [
        ...foreign
          .slice(0, mostListed)
          .map((type) => finding(foreignType, entry.path, `schema.json names ${type}`, { symbol: type })),
        ...nodes.map((node) =>
          finding(reachingNode, entry.path, `schema.json has a ${node}`, { symbol: node }),
        ),
      ],
    };
  },
};

/** None where the zip cannot be read: the collector of zips says so. */
async function membersOf(entry: Entry): Promise<readonly ZipMember[]> {
  try {
    return (await readZip(entry)).members;
  } catch (error) {
    if (isMlbomError(error)) return [];
    throw error;
  }
}

/** The types and the abused nodes that a schema names, sorted. The document was parsed with bounded nesting. */
function namedIn(document: JsonObject): { types: string[]; nodes: string[] } {
  const types = new Set<string>();
  const nodes = new Set<string>();
  let seen = 0;
  function visit(value: JsonValue): void {
    if (++seen > mostNodes) return;
    if (Array.isArray(value)) {
      value.forEach(visit);
      return;
    }
    if (!isObject(value)) return;
    const [module, name, loader] = [
      textAt(value, '__module__'),
      textAt(value, '__class__'),
      textAt(value, '__loader__'),
    ];
    if (module !== undefined && name !== undefined)
      types.add(`${module}.${name}`.slice(0, 256).toWellFormed());
    if (loader !== undefined && reaching.has(loader)) nodes.add(loader);
    Object.values(value).forEach(visit);
  }
  visit(document);
  return { types: [...types].sort(), nodes: [...nodes].sort() };
}
