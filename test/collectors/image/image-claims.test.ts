import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageClaims } from '../../../src/collectors/image/image-claims.ts';
import type { Attribute, Fact } from '../../../src/core/fact.ts';
import { readImageConfig } from '../../../src/formats/oci/read-image-config.ts';
import { attributes, packageFact } from '../../fixtures/facts.ts';
import { valuesOf } from '../collected.ts';

const source = 'sha256:config';

interface Said {
  readonly runtime?: object;
  readonly document?: object;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly installed?: readonly Fact[];
}

function claims({ runtime = {}, document = {}, annotations = {}, installed = [] }: Said) {
  const bytes = Buffer.from(JSON.stringify({ config: runtime, ...document }));
  return imageClaims(readImageConfig(bytes), annotations, source, installed);
}

function container(said: Said): Fact {
  const [fact] = claims(said).facts;
  if (!fact) throw new Error('no fact');
  return fact;
}

function values(said: Said): ReturnType<typeof valuesOf> {
  return valuesOf(container(said));
}

const label = (name: string) => `org.opencontainers.image.${name}`;

describe('what an image says about itself', () => {
  it('is said of the whole, as declared, with where it stands', () => {
    const fact = container({
      runtime: { Labels: { [label('version')]: '1.2.3' } },
      annotations: { [label('licenses')]: 'Apache-2.0' },
    });
    expect(fact).toMatchObject({ about: { kind: 'directory', path: '.' }, type: 'container' });
    const described = (name: Attribute['name']) => fact.attributes.find((each) => each.name === name);
    expect(described('version')).toMatchObject({
      value: '1.2.3',
      evidence: { basis: 'declared', source, at: `label ${label('version')}`, by: 'image' },
    });
    expect(described('license')).toMatchObject({
      value: { license: 'Apache-2.0' },
      evidence: { at: `annotation ${label('licenses')}` },
    });
  });

  it('is what OCI has predefined names for', () => {
    const said = values({
      annotations: {
        [label('description')]: 'Answers questions',
        [label('authors')]: 'A. Person <a@example.org>, B. Person <b@example.org>',
        [label('vendor')]: 'Example',
        [label('source')]: 'https://user:secret@git.example.org/team/app',
        [label('revision')]: '0123abc',
        [label('url')]: 'https://example.org/?token=secret',
        [label('created')]: '2026-01-02T03:04:05Z',
      },
    });
    expect(said).toMatchObject({
      description: 'Answers questions',
      authors: [
        { name: 'A. Person', email: 'a@example.org' },
        { name: 'B. Person', email: 'b@example.org' },
      ],
      supplier: { name: 'Example' },
      'mlbom:oci:created': '2026-01-02T03:04:05Z',
    });
    expect(said.references).toEqual([
      { type: 'website', url: 'https://example.org/' },
      { type: 'vcs', url: 'https://git.example.org/team/app', comment: 'revision 0123abc' },
    ]);
  });

  it('is not the version of the distribution that it inherits labels from', () => {
    const inherited = { [label('ref.name')]: 'ubuntu', [label('version')]: '24.04' };
    const said = values({ runtime: { Labels: inherited } });
    expect(said.version).toBeUndefined();
    expect(said['mlbom:oci:label']).toContain(`${label('version')}=24.04`);
  });

  it('is where, as whom and how it runs', () => {
    const said = values({
      runtime: { User: '1000:1000', WorkingDir: '/app', ExposedPorts: { '8000/tcp': {}, 'x y': {} } },
      document: { created: '2026-01-02T03:04:05.123456789+01:00' },
    });
    expect(said).toMatchObject({
      'mlbom:oci:user': '1000:1000',
      'mlbom:oci:working-directory': '/app',
      'mlbom:oci:exposed-port': '8000/tcp',
      'mlbom:oci:created': '2026-01-02T03:04:05.123456789+01:00',
    });
  });
});

describe('labels', () => {
  it('have values where their names are known, and nothing in them is a secret', () => {
    const said = values({
      runtime: {
        Labels: {
          'com.nvidia.volumes.needed': 'nvidia_driver',
          [label('authors')]: 'Example',
          [label('source')]: 'https://user:secret@git.example.org/team/app',
          maintainer: 'hf_0123456789abcdefghij',
          'com.example.deploy-token': 'secret',
          'com.redhat.api-key': 'secret',
          'com.example.note': 'secret',
          'not a name': 'secret',
        },
      },
    });
    expect(said['mlbom:oci:label']).toEqual([
      'com.nvidia.volumes.needed=nvidia_driver',
      `${label('authors')}=Example`,
      `${label('source')}=https://git.example.org/team/app`,
      'maintainer',
      'com.example.deploy-token',
      'com.redhat.api-key',
      'com.example.note',
    ]);
  });
});

