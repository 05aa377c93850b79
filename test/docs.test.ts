import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import type { FileCollector } from '../src/core/collector.ts';
import { memoryEntry } from './fixtures/memory-entry.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const docs = join(root, 'docs');
const temporary = mkdtempSync(join(tmpdir(), 'mlbom-docs-'));

afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

describe('the documents that are tables of the code', () => {
  const script = join(root, 'scripts/build-docs.js');
  const { status } = spawnSync(process.execPath, [script, temporary], { stdio: 'inherit' });
  const generated = readdirSync(temporary);

  it('are written', () => {
    expect([status, generated.length]).toEqual([0, 5]);
  });

  it.each(generated)('%s is up to date (else: node scripts/build-docs.js)', (name) => {
    expect(readFileSync(join(docs, name), 'utf8')).toBe(readFileSync(join(temporary, name), 'utf8'));
  });
});

describe('the recipe for a new collector', () => {
  const recipe = readFileSync(join(docs, 'new-collector.md'), 'utf8');
  const blocks = [...recipe.matchAll(/^ {3}```ts\n(.*?)^ {3}```$/gms)].map(([, code = '']) =>
    code.replace(/^ {3}/gm, ''),
  );
  // Where the recipe says that they lie.
  const files = ['src/collectors/open-clip/index.ts', 'test/collectors/open-clip/recipe.test.ts'];
  const sources = new Map(files.map((file, index) => [join(root, file), blocks[index] ?? '']));

  it('has a collector and its test', () => {
    expect(blocks.length).toBe(2);
  });

  it('compiles under the rules of this project', () => {
    const config = ts.getParsedCommandLineOfConfigFile(join(root, 'test/tsconfig.json'), {}, configHost());
    const options = { ...config?.options, noEmit: true };
    const program = ts.createProgram([...sources.keys()], options, hostWith(options, sources));
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    expect(messages).toEqual([]);
  });

  it('has a collector that states what its test says', async () => {
    const script = join(temporary, 'collector.mjs');
    const { outputText } = ts.transpileModule(blocks[0] ?? '', {
      compilerOptions: { target: ts.ScriptTarget.ES2022 },
    });
    writeFileSync(script, onBuild(outputText));
    const { openClip } = (await import(pathToFileURL(script).href)) as Record<string, FileCollector>;
    const path = 'a/open_clip_config.json';
    const config = '{"model_cfg":{"text_cfg":{"hf_model_name":"example/text"}}}';
    const collected = await openClip?.collect(memoryEntry(path, config));
    expect(openClip?.wants(memoryEntry(path, config), Buffer.from(config))).toBe(true);
    expect(collected?.facts[0]?.attributes.map(({ name, value }) => [name, value])).toEqual([
      ['mlbom:model:library', 'open_clip'],
    ]);
    expect(collected?.findings).toMatchObject([{ rule: 'MLB-CLP-001', path }]);
  });
});

/** Imports as they would be in `src/collectors/<technology>/`, from the build. */
function onBuild(code: string): string {
  const build = pathToFileURL(join(root, 'dist/')).href;
  return code
    .replaceAll("'../../", `'${build}`)
    .replaceAll("'../", `'${build}collectors/`)
    .replaceAll(".ts'", ".js'");
}

function configHost(): ts.ParseConfigFileHost {
  return {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) =>
      expect.fail(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n')),
  };
}

/** The files on the disk, and these beside them. */
function hostWith(options: ts.CompilerOptions, sources: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    directoryExists: (path) =>
      [...sources.keys()].some((file) => dirname(file) === path) || ts.sys.directoryExists(path),
    fileExists: (path) => sources.has(path) || host.fileExists(path),
    readFile: (path) => sources.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const source = sources.get(path);
      return source === undefined
        ? host.getSourceFile(path, version, ...rest)
        : ts.createSourceFile(path, source, version);
    },
  };
}
