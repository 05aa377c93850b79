import { describe, expect, it } from 'vitest';
import { redactedHistory } from '../../../src/operations/images/redacted-history.ts';

describe('a history line', () => {
  it.each([
    ['ENV HF_TOKEN=canary', 'ENV HF_TOKEN=…'],
    ['ENV A=canary B=canary', 'ENV A=… and more'],
    ['ENV A canary B=canary', 'ENV A …'],
    ['ARG TOKEN=canary', 'ARG TOKEN=…'],
    ['ARG TOKEN', 'ARG TOKEN'],
    ['/bin/sh -c #(nop)  ENV PASSWORD=canary', '/bin/sh -c #(nop)  ENV PASSWORD=…'],
    ['CMD ["serve" "--token=canary"]', 'CMD ["serve" "--token=…"]'],
    ['CMD ["serve", "--api-key", "canary"]', 'CMD ["serve", "--api-key", "…"]'],
    ['RUN API_TOKEN=canary make', 'RUN API_TOKEN=… make'],
    ['RUN curl --password "canary canary" x', 'RUN curl --password … x'],
    ['RUN |1 A=canary /bin/sh -c SECRET_KEY=canary make', 'RUN |1 A=… /bin/sh -c SECRET_KEY=… make'],
  ])('%j shows nothing secret', (line, shown) => {
    expect(redactedHistory(line)).toBe(shown);
    expect(shown).not.toContain('canary');
  });

  it.each(['COPY models /models # buildkit', 'RUN pip install torch==2.1 --index-url https://example.org'])(
    '%j stays as it is',
    (line) => {
      expect(redactedHistory(line)).toBe(line);
    },
  );
});