describe('the environment', () => {
  it('has values where the names are known, and nothing in them is a secret', () => {
    const said = values({
      runtime: {
        Env: [
          'CUDA_VERSION=12.4.1',
          'NVIDIA_DRIVER_CAPABILITIES=compute,utility',
          'HF_HOME=/models',
          'VLLM_USE_V1=1',
          'VLLM_API_KEY=secret',
          'SAGEMAKER_AUTH=secret',
          'VLLM_HOST=http://user:secret@example.org/?token=secret',
          'OLLAMA_X=aB3dE5gH7jK9mN1pQ3sT5vW7',
          'APP_VERSION=1.0',
          'DB_VERSION=secret',
          'HF_TOKEN=secret',
          'GREETING=secret',
          'no assignment: secret',
        ],
      },
    });
    expect(said['mlbom:oci:env']).toEqual([
      'CUDA_VERSION=12.4.1',
      'NVIDIA_DRIVER_CAPABILITIES=compute,utility',
      'HF_HOME=/models',
      'VLLM_USE_V1=1',
      'VLLM_API_KEY',
      'SAGEMAKER_AUTH',
      'VLLM_HOST=http://example.org/',
      'OLLAMA_X',
      'APP_VERSION=1.0',
      'DB_VERSION',
      'HF_TOKEN',
      'GREETING',
    ]);
  });

  it('states what the driver has to be, however long that is', () => {
    const long = Array.from({ length: 60 }, (_, index) => `brand=tesla,driver>=${400 + index}`).join(' ');
    const said = values({ runtime: { Env: [`NVIDIA_REQUIRE_CUDA=cuda>=12.4 $(secret) ${long}`] } });
    expect(said['mlbom:oci:driver-requirement']).toHaveLength(61);
    expect(said['mlbom:oci:driver-requirement']).toContain('brand=tesla,driver>=400');
    expect(JSON.stringify(said)).not.toContain('secret');
  });
});

describe('the command', () => {
  it.each<[entrypoint: string[], cmd: string[], text: string, serves?: string, model?: string]>([
    [
      ['vllm', 'serve'],
      ['example/support-8b', '--api-key', 'secret'],
      'vllm serve example/support-8b …',
      'vllm',
      'example/support-8b',
    ],
    [
      ['python3', '-m', 'vllm.entrypoints.openai.api_server'],
      ['--model=/models/support', '--trust-remote-code', '--hf-token=secret', '--port', '8000'],
      'python3 -m vllm.entrypoints.openai.api_server --model /models/support --trust-remote-code … --port 8000',
      'vllm',
      '/models/support',
    ],
    [
      ['/opt/nvidia/nvidia_entrypoint.sh'],
      ['tritonserver', '--model-repository=/models'],
      '/opt/nvidia/nvidia_entrypoint.sh tritonserver --model-repository /models',
      'tritonserver',
      '/models',
    ],
    [
      ['text-generation-launcher'],
      ['--model-id', 'example/support', '--json-output'],
      'text-generation-launcher --model-id example/support …',
      'text-generation-inference',
      'example/support',
    ],
    [['/bin/ollama'], ['serve'], '/bin/ollama serve', 'ollama'],
    [
      ['/app/llama-server', '-m', '/models/a.gguf', '--api-key', 'secret'],
      [],
      '/app/llama-server -m /models/a.gguf …',
      'llama.cpp',
      '/models/a.gguf',
    ],
    [
      ['python', '-m', 'sglang.launch_server', '--model-path', 'example/a'],
      [],
      'python -m sglang.launch_server --model-path example/a',
      'sglang',
      'example/a',
    ],
    [
      ['lmdeploy', 'serve', 'api_server', 'example/a'],
      [],
      'lmdeploy serve api_server example/a',
      'lmdeploy',
      'example/a',
    ],
    [
      ['torchserve', '--start'],
      ['--model-store', 'store'],
      'torchserve … --model-store store',
      'torchserve',
      'store',
    ],
    [['bentoml', 'serve'], [], 'bentoml serve', 'bentoml'],
    [['ray', 'start', '--redis-password', 'secret'], [], 'ray start …', 'ray'],
    [
      ['/bin/sh', '-c', 'TOKEN=secret exec vllm serve example/a --api-key "$KEY"'],
      [],
      '/bin/sh … vllm serve example/a …',
      'vllm',
      'example/a',
    ],
    [['python', 'app.py', '--password', 'secret'], [], 'python app.py …'],
    [['./entrypoint.sh'], ['hf_0123456789abcdef'], './entrypoint.sh …'],
    [['vllm', 'serve', 'hf_0123456789abcdef'], [], 'vllm serve …', 'vllm'],
    [['vllm', 'serve', '--model', 'https://user:secret@example.org/a'], [], 'vllm serve --model …', 'vllm'],
    [['wrapper', '--name', 'ollama'], [], 'wrapper …'],
    [['vllm', 'serve', '--model', '--port', '80'], [], 'vllm serve --model … --port 80', 'vllm'],
  ])('%j with %j is shown without arguments that may be secrets', (entrypoint, cmd, text, serves, model) => {
    const said = values({ runtime: { Entrypoint: entrypoint, Cmd: cmd } });
    expect(said['mlbom:oci:entrypoint']).toBe(text);
    expect(said['mlbom:oci:serves']).toBe(serves);
    expect(said['mlbom:oci:served-model']).toBe(model);
  });

  it('serves the model that the environment names', () => {
    const said = values({
      runtime: { Entrypoint: ['text-generation-launcher'], Env: ['MODEL_ID=example/support'] },
    });
    expect(said['mlbom:oci:served-model']).toBe('example/support');
  });

  it('never shows a secret, wherever it stands', () => {
    const secret = 'hunter2hunter2';
    const word = fc.constantFrom(
      ...['vllm', 'serve', '-m', 'python', '--port', '--model', 'sh', '-c', 'ray', '--', '', 'a b', '…'],
      ...[`--api-key=${secret}`, `TOKEN=${secret}`, `https://u:${secret}@example.org`, `hf_${secret}`],
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), (words) => {
        const said = values({ runtime: { Cmd: words } });
        expect(said['mlbom:oci:entrypoint'] ?? '').not.toContain(secret);
      }),
    );
  });
});

