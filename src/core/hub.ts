import { PackageURL } from 'packageurl-js';
import type { Target } from './fact.ts';
import { limits } from './limits.ts';
import { webUrl } from './web-url.ts';

const hub = 'https://huggingface.co';

/** `org/name`, or a bare legacy name; nothing that could be a path on somebody's disk. */
const repositoryId = /^(?:[A-Za-z0-9][\w.-]{0,95}\/)?[A-Za-z0-9][\w.-]{0,95}$/;

/** Names of files that hold weights: `models/base.safetensors` is a path, although it has the form of an id. */
const weightsFile = /\.(?:safetensors|ckpt|pt|pth|bin|onnx)$/i;

export function isHubId(text: string): boolean {
  return repositoryId.test(text) && !text.includes('..') && !text.includes('--') && !weightsFile.test(text);
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
 * A model by the name that a header gives it: `org/name` or a URL of the Hub becomes a purl.
 * A bare name is a name: `base` in a header is not the Hub's model of that name.
 * Of a path on somebody's disk only the last part is kept: the rest names people and machines.
 */
export function modelTarget(text: string, revision?: string): Target {
  const name = text.trim();
  const id = idInUrl(name, 'models') ?? (name.includes('/') && isHubId(name) ? name : undefined);
  return { ...(id === undefined ? elsewhere(name) : onHub(id, revision)), ...versionOf(revision) };
}

/** A model by the Hub's own id, as a card gives it; `gpt2` is one too. */
export function hubModelTarget(text: string): Target {
  return isHubId(text.trim()) ? onHub(text.trim()) : modelTarget(text);
}

/** A dataset by the name that a header or a person gives it. purl-spec has no type for datasets. */
export function datasetTarget(text: string): Target {
  const name = text.trim();
  const id = idInUrl(name, 'datasets') ?? (name.includes('/') && isHubId(name) ? name : undefined);
  return id === undefined ? elsewhere(name) : { name: id, url: `${hub}/datasets/${id}` };
}

/** A dataset by the Hub's own id, as a card gives it. */
export function hubDatasetTarget(text: string): Target {
  const id = text.trim();
  return isHubId(id) ? { name: id, url: `${hub}/datasets/${id}` } : datasetTarget(id);
}

/** Only a commit makes a purl of this type name something fixed. */
function onHub(id: string, revision?: string): Target {
  const commit = revision !== undefined && /^[0-9a-f]{40}$/.test(revision) ? revision : undefined;
  return { name: id, purl: hubPurl(id, commit) };
}

function elsewhere(text: string): Target {
  const url = webUrl(text);
  return url === undefined ? { name: lastPart(text) } : { name: lastPart(text), url };
}

function versionOf(revision: string | undefined): { version?: string } {
  return revision === undefined || revision.length > limits.versionText ? {} : { version: revision };
}

/** The id of the repository that a URL of the Hub leads into, whichever of its pages is meant. */
function idInUrl(text: string, kind: 'models' | 'datasets'): string | undefined {
  const url = webUrl(text);
  const path = /^https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/(.*)$/i.exec(url ?? '')?.[1];
  const [, section, rest] =
    /^(?:(datasets|spaces)\/)?(.*?)(?:\/(?:tree|blob|resolve|raw|commit)\/.*)?\/*$/.exec(path ?? '') ?? [];
  return rest !== undefined && (section ?? 'models') === kind && isHubId(rest) ? rest : undefined;
}

function lastPart(text: string): string {
  const parts = text
    .replace(/^https?:\/\/[^/]*@/i, '')
    .replace(/[?#].*$/s, '')
    .split(/[/\\]/)
    .filter(Boolean);
  return (parts.at(-1) ?? 'unnamed').slice(0, 256).toWellFormed();
}
