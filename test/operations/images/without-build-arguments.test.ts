import { describe, expect, it } from 'vitest';
import { withoutBuildArguments } from '../../../src/operations/images/without-build-arguments.ts';

describe('a history line', () => {
  it.each([
    [
      'RUN |1 TOKEN=canary /bin/sh -c pip install x # buildkit',
      'RUN |1 TOKEN=… /bin/sh -c pip install x # buildkit',
    ],
    ['|2 A=canary B=canary /bin/sh -c make', '|2 A=… B=… /bin/sh -c make'],
    ['RUN |2 A=canary canary B=/canary x=canary /bin/sh -c make', 'RUN |2 A=… B=… /bin/sh -c make'],
    [
      'RUN |1 A=one /canary /bin/bash -eo pipefail -c X=1 bash -c y',
      'RUN |1 A=… /bin/bash -eo pipefail -c X=1 bash -c y',
    ],
    ['RUN |1 A=canary -c canary ash -c make', 'RUN |1 A=… ash -c make'],
    ['RUN |1 A=canary\ncanary /bin/sh -c make', 'RUN |1 A=… /bin/sh -c make'],
    ['RUN |1 A=canary powershell -Command canary', 'RUN |1 A=… …'],
    ['RUN |9 A=canary /bin/sh -c make', 'RUN |9 A=… /bin/sh -c make'],
    ['RUN |1 canary /bin/sh -c make', 'RUN |1  /bin/sh -c make'],
  ])('%j shows no value of a build argument', (line, shown) => {
    expect(withoutBuildArguments(line)).toBe(shown);
    expect(shown).not.toContain('canary');
  });

  it.each(['COPY models /models # buildkit', 'RUN /bin/sh -c echo |1 A=b # buildkit', ''])(
    '%j without build arguments stays as it is',
    (line) => {
      expect(withoutBuildArguments(line)).toBe(line);
    },
  );
});