describe('software that an image names', () => {
  const native = (name: string, version: string): Fact => ({
    about: { kind: 'component', key: `native:lib:${name}`, path: 'lib' },
    type: 'library',
    attributes: attributes({ name, version, purl: `pkg:generic/${name}@${version}` }),
    relations: [],
  });

  it('is only spoken of where nothing of it is there', () => {
    const { facts, problems } = claims({ runtime: { Env: ['CUDA_VERSION=12.4.1'] } });
    expect(problems).toEqual([]);
    expect(facts[1]?.about).toEqual({ kind: 'component', key: 'claim:cuda' });
    expect(facts.slice(1).map(valuesOf)).toEqual([
      {
        name: 'cuda',
        version: '12.4.1',
        purl: 'pkg:generic/cuda@12.4.1',
        'mlbom:package:basis': 'claimed',
      },
    ]);
  });

  it.each([
    ['CUDA_VERSION=12.4.1', native('cudart', '12.4.127')],
    ['NV_CUDNN_VERSION=9.1.0.70-1', native('cudnn', '9.1.0')],
    ['NCCL_VERSION=2.21.5-1', native('libnccl2', '2.21.5-1+cuda12.4')],
    ['TRT_VERSION=10.3.0.26', native('tensorrt', '10')],
    ['ROCM_VERSION=6.1.0', native('rocm', '6.1.0-82')],
    ['PYTORCH_VERSION=2.4.0', packageFact('torch', '2.4.0+cu124', { path: 'site/torch' })],
  ])('is verified where %s agrees with what is installed', (variable, installed) => {
    const { facts, problems } = claims({ runtime: { Env: [variable] }, installed: [installed] });
    expect(problems).toEqual([]);
    expect(facts[1]?.about).toEqual(installed.about);
    expect(facts[1]?.attributes).toMatchObject([
      { name: 'version', value: valuesOf(installed).version, evidence: { basis: 'verified' } },
    ]);
  });

  it('is a contradiction where everything that is installed differs', () => {
    const installed = [native('cudnn', '8.9.7'), native('cudnn_ops', '1')];
    const said = claims({ runtime: { Env: ['NV_CUDNN_VERSION=9.1.0.70-1'] }, installed });
    expect(said.facts).toHaveLength(1);
    expect(said.problems).toEqual([
      {
        kind: 'problem',
        code: 'image-claim-differs',
        effect: 'contradiction',
        path: 'lib',
        reason: 'environment NV_CUDNN_VERSION says cudnn 9.1.0.70-1, and cudnn 8.9.7 is installed at lib',
      },
    ]);
    const both = claims({
      runtime: { Labels: { 'com.nvidia.cudnn.version': '8.9.7' } },
      installed: [...installed, native('libcudnn9-cuda-12', '9.1.0')],
    });
    expect(both.problems).toEqual([]);
  });

  it('is nothing where a version is none', () => {
    expect(claims({ runtime: { Env: ['CUDA_VERSION=latest', 'CUDNN_VERSION='] } }).facts).toHaveLength(1);
  });
});

describe('hostile configurations', () => {
  it('end in facts', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.constantFrom('__proto__', 'CUDA_VERSION=1', '://', '@'),
    );
    const texts = fc.array(text, { maxLength: 6 });
    fc.assert(
      fc.property(texts, texts, texts, fc.dictionary(text, text), (env, entrypoint, cmd, named) => {
        const runtime = { Env: env, Entrypoint: entrypoint, Cmd: cmd, Labels: named, User: env[0] ?? '' };
        expect(claims({ runtime, annotations: named }).facts.length).toBeGreaterThan(0);
      }),
    );
  });
});
