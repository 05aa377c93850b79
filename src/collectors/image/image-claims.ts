import type { Fact, Party, Reference } from '../../core/fact.ts';
import type { ImageConfig } from '../../core/image.ts';
import type { Problem } from '../../core/problem.ts';
import { attributesFrom, type AttributeList } from '../attributes.ts';
import { licenseClaim } from '../license-claim.ts';
import { packageMaintainer } from '../package-maintainer.ts';
import { repositoryUrl } from '../repository-url.ts';
import { againstFiles } from './against-files.ts';
import { environmentValues, type ImageVariable } from './environment-values.ts';
import { labelTexts } from './label-values.ts';
import { plainValue } from './plain-value.ts';
import { servingCommand } from './serving-command.ts';
import { softwareClaims } from './software-claims.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * What the configuration and the manifest of an image say about it, all of it declared: labels, environment, command.
 * Software that they name with a version is held against what the files show.
 * @param annotations of the manifest
 * @param source what the facts name as their source: the digest of the configuration
 * @param installed facts from the files of the image
 */
export function imageClaims(
  image: ImageConfig,
  annotations: Texts,
  source: string,
  installed: readonly Fact[] = [],
): { readonly facts: readonly Fact[]; readonly problems: readonly Problem[] } {
  const attributes = attributesFrom(source, 'image');
  describe(attributes, annotations, 'annotation');
  describe(attributes, ownLabels(image.labels), 'label');
  for (const text of labelTexts(image.labels)) attributes.add('mlbom:oci:label', text, 'Labels');
  const variables = environmentValues(image.env);
  for (const { name, value } of variables)
    attributes.add('mlbom:oci:env', value === undefined ? name : `${name}=${value}`, 'Env');
  const values = new Map(
    variables.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
  );
  for (const requirement of driverRequirements(image.env))
    attributes.add('mlbom:oci:driver-requirement', requirement, 'environment NVIDIA_REQUIRE_CUDA');
  addCommand(attributes, image, variables);
  attributes.add('mlbom:oci:user', plainValue(image.user ?? ''), 'User');
  attributes.add('mlbom:oci:working-directory', plainValue(image.workingDirectory ?? ''), 'WorkingDir');
  for (const port of image.exposedPorts.slice(0, most))
    if (/^\d{1,5}(?:-\d{1,5})?(?:\/[a-z]{1,8})?$/.test(port))
      attributes.add('mlbom:oci:exposed-port', port, 'ExposedPorts');
  const created = textOf(annotations, 'org.opencontainers.image.created') ?? image.created;
  if (created !== undefined && rfc3339.test(created)) attributes.add('mlbom:oci:created', created, 'created');

  const { facts, problems } = againstFiles(softwareClaims(values, image.labels), installed, source);
  const about = { kind: 'directory', path: '.' } as const;
  return {
    facts: [{ about, type: 'container', attributes: attributes.list, relations: [] }, ...facts],
    problems,
  };
}

const most = 100;
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:Z|[+-]\d\d:\d\d)$/;
const prefix = 'org.opencontainers.image.';

/** The predefined annotations that a BOM has fields for (OCI image-spec 1.1, annotations.md). */
function describe(attributes: AttributeList, texts: Texts, kind: 'annotation' | 'label'): void {
  const said = (name: string): string | undefined => textOf(texts, prefix + name);
  const at = (name: string): string => `${kind} ${prefix}${name}`;
  attributes.add('version', said('version'), at('version'));
  attributes.add('description', said('description') ?? said('title'), at('description'));
  const license = said('licenses');
  attributes.add(
    'license',
    license === undefined ? undefined : licenseClaim(license, undefined),
    at('licenses'),
  );
  attributes.add('authors', authorsOf(said('authors')), at('authors'));
  const vendor = said('vendor');
  attributes.add('supplier', vendor === undefined ? undefined : { name: vendor }, at('vendor'));
  for (const [type, name] of references) {
    const url = repositoryUrl(said(name) ?? '');
    if (url === undefined) continue;
    const revision = name === 'source' ? plainValue(said('revision') ?? '') : undefined;
    const reference: Reference =
      revision === undefined ? { type, url } : { type, url, comment: `revision ${revision}` };
    attributes.add('references', [reference], at(name));
  }
}

const references = [
  ['website', 'url'],
  ['vcs', 'source'],
  ['documentation', 'documentation'],
] as const;

/** People and their addresses, separated by commas where each has one. */
function authorsOf(text: string | undefined): Party[] {
  if (text === undefined) return [];
  const parts = text.split(',').length === text.split('@').length - 1 ? text.split(',') : [text];
  return parts.slice(0, most).flatMap((part) => packageMaintainer(part.trim()) ?? []);
}

/** Distributions' images set `ref.name` to their own name; who builds on them inherits their labels with it. */
const distributions =
  /^(?:almalinux|alpine|amazonlinux|debian|fedora|opensuse|rockylinux|ubi\d*|ubuntu|wolfi)$/;

/** Labels that speak of this image. The version of the distribution below it is none of its own. */
function ownLabels(labels: Texts): Texts {
  if (!distributions.test(textOf(labels, `${prefix}ref.name`) ?? '')) return labels;
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== `${prefix}version`));
}

function textOf(texts: Texts, name: string): string | undefined {
  const text = Object.hasOwn(texts, name) ? texts[name]?.trim() : undefined;
  return text === '' ? undefined : text;
}

const requires = 'NVIDIA_REQUIRE_CUDA=';

/** `cuda>=12.4 brand=tesla,driver>=470,driver<471`: alternatives with spaces between them, a thousand characters of them. */
function driverRequirements(env: readonly string[]): readonly string[] {
  const text = env.find((line) => line.startsWith(requires))?.slice(requires.length) ?? '';
  return text
    .split(/\s+/, most)
    .filter(
      (each) => each.length <= 128 && /^[a-z]+[=<>!]{1,2}[\w.]+(?:,[a-z]+[=<>!]{1,2}[\w.]+)*$/.test(each),
    );
}

function addCommand(
  attributes: AttributeList,
  image: ImageConfig,
  variables: readonly ImageVariable[],
): void {
  const command = servingCommand([...image.entrypoint, ...image.cmd]);
  if (!command) return;
  const at = image.entrypoint.length > 0 ? 'Entrypoint' : 'Cmd';
  attributes.add('mlbom:oci:entrypoint', command.text, at);
  attributes.add('mlbom:oci:serves', command.serves, at);
  attributes.add('mlbom:oci:served-model', command.model, at);
  if (command.model !== undefined) return;
  const named = variables.find(({ name, value }) => /^(?:HF_)?MODEL_ID$/.test(name) && value !== undefined);
  attributes.add('mlbom:oci:served-model', named?.value, `environment ${named?.name ?? ''}`);
}
