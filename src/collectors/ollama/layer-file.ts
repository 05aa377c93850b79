import { nothing, type Collected } from '../../core/collector.ts';
import { sha256 } from '../../core/digest.ts';
import type { Entry } from '../../core/entry.ts';
import { MlbomError } from '../../core/errors.ts';
import type { Finding } from '../../core/finding.ts';
import { decodeUtf8, parseJson, parseJsonObject } from '../../core/json.ts';
import { textAt } from '../../core/json-access.ts';
import { limits } from '../../core/limits.ts';
import { directoryOf } from '../../core/path.ts';
import { readAll } from '../../formats/read-all.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { licenseClaim } from '../license-claim.ts';
import { licenseOfText } from './license-of-text.ts';
import { goTemplateFindings, proseFindings } from './text-findings.ts';

type Reader = (text: string, path: string, attributes: AttributeList) => readonly Finding[];

/** Layers of a model of Ollama that are texts, by the names of their media types (its server/images.go). */
const readers: Readonly<Record<string, Reader>> = {
  license(text, _, attributes) {
    const license = licenseOfText(text);
    attributes.add('license', license === undefined ? undefined : licenseClaim(license, undefined));
    return [];
  },
  messages(text, path) {
    const messages = parseJson(text, { subject: path });
    if (!Array.isArray(messages)) throw malformed(path, 'no list of messages');
    return messages.slice(0, mostMessages).flatMap((message, index) => {
      const content = textAt(message, 'content');
      return content === undefined ? [] : proseFindings(content, path, `/${index}/content`);
    });
  },
  params(text, path, attributes) {
    for (const [name, value] of Object.entries(parseJsonObject(text, { subject: path })).slice(
      0,
      mostParameters,
    )) {
      const isPlain = typeof value === 'number' || typeof value === 'boolean';
      if (isPlain && /^[a-z_]{1,64}$/.test(name))
        attributes.add('mlbom:model:generation', `${name}=${value}`, name);
    }
    return [];
  },
  prompt: (text, path) => goTemplateFindings(text, path),
  system: (text, path) => proseFindings(text, path),
  template(text, path, attributes) {
    attributes.add('mlbom:model:chat-template-sha256', `ollama=${sha256(text)}`);
    return goTemplateFindings(text, path);
  },
};

const mostMessages = 10_000;
const mostParameters = 100;

/** The kind of a layer that lies at `ollama/<kind>`, with a number behind it where there are several. */
export function layerKind(path: string): string | undefined {
  const kind = /(?:^|\/)ollama\/([a-z]{1,16})(?:-\d{1,4})?$/.exec(path)?.[1];
  return kind !== undefined && Object.hasOwn(readers, kind) ? kind : undefined;
}

/** What a text of a model says of the model, and does to whoever uses it. */
export async function collectLayer(entry: Entry): Promise<Collected> {
  const { path } = entry;
  const kind = layerKind(path);
  const reader = kind === undefined ? undefined : readers[kind];
  if (!reader) return nothing;
  const text = decodeUtf8(await readAll(entry, limits.repositoryFileBytes, path), path);
  const attributes = attributesFrom(path, 'ollama', kind === 'template' ? 'observed' : 'declared');
  const findings = reader(text, path, attributes);
  const about = { kind: 'directory', path: directoryOf(directoryOf(path)) } as const;
  const facts = [
    { about, type: 'machine-learning-model', attributes: attributes.list, relations: [] } as const,
  ];
  return { ...nothing, facts: attributes.list.length === 0 ? [] : facts, findings };
}

function malformed(path: string, why: string): MlbomError {
  return new MlbomError('E_MALFORMED', `${path}: ${why}`, { subject: path, rule: 'ollama-layer' });
}
