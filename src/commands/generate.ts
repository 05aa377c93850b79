import { Args, Flags } from '@oclif/core';
import { writeBom } from '../bom/write.ts';
import type { SpecVersion } from '../core/bom.ts';
import type { Declaration } from '../core/declaration.ts';
import { MlbomError } from '../core/errors.ts';
import { atLeast, severities, type Severity } from '../core/severity.ts';
import { writeSidecar } from '../manifest/sidecar.ts';
import { assertOutside } from '../operations/assert-outside.ts';
import { findDeclaration } from '../operations/find-declaration.ts';
import { generate, type Generated } from '../operations/generate.ts';
import { timestamp } from '../operations/timestamp.ts';
import { inventoryTable } from '../reports/inventory-table.ts';
import { BaseCommand } from './skin/base-command.ts';
import { envelope } from './skin/envelope.ts';
import { exitCodes } from './skin/exit-codes.ts';
import { outputFlag, parseOutputs, type OutputRequest } from './skin/output-flag.ts';
import { progressLine } from './skin/progress.ts';
import { terminal } from './skin/terminal.ts';
import { writeOutputs, type Document } from './skin/write-outputs.ts';

const formats = ['cyclonedx-json', 'manifest', 'table'];

export default class Generate extends BaseCommand {
  static override summary = 'Write the ML-BOM of models and what belongs to them';
  static override description =
    'Lists and hashes every file of each SOURCE, reads what is in it (safetensors, GGUF, ONNX, model cards and the files beside them), and writes one CycloneDX ML-BOM. What could not be read, or does not fit, is in it as a problem. Beside a BOM that goes to a file, PATH.manifest.json holds the chunk digests with which `verify` can say where bytes differ.';
  static override examples = [
    { description: 'The BOM of a directory, on stdout', command: '<%= config.bin %> generate ./model' },
    {
      description: 'Into a file, with a name and a version',
      command:
        '<%= config.bin %> generate ./model -o cyclonedx-json=model.cdx.json --name support-8b --version 1.2',
    },
    { description: 'What was found, for a person', command: '<%= config.bin %> generate ./model -o table' },
    {
      description: 'A model in the cache of the Hugging Face Hub, with what no byte can say',
      command:
        '<%= config.bin %> generate ~/.cache/huggingface/hub/models--org--name --declare declared.json',
    },
  ];
  static override strict = false;
  static override args = {
    SOURCE: Args.string({
      description: 'A directory or a file; `dir:PATH` where the name could be taken for a URI',
      required: true,
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
    strict: Flags.boolean({ description: 'Exit 3 when there is a problem' }),
    'fail-on': Flags.string({
      options: severities,
      description: 'Exit 1 when there is a finding of this severity or worse',
    }),
  };

  override async run(): Promise<void> {
    await this.finish(async () => {
      const { flags, argv, raw } = await this.parse(Generate);
      const sources = sourcesOf(argv as string[], raw);
      const requests = requestsOf(flags.output, flags.json);
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
      const progress = progressLine(words);
      const generated = await generate({
        sources,
        timestamp: timestamp(process.env),
        specVersion: flags['spec-version'] as SpecVersion,
        declaration: named(found.declaration, flags),
        tensorDigests: flags['tensor-digests'],
        signal: this.signal,
        onProgress: progress.update,
      }).finally(progress.done);

      const outputs = await writeOutputs(documentsOf(requests, generated));
      const { problems, findings } = generated.inventory;
      if (flags.json) {
        const subject = generated.bom.metadata?.component;
        const digest = subject?.hashes?.[0]?.content;
        const result = {
          name: subject?.name,
          version: subject?.version,
          serialNumber: generated.bom.serialNumber,
          digest,
        };
        this.printEnvelope({
          ...envelope(flags.strict && problems.length > 0 ? 'unknown' : 'pass', {
            problems,
            outputs,
            result,
          }),
        });
      } else if (words && !requests.some(({ format }) => format === 'table')) {
        this.say(inventoryTable(generated.bom, terminal(process.stderr)).trimEnd());
        for (const { format, path } of outputs) this.say(`wrote     ${path} (${format})`);
      }
      const threshold = flags['fail-on'] as Severity | undefined;
      if (threshold && findings.some(({ severity }) => atLeast(severity, threshold))) return exitCodes.no;
      return flags.strict && problems.length > 0 ? exitCodes.undecided : exitCodes.yes;
    });
  }
}

/** All arguments that are no flags; an unknown flag is not a source. */
function sourcesOf(argv: readonly string[], raw: readonly { type: string; input: string }[]): string[] {
  const separated = process.argv.includes('--');
  const flag = raw.find(({ type, input }) => type === 'arg' && input.startsWith('-') && input !== '-');
  if (flag && !separated) {
    throw new MlbomError('E_USAGE', `no such flag: ${flag.input}`, {
      next: 'see mlbom generate --help; a source of that name goes after --',
    });
  }
  return argv.slice();
}

function requestsOf(values: readonly string[] | undefined, json: boolean): OutputRequest[] {
  const requests = parseOutputs(values ?? ['cyclonedx-json'], formats);
  if (json && requests.some(({ path }) => path === undefined)) {
    throw new MlbomError('E_USAGE', '--json prints its own result on stdout, so the BOM needs a path', {
      next: '-o cyclonedx-json=PATH',
    });
  }
  return requests;
}

function documentsOf(requests: readonly OutputRequest[], generated: Generated): Document[] {
  const manifest = (): string =>
    generated.details.map((files) => `${Buffer.from(writeSidecar(files)).toString('utf8')}\n`).join('');
  const documents = requests.flatMap((request): Document[] => {
    if (request.format === 'manifest') return [{ ...request, content: manifest() }];
    if (request.format === 'table')
      return [{ ...request, content: inventoryTable(generated.bom, terminal(process.stdout)) }];
    const bom: Document = { ...request, content: writeBom(generated.bom) };
    if (request.path === undefined) return [bom];
    return [bom, { format: 'manifest', path: `${request.path}.manifest.json`, content: manifest() }];
  });
  return [...new Map(documents.map((document) => [document.path ?? '-', document])).values()];
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
