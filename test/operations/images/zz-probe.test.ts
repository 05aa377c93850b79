import { it } from 'vitest';
import { writeFileSync } from 'node:fs';
import { generate } from '../../../src/operations/generate.ts';
import { temporaryDirectory } from '../../cli/mlbom.ts';
import { writeLayout } from '../../fixtures/image-writer.ts';
import { sampleImage, timestamp, problemsIn } from './sample-image.ts';
it('probe', async () => {
  const d = temporaryDirectory();
  writeLayout(d, [sampleImage()], { tags: ['v1'] });
  const { bom, inventory } = await generate({ sources: [`oci-layout:${d}:v1`], timestamp });
  writeFileSync('/tmp/probe.json', JSON.stringify(bom, null, 1));
  console.log(problemsIn(inventory));
});
