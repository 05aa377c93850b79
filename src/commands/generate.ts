import { basename } from 'node:path';
import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { writeBom } from '../bom/write.ts';
import type { SpecVersion } from '../core/bom.ts';
import type { Outcome } from '../core/check.ts';
import type { Declaration } from '../core/declaration.ts';
import { atLeast, severities, type Severity } from '../core/severity.ts';
import { writeSidecar } from '../manifest/sidecar.ts';
import { assertOutside } from '../operations/assert-outside.ts';
import { findDeclaration } from '../operations/find-declaration.ts';
import { generate, type Generated } from '../operations/generate.ts';
import { openLayerCache, type LayerCache } from '../operations/images/layer-cache.ts';
import { timestamp } from '../operations/timestamp.ts';
import { inventoryTable } from '../reports/inventory-table.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodeOfOutcome } from './skin/exit-codes.ts';
import { plainHttpFlag } from './skin/plain-http-flag.ts';
import { outputFlag, parseOutputs, type OutputRequest } from './skin/output-flag.ts';
import { progressLine } from './skin/progress.ts';
import { terminal } from './skin/terminal.ts';
import { assertDistinct, writeOutputs } from './skin/write-outputs.ts';

const formats = ['cyclonedx-json', 'manifest', 'sarif', 'table'];

export default class Generate extends BaseCommand {
  static override summary = 'Write the ML-BOM of models and what belongs to them';
  static override description =
    'Lists and hashes every file of each SOURCE, reads what is in it (weights of every common format, model cards, Python environments, lockfiles and system packages, datasets and vector stores), and writes one CycloneDX ML-BOM. What weights and the files beside them can do when they are loaded is in it as findings; what could not be read, or does not fit, as problems. Beside a BOM that goes to a file, PATH.manifest.json holds the chunk digests with which `verify` can say where bytes differ.';
  static override examples = [
    { description: 'The BOM of a directory, on stdout', command: '<%= config.bin %> generate ./model' },
    {
      description: 'Into a file, with a name and a version',
      command:
        '<%= config.bin %> generate ./model -o cyclonedx-json=model.cdx.json --name support-8b --version 1.2',
    },
    { description: 'What was found, for a person', command: '<%= config.bin %> generate ./model -o table' },
    {
      description: 'A gate on what weights can do, with a report for code scanning',
      command: '<%= config.bin %> generate ./model -o sarif=findings.sarif --fail-on high',
    },
    {
      description: 'An image in a registry, as one platform runs it',
      command:
        '<%= config.bin %> generate oci://registry.example.org/team/app:v1 --platform linux/amd64 -o cyclonedx-json=app.cdx.json',
    },
    {
      description: 'A model in the cache of the Hugging Face Hub, with what no byte can say',
      command:
        '<%= config.bin %> generate ~/.cache/huggingface/hub/models--org--name --declare declared.json',
    },
  ];
  static override args = {
    SOURCE: Args.string({
      description:
        'A directory, a file or an image: PATH (content decides), dir:PATH, oci-layout:PATH, oci-archive:PATH and docker-archive:PATH (each with :NAME or @DIGEST for one of several), oci://HOST/REPOSITORY[:TAG][@DIGEST], docker-daemon:IMAGE, podman:IMAGE',
      required: true,
      multiple: true,
    }),
  };
  static override flags = {
    output: outputFlag(formats),
    'spec-version': Flags.string({
      options: ['1.6', '1.7'],
      default: '1.7',
      description: 'Version of CycloneDX',
    }),
    name: Flags.string({
      description: 'Name of the subject, instead of the one that was found',
      helpValue: 'NAME',
    }),
    version: Flags.string({ description: 'Version of the subject', helpValue: 'VERSION' }),
    declare: Flags.string({
      description: 'What no byte can say (schemas/config-v1), JSON or YAML',
      helpValue: 'FILE',
    }),
    config: Flags.string({
      description: 'As --declare, for defaults; mlbom.json of the working directory otherwise',
      helpValue: 'FILE',
      env: 'MLBOM_CONFIG',
    }),
    'tensor-digests': Flags.boolean({
      description: 'A SHA-256 of each tensor too, so that a change can be told to the tensor',
    }),
    platform: Flags.string({
      description: 'Of an image for several platforms, the one that is meant: linux/arm64',
      helpValue: 'OS/ARCH',
    }),
    base: Flags.string({
      description: 'An image that the source may be built on, to be verified by its layers; repeatable',
      helpValue: 'IMAGE',
      multiple: true,
      multipleNonGreedy: true,
    }),
    'headers-only': Flags.boolean({
      description:
        'Of weights that a registry keeps one by one, fetch only the headers; their digests are then claims',
    }),
    'allow-incomplete': Flags.boolean({
      description: 'Leave out a layer that cannot be read or contradicts its digest, and say so in the BOM',
    }),
    cache: Flags.boolean({
      description: 'Remember what verified layers hold, for the next run',
      default: true,
      allowNo: true,
    }),
    'plain-http': plainHttpFlag,
    strict: Flags.boolean({ description: 'Exit 3 when there is a problem' }),
    'fail-on': Flags.string({
      options: severities,
      description:
        'Exit 1 when a rule about dangerous content (docs/findings.md) found this severity or worse',
    }),
  };

