import { PackageURL } from 'packageurl-js';
import type { Target } from './fact.ts';

const hub = 'https://huggingface.co';

/** `org/name`, or a bare legacy name; nothing that could be a path on somebody's disk. */
const repositoryId = /^(?:[A-Za-z0-9][\w.-]{0,95}\/)?[A-Za-z0-9][\w.-]{0,95}$/;

export function isHubId(text: string): boolean {
  return repositoryId.test(text) && !text.includes('..') && !text.includes('--');
}

/** `pkg:huggingface/org/name@revision#path` as purl-spec's type `huggingface` wants it. */
export function hubPurl(id: string, revision?: string, path?: string): string {
  const slash = id.indexOf('/');
  return new PackageURL(
    'huggingface',
    id.slice(0, Math.max(slash, 0)),
    id.slice(slash + 1),
    revision,
    undefined,
    path,
  ).toString();
}

/**
 * A model by the name that a card or a header gives it: a Hub id or URL becomes a purl.
 * Of a path on somebody's disk only the last part is kept: the rest names people and machines.
 */
export function modelTarget(text: string, revision?: string): Target {
  const id = text.trim().replace(/^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\//, '');
  const version = revision === undefined ? {} : { version: revision };
  if (isHubId(id)) return { name: id, ...version, purl: hubPurl(id, revision) };
  if (/^https?:\/\//.test(id)) return { name: lastPart(id), ...version, url: withoutQuery(id) };
  return { name: lastPart(id), ...version };
}

/** A dataset by the name that a card or a header gives it. purl-spec has no type for datasets. */
export function datasetTarget(text: string): Target {
  const id = text.trim().replace(/^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/datasets\//, '');
  if (isHubId(id)) return { name: id, url: `${hub}/datasets/${id}` };
  if (/^https?:\/\//.test(id)) return { name: lastPart(id), url: withoutQuery(id) };
  return { name: lastPart(id) };
}

function lastPart(text: string): string {
  const parts = withoutQuery(text).split(/[/\\]/).filter(Boolean);
  return (parts.at(-1) ?? text).slice(0, 256);
}

/** Query strings carry tokens. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^(https?:\/\/)[^/@]*@/, '$1');
}
