import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { Descriptor } from '../../../src/core/image.ts';
import { parseDigest } from '../../../src/formats/oci/digest.ts';
import { parseImageReference } from '../../../src/formats/oci/image-reference.ts';
import { openRegistry } from '../../../src/stores/registry/open-registry.ts';
import type { RegistryClient, RegistryOptions } from '../../../src/stores/registry/registry-client.ts';
import { startRegistry, type FakeRegistry, type FakeRegistryOptions } from '../../fixtures/fake-registry.ts';
import { imageOf, type ImageFixture } from '../../fixtures/image-writer.ts';
import { writeTar } from '../../fixtures/tar-writer.ts';

export const repository = 'team/app';

export interface Scene {
  readonly registry: FakeRegistry;
  readonly client: RegistryClient;
  readonly image: ImageFixture;
  /** Of its only layer. */
  readonly layer: Descriptor;
  /** Milliseconds that the client wanted to wait, in order. */
  readonly pauses: number[];
}

/** A fake registry with an image under `team/app:v1`, and a client that waits for nothing. */
export async function sceneOf(
  options: FakeRegistryOptions = {},
  client: Partial<RegistryOptions> & { readonly reference?: string } = {},
): Promise<Scene> {
  const registry = await startRegistry(options);
  const content = Buffer.alloc(300_000, 'weights ');
  const image = imageOf({ layers: [{ tar: writeTar([{ name: 'model.bin', content }]), codec: 'none' }] });
  registry.seed(image, repository, 'v1');
  const pauses: number[] = [];
  const opened = openRegistry(
    parseImageReference(`${registry.host}/${client.reference ?? `${repository}:v1`}`),
    {
      userAgent: 'mlbom-test',
      timeout: 2000,
      pause: (milliseconds) => {
        pauses.push(milliseconds);
        return Promise.resolve();
      },
      ...client,
    },
  );
  onTestFinished(async () => {
    await opened.close();
    await registry.close();
  });
  const [layer] = image.layers;
  if (!layer) throw new Error('an image without layers');
  return { registry, client: opened, image, layer: descriptorOf(layer.bytes, layer.mediaType), pauses };
}

export function descriptorOf(bytes: Uint8Array, mediaType: string): Descriptor {
  const hex = createHash('sha256').update(bytes).digest('hex');
  return { mediaType, digest: parseDigest(`sha256:${hex}`), size: bytes.length, annotations: {} };
}

export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}
