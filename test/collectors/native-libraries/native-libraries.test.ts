import { describe, expect, it } from 'vitest';
import { nativeLibraries } from '../../../src/collectors/native-libraries/index.ts';
import type { Collected } from '../../../src/core/collector.ts';
import type { Fact } from '../../../src/core/fact.ts';
import { writeElf, type ElfOptions } from '../../fixtures/elf-writer.ts';
import { refusal } from '../../fixtures/hostile-bytes.ts';
import { memoryEntry } from '../../fixtures/memory-entry.ts';
import { valuesOf } from '../collected.ts';
import { files } from './example.ts';

const collect = async (path: string, content: Uint8Array | string): Promise<Collected> =>
  nativeLibraries.collect(memoryEntry(path, content));

describe('native-libraries', () => {
  it('says what a library is, and what it needs', async () => {
    const path = 'site-packages/nvidia/nccl/lib/libnccl.so.2';
    const { facts, findings } = await collect(path, files[path] ?? '');
    const [file, component] = facts as [Fact, Fact];
    expect(file.about).toEqual({ kind: 'file', path });
    expect(valuesOf(file)['mlbom:file:header']).toEqual([
      'machine=x86_64',
      'build-id=0aa8317d81ac9d1a',
      'soname=libnccl.so.2',
      'needed=libpthread.so.0,libc.so.6',
    ]);
    expect(valuesOf(component)).toEqual({
      name: 'nccl',
      version: '2.20.5',
      purl: 'pkg:generic/nccl@2.20.5',
      'mlbom:ai:category': 'accelerator-runtime',
      'mlbom:package:basis': 'installed',
      'mlbom:package:location': 'site-packages/nvidia/nccl/lib',
    });
    expect(findings).toEqual([]);
  });

  it.each<[string, ElfOptions, string, string | undefined]>([
    ['libcudart.so.12.4.127', { soname: 'libcudart.so.12' }, 'cudart', '12.4.127'],
    ['libcudart-1a2b3c4d.so.12.0.107', { soname: 'libcudart-1a2b3c4d.so.12.0.107' }, 'cudart', '12.0.107'],
    ['libcublasLt.so', { soname: 'libcublasLt.so.12' }, 'cublas', '12'],
    ['libcudnn_ops.so.9.1.0', {}, 'cudnn', '9.1.0'],
    ['libnvinfer_plugin.so.10', {}, 'tensorrt', '10'],
    ['libonnxruntime.so.1', { versions: ['libonnxruntime.so.1', 'VERS_1.19.2'] }, 'onnxruntime', '1.19.2'],
    ['libhsa-runtime64.so.1', {}, 'hsa-runtime', '1'],
    ['libggml-cpu-haswell.so', {}, 'ggml', undefined],
    ['libtpu.so', {}, 'libtpu', undefined],
    ['libcusparseLt.so.0', {}, 'cusparselt', '0'],
    ['libnppig.so.12', {}, 'npp', '12'],
    ['libhipsparselt.so.0.2', {}, 'hipsparselt', '0.2'],
    ['libnccom.so.2.20.22', {}, 'neuron-collectives', '2.20.22'],
    ['libtriton_onnxruntime.so', {}, 'triton-onnxruntime-backend', undefined],
    [
      'libopenvino.so.2440',
      { sections: { '.rodata': '\x002024.4.0-16579-c3152d32c9c-releases/2024/4\0' } },
      'openvino',
      '2024.4.0',
    ],
  ])('knows %s', async (name, options, product, version) => {
    const { facts } = await collect(`lib/${name}`, writeElf(options));
    expect(valuesOf((facts as [Fact, Fact])[1])).toMatchObject({ name: product });
    expect(valuesOf((facts as [Fact, Fact])[1]).version).toBe(version);
  });

  it.each(['libcudart.so.12.json', 'libcudartx.so', 'cudart.so', 'libcuda_kernels.so', 'libcudart_static.a'])(
    'does not want %s',
    (name) => {
      const bytes = writeElf({});
      expect(nativeLibraries.wants(memoryEntry(name, bytes), bytes)).toBe(false);
    },
  );

  it('wants a library once, and never what is none', () => {
    const bytes = writeElf({});
    const entry = memoryEntry('lib/libcudart.so', bytes);
    expect(nativeLibraries.wants({ ...entry, link: 'libcudart.so.12' }, bytes)).toBe(false);
    expect(nativeLibraries.wants({ ...entry, link: '../cuda/libcudart.so.12' }, bytes)).toBe(true);
    expect(nativeLibraries.wants(entry, Buffer.from('INPUT(libcudart.so.12)'))).toBe(false);
  });

  it.each([
    ['usr/lib/libcuda.so.1', true, 2],
    ['usr/lib64/libnvidia-ml.so.550.54.15', true, 2],
    ['usr/local/cuda/lib64/stubs/libcuda.so', false, 1],
    ['usr/local/cuda-12.4/compat/libcuda.so.1', false, 2],
  ])('looks whether %s belongs to the driver', async (path, found, facts) => {
    const result = await collect(path, writeElf({}));
    expect(result.findings.map(({ rule }) => rule)).toEqual(found ? ['MLB-NAT-001'] : []);
    expect(result.facts).toHaveLength(facts);
  });

  it.each([
    [
      'usr/local/cuda-12.4/version.json',
      [
        ['cuda', '12.4.20240402'],
        ['cuda_cudart', '12.4.127'],
      ],
      'usr/local/cuda-12.4',
    ],
    ['usr/local/cuda/version.txt', [['cuda', '11.0.228']], 'usr/local/cuda'],
    ['opt/rocm-6.1.0/.info/version', [['rocm', '6.1.0-82']], 'opt/rocm-6.1.0'],
    ['usr/include/cudnn_version.h', [['cudnn', '9.1.0']], 'usr/include'],
  ])('reads %s', async (path, versions, directory) => {
    const { facts } = await collect(path, files[path] ?? '');
    expect(facts.map((fact) => [valuesOf(fact).name, valuesOf(fact).version])).toEqual(versions);
    for (const { about } of facts) expect(about).toMatchObject({ kind: 'component', path: directory });
  });

  it('follows a macro that stands for another', async () => {
    const header = ['MAJOR 10', 'MINOR 3', 'PATCH TRT_PATCH', 'BUILD 26'].map(
      (part) => `#define NV_TENSORRT_${part}`,
    );
    const { facts } = await collect(
      'usr/include/NvInferVersion.h',
      ['#define TRT_PATCH 0', ...header].join('\n'),
    );
    expect(valuesOf((facts as [Fact])[0]).version).toBe('10.3.0.26');
    expect(await refusal(collect('usr/include/nccl.h', '#define NCCL_MAJOR NCCL_MAJOR'))).toBe(
      'E_MALFORMED native-version',
    );
  });
});
