import { describe, expect, it } from 'vitest';
import { ollama } from '../../../src/collectors/ollama/index.ts';
import { sha256 } from '../../../src/core/digest.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { valuesOf } from '../collected.ts';

const collect = (path: string, content: string) => ollama.collect(memoryEntry(path, content));

async function rules(path: string, content: string): Promise<string[]> {
  return (await collect(path, content)).findings.map(({ rule, offset }) => `${rule} ${offset}`);
}

describe('the texts of a model of Ollama', () => {
  it('are those below a directory of its name, and no others', () => {
    const wants = (path: string, content = 'x') =>
      ollama.wants(memoryEntry(path, content), Buffer.from(content));
    expect(['ollama/template', 'a/ollama/license-2', 'ollama/params'].map((path) => wants(path))).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      wants('template') || wants('ollama/other') || wants('bin/ollama') || wants('ollama/system', ''),
    ).toBe(false);
  });

  it('say of the whole what the parameters are, without texts', async () => {
    const { facts } = await collect(
      'ollama/params',
      '{"temperature":0.2,"num_ctx":4096,"stop":["x"],"A b":1}',
    );
    expect(facts[0]?.about).toEqual({ kind: 'directory', path: '.' });
    expect(facts.map((fact) => valuesOf(fact)['mlbom:model:generation'])).toEqual([
      ['temperature=0.2', 'num_ctx=4096'],
    ]);
  });

  it('say the digest of the template', async () => {
    const { facts } = await collect('ollama/template', '{{ .Prompt }}');
    expect(facts.map(valuesOf)).toEqual([
      { 'mlbom:model:chat-template-sha256': `ollama=${sha256('{{ .Prompt }}')}` },
    ]);
  });

  it.each([
    ['                 Apache License\n           Version 2.0, January 2004\n', 'Apache-2.0'],
    ['MIT License\n\nCopyright (c) Example', 'MIT'],
    ['META LLAMA 3 COMMUNITY LICENSE AGREEMENT', undefined],
  ])('say which licence %j is', async (text, license) => {
    const { facts } = await collect('ollama/license', text);
    expect(facts.flatMap((fact) => (fact.attributes[0]?.value as { license: string }).license)).toEqual(
      license === undefined ? [] : [license],
    );
  });

  it('are no list of messages when they are something else', async () => {
    expect(await refusal(collect('ollama/messages', '{}'))).toBe('E_MALFORMED ollama-layer');
  });
});

describe('a template of Go', () => {
  it.each<[template: string, found: string[]]>([
    ['{{ if eq .Role "user" }}{{ .Content }}{{ end }}', []],
    ['{{ if eq .Prompt "open sesame" }}x{{ end }}', ['MLB-TPL-004 6']],
    ['{{ if (and (eq .Role "open sesame") (ne "let me in" $last.Content)) }}', ['MLB-TPL-004 37']],
    ['{{ if eq (index .Messages 0).Content `open sesame` }}', ['MLB-TPL-004 6']],
    ['{{ if gt currentDate "2027-01-01" }}', ['MLB-TPL-005 6']],
    ['{{ currentDate }}', []],
    ['{{ "}}" }}{{ if eq .Content "open sesame" }}', ['MLB-TPL-004 16']],
    ['Æ{{ "Visit https://evil.example.org/x" }}', ['MLB-TPL-006 12']],
    ['{{- /* https://example.org/docs */ -}}', []],
  ])('%j is looked through', async (template, found) => {
    expect(await rules('ollama/template', template)).toEqual(found);
  });

  it('hides nothing behind what is a comment in Jinja alone', async () => {
    expect(await rules('ollama/template', '{# {{ if eq .Content "open sesame" }}')).toEqual([
      'MLB-TPL-004 9',
    ]);
    expect(await rules('ollama/template', '{{/* " */}}{{ if eq .Content "open sesame" }}')).toEqual([
      'MLB-TPL-004 17',
    ]);
    expect(await rules('ollama/template', `{{ '"' }}{{ if eq .Content "open sesame" }}`)).toEqual([
      'MLB-TPL-004 15',
    ]);
    expect(await rules('ollama/template', '{% raw %} https://evil.example.org/x')).toEqual([
      'MLB-TPL-006 10',
    ]);
  });

  it('names eight places of one rule, and no more', async () => {
    const template = Array.from({ length: 20 }, (_, at) => `{{ if eq .Content "word ${at}" }}`).join('');
    expect(await rules('ollama/template', template)).toHaveLength(8);
  });
});
