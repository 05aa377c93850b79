import { sha256 } from '../../core/digest.ts';
import type { LicenseClaim, Reference } from '../../core/fact.ts';
import { limits } from '../../core/limits.ts';
import { shortened } from '../../core/shortened.ts';
import { webUrl } from '../../core/web-url.ts';
import { licenseClaim } from '../license-claim.ts';
import type { AttributeList } from '../attributes.ts';
import { fileTypes } from './file-types.ts';
import type { GgufMetadata } from './metadata.ts';
import { templatesIn } from './templates.ts';

/** `general.*`, the architecture's sizes and the tokenizer, as declared in the header. */
export function addGeneralAttributes(metadata: GgufMetadata, attributes: AttributeList): void {
  const family = metadata.text('general.architecture');
  attributes.add('name', metadata.text('general.name'), 'general.name');
  attributes.add('version', metadata.text('general.version'), 'general.version');
  attributes.add('description', metadata.text('general.description'), 'general.description');
  attributes.add('architectureFamily', family, 'general.architecture');
  attributes.add('license', licenseOf(metadata), 'general.license');
  attributes.add('authors', partyOf(metadata.text('general.author')), 'general.author');
  const organization = metadata.text('general.organization');
  attributes.add(
    'manufacturer',
    organization === undefined ? undefined : { name: organization },
    'general.organization',
  );
  attributes.add('tags', metadata.texts('general.tags'), 'general.tags');
  attributes.add('mlbom:model:languages', metadata.texts('general.languages').join(','), 'general.languages');
  attributes.add('references', referencesOf(metadata), 'general.url');

  const fileType = metadata.number('general.file_type');
  const quantization = fileType === undefined ? undefined : (fileTypes[fileType] ?? `file type ${fileType}`);
  attributes.add('mlbom:model:quantization', quantization, 'general.file_type');
  if (family !== undefined) {
    for (const [name, key] of sizes)
      attributes.add(name, digits(metadata.number(`${family}.${key}`)), `${family}.${key}`);
  }
  const count = metadata.number('general.parameter_count');
  attributes.add('mlbom:model:parameters', digits(count), 'general.parameter_count');
  attributes.add('mlbom:model:tokenizer', metadata.text('tokenizer.ggml.model'), 'tokenizer.ggml.model');
  const tokens = metadata.length('tokenizer.ggml.tokens');
  attributes.add('mlbom:model:vocabulary-size', digits(tokens), 'tokenizer.ggml.tokens');

  for (const key of metadata.keys()) {
    if (provenance.test(key)) addProvenance(key, metadata, attributes);
  }
  for (const [key, text, name] of templatesIn(metadata)) {
    const digest = name === '' ? sha256(text) : `${name}=${sha256(text)}`;
    attributes.add('mlbom:model:chat-template-sha256', digest, key);
  }
}

const sizes = [
  ['mlbom:model:context-length', 'context_length'],
  ['mlbom:model:embedding-length', 'embedding_length'],
  ['mlbom:model:layers', 'block_count'],
] as const;

const provenance =
  /^general\.(?:basename|finetune|size_label|quantized_by|quantization_version|doi|uuid|source\..*)$/;

function addProvenance(key: string, metadata: GgufMetadata, attributes: AttributeList): void {
  const value = metadata.text(key) ?? digits(metadata.number(key));
  if (value !== undefined)
    attributes.add('mlbom:model:provenance', `${key}=${shortened(value, limits.provenanceText)}`, key);
}

function licenseOf(metadata: GgufMetadata): LicenseClaim | undefined {
  const listed = metadata.text('general.license');
  const license = listed === 'other' ? (metadata.text('general.license.name') ?? listed) : listed;
  const url = metadata.text('general.license.link');
  return license === undefined ? undefined : licenseClaim(license, url);
}

function referencesOf(metadata: GgufMetadata): Reference[] {
  return [
    ['website', metadata.text('general.url')],
    ['vcs', metadata.text('general.repo_url')],
  ].flatMap(([type = '', text = '']) => {
    const url = webUrl(text);
    return url === undefined ? [] : [{ type, url }];
  });
}

function partyOf(name: string | undefined): { name: string }[] | undefined {
  return name === undefined ? undefined : [{ name }];
}

function digits(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