  override async run(): Promise<void> {
    await this.finish(async () => {
      const { args, flags } = await this.parse(Generate);
      const sources = args.SOURCE;
      const requests = withSidecars(parseOutputs(flags.output ?? ['cyclonedx-json'], formats, flags.json));
      assertDistinct(requests);
      await assertOutside(
        requests.flatMap(({ path }) => path ?? []),
        sources,
      );
      const found = await findDeclaration({
        declare: flags.declare,
        config: flags.config,
        environment: process.env,
        workingDirectory: process.cwd(),
        sources,
      });
      const words = !flags.quiet && !flags.json;
      if (words) for (const note of found.notes) this.say(note);
      let cache: LayerCache | undefined;
      const openCache = async (): Promise<LayerCache> => (cache ??= await openLayerCache());
      const progress = progressLine(words);
      const generated = await generate({
        sources,
        timestamp: timestamp(process.env),
        specVersion: flags['spec-version'] as SpecVersion,
        declaration: named(found.declaration, flags),
        tensorDigests: flags['tensor-digests'],
        sarifName: nameOfReport(requests),
        platform: flags.platform,
        bases: flags.base,
        headersOnly: flags['headers-only'],
        allowIncomplete: flags['allow-incomplete'],
        plainHttp: flags['plain-http'],
        ...(flags.cache ? { cache: openCache } : {}),
        signal: this.signal,
        onProgress: progress.update,
      }).finally(progress.done);

      const outputs = await writeOutputs(
        requests
          .filter((request) => isWritten(request, generated))
          .map((request) => ({ ...request, content: rendered(request, generated) })),
      );
      const note = cache?.note();
      if (words && note !== undefined) this.say(`Note: ${note}`);
      const { problems, findings } = generated.inventory;
      const outcome = outcomeOf(generated, flags);
      if (flags.json) {
        const result = { ...subjectOf(generated), findings };
        await this.printEnvelope(envelope(outcome, { problems, outputs, result }));
      } else if (words && !requests.some(({ format }) => format === 'table')) {
        this.say(inventoryTable(generated.bom, terminal(process.stderr)).trimEnd());
        for (const { format, path } of outputs) this.say(`wrote     ${path} (${format})`);
      }
      return exitCodeOfOutcome(outcome);
    });
  }
}

/** An output; a sidecar was not asked for by name. */
type Request = OutputRequest & { readonly isSidecar?: true };

/** Beside each BOM that goes to a file, its manifest. */
function withSidecars(requests: readonly OutputRequest[]): Request[] {
  const named = new Set(requests.map(({ path }) => path));
  return requests.flatMap((request) => {
    const path = `${request.path ?? ''}.manifest.json`;
    const wanted = request.format === 'cyclonedx-json' && request.path !== undefined && !named.has(path);
    return wanted ? [request, { format: 'manifest', path, isSidecar: true }] : [request];
  });
}

/** An image has no manifest of files to put beside its BOM. */
function isWritten({ isSidecar }: Request, { details }: Generated): boolean {
  return !isSidecar || details.length > 0;
}

/** A report that goes to a file is referred to by the BOM beside it. */
function nameOfReport(requests: readonly OutputRequest[]): string | undefined {
  const path = requests.find(({ format }) => format === 'sarif')?.path;
  return path === undefined ? undefined : basename(path);
}

function rendered({ format, path }: OutputRequest, { bom, sarif, details }: Generated): string {
  if (format === 'cyclonedx-json') return writeBom(bom);
  if (format === 'sarif') return sarif;
  if (format === 'table') return inventoryTable(bom, terminal(path === undefined ? process.stdout : {}));
  return details.map((files) => `${Buffer.from(writeSidecar(files)).toString('utf8')}\n`).join('');
}

function outcomeOf(
  { inventory }: Generated,
  flags: { strict: boolean; 'fail-on': string | undefined },
): Outcome {
  const threshold = flags['fail-on'] as Severity | undefined;
  if (threshold && inventory.findings.some(({ severity }) => atLeast(severity, threshold))) return 'fail';
  return flags.strict && inventory.problems.length > 0 ? 'unknown' : 'pass';
}

function subjectOf({ bom }: Generated): Record<string, unknown> {
  const subject = bom.metadata?.component;
  return {
    name: subject?.name,
    version: subject?.version,
    serialNumber: bom.serialNumber,
    digest: subject?.hashes?.[0]?.content,
  };
}

/** `--name` and `--version` are declarations too, and go before those of a file. */
function named(
  declaration: Declaration | undefined,
  { name, version }: { name?: string | undefined; version?: string | undefined },
): Declaration | undefined {
  if (name === undefined && version === undefined) return declaration;
  return {
    ...declaration,
    source: declaration?.source ?? 'command line',
    component: {
      ...declaration?.component,
      ...(name === undefined ? {} : { name }),
      ...(version === undefined ? {} : { version }),
    },
  };
}
