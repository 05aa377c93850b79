import { MlbomError } from '../../core/errors.ts';
import type { ImageStore } from '../../core/image.ts';
import { indexArchive, memberAt } from './index-archive.ts';
import { layoutStore } from './layout-store.ts';
import { localBlob, type LocalBlob } from './local-blob.ts';
import { savedImages, savedStore } from './saved-store.ts';
import { agreedConfigs, savedConfigs } from './saved-agrees.ts';

/** An archive that lies unpacked on this machine. */
export interface ArchiveFile {
  readonly uri: string;
  readonly name: string;
  /** As the user named it, for messages. */
  readonly place: string;
  readonly bytes: LocalBlob;
  close(): Promise<void>;
}

/** A member's bytes; undefined where there is no such member. */
export type OpenMember = (name: string) => LocalBlob | undefined;

/**
 * The images in an archive. Where it is a layout and has Docker's `manifest.json` too, the layout is read: it has the
 * manifest's digest and the attestations. The two must mean the same image.
 * @throws MlbomError `E_UNSUPPORTED` where it is no image; `E_MALFORMED`, `E_LIMIT`, `E_NOT_FOUND`
 */
export async function archiveStore(
  archive: ArchiveFile,
  wanted: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ImageStore> {
  const { uri, name, place, bytes } = archive;
  const members = await indexArchive(bytes, place, signal);
  const open: OpenMember = (path) => {
    const member = memberAt(members, path, place);
    if (!member) return undefined;
    const { offset, size } = member;
    const { file, offset: start } = bytes.local;
    return localBlob({ file, offset: start + offset, length: size }, `${place}: ${path}`);
  };
  const close = (): Promise<void> => archive.close();
  const isSaved = members.has('manifest.json');
  if (members.has('index.json') && members.has('oci-layout')) {
    const files = {
      kind: isSaved ? ('docker-archive' as const) : ('oci-archive' as const),
      uri,
      name,
      place,
      open: (path: string) => Promise.resolve(open(path)),
      close,
    };
    const layout = await layoutStore(files, wanted);
    if (!isSaved) return layout.store;
    const images = await savedImages(open, place);
    const saved = await savedConfigs({ images, layout, open, place }, signal);
    return {
      ...layout.store,
      root: async (abort) => ({
        ...(await layout.store.root(abort)),
        configs: agreedConfigs(saved, wanted, place),
      }),
    };
  }
  if (isSaved) return savedStore({ uri, name, place, open, close }, wanted);
  throw new MlbomError(
    'E_UNSUPPORTED',
    `${place}: no image archive: neither index.json nor manifest.json is in it`,
    {
      subject: place,
      rule: 'image-archive',
    },
  );
}
