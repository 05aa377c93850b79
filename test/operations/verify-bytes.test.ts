import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/digest.ts';
import type { StatedArtifact } from '../../src/bom/artifacts-of.ts';
import { collectArtifact } from '../../src/operations/collect-artifact.ts';
import { openDirectory } from '../../src/stores/directory.ts';
import { verifyBytes } from '../../src/operations/verify-bytes.ts';
import { temporaryDirectory } from '../stores/temporary-directory.ts';

const [good, evil] = ['a1'.repeat(20), 'b2'.repeat(20)] as const;

/** A cache with one snapshot of one file. */
function cache(): { repository: string; add: (commit: string, content: string) => void } {
  const repository = join(temporaryDirectory(), 'models--example--tiny');
  return {
    repository,
    add(commit, content) {
      mkdirSync(join(repository, 'blobs'), { recursive: true });
      mkdirSync(join(repository, 'snapshots', commit), { recursive: true });
      writeFileSync(join(repository, 'blobs', sha256(content)), content);
      symlinkSync(`../../blobs/${sha256(content)}`, join(repository, 'snapshots', commit, 'model.bin'));
    },
  };
}

/** What a BOM would state of it. */
function stated({ artifact }: Awaited<ReturnType<typeof collectArtifact>>): StatedArtifact {
  return {
    name: artifact.name,
    digest: artifact.whole?.digest ?? '',
    files: artifact.whole?.manifest.files ?? [],
  };
}

describe('the cache of the Hugging Face Hub', () => {
  it('is verified by what its links lead to, and the snapshot is named', async () => {
    const { repository, add } = cache();
    add(good, 'weights');
    const artifact = stated(await collectArtifact(await openDirectory(repository)));
    const details = () => Promise.resolve(new Map());
    const outcomes = async (at: string) =>
      (await verifyBytes({ artifact, at, details })).map(({ outcome, why }) => `${outcome}: ${why}`);

    expect(await outcomes(repository)).toEqual([
      `pass: all 1 files, 7 bytes, are the signed ones (snapshot ${good})`,
    ]);
    add(evil, 'other weights');
    mkdirSync(join(repository, 'refs'));
    writeFileSync(join(repository, 'refs/main'), evil);
    expect((await outcomes(repository))[0]).toMatch(/^fail: content differs/);
    expect((await outcomes(join(repository, 'snapshots', good)))[0]).toMatch(/^pass/);
  });

  it('is no excuse for a link that leads elsewhere', async () => {
    const { repository, add } = cache();
    add(good, 'weights');
    const artifact = stated(await collectArtifact(await openDirectory(repository)));
    const aside = join(repository, 'snapshots', good, 'aside.bin');
    symlinkSync('../../refs/planted', aside);
    mkdirSync(join(repository, 'refs'));
    writeFileSync(join(repository, 'refs/planted'), 'weights');
    const [check] = await verifyBytes({
      artifact,
      at: repository,
      details: () => Promise.resolve(new Map()),
    });
    expect(check).toMatchObject({ outcome: 'fail', why: 'not part of the signed artifact' });
  });
});
