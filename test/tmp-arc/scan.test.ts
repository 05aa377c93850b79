import { it } from 'vitest';
import { readdirSync, statSync, openSync, readSync, closeSync } from 'node:fs';
import { zip } from '/work/main/src/collectors/zip/index.ts';
import { tar } from '/work/main/src/collectors/tar/index.ts';
import { compressed } from '/work/main/src/collectors/compressed/index.ts';
import { contentType } from '/work/main/src/collectors/content-type/index.ts';
import { walk } from '/work/main/src/collectors/walk.ts';
function entry(p: string, size: number): any {
  const read = ({offset,length}: any) => { const f=openSync(p,'r'); const b=Buffer.alloc(length); const n=readSync(f,b,0,length,offset); closeSync(f); if(n!==length) return Promise.reject(new Error('short '+n)); return Promise.resolve(b); };
  return { kind:'entry', path: p.slice(1), size, access:'random', promises:[], head:(n:number)=>read({offset:0,length:Math.min(n,size)}), read, async *stream(){} };
}
function* files(d: string): Generator<any> { let list: any[]=[]; try { list=readdirSync(d,{withFileTypes:true}) } catch {} for (const e of list) { const p=d+'/'+e.name; if (e.isDirectory()) yield* files(p); else if (e.isFile()) { const s=statSync(p).size; yield entry(p,s); } } }
it('scan', async () => {
  for (const d of process.env.SCAN!.split(',')) {
    const t=performance.now(); let n=0; const all=[...files(d)];
    const w = await walk(all, [zip,tar,compressed,contentType]);
    const by: Record<string, number> = {}; for (const f of w.findings) by[f.rule]=(by[f.rule]??0)+1;
    const pb: Record<string, number> = {}; for (const f of w.problems) pb[f.code]=(pb[f.code]??0)+1;
    console.log(d, all.length, Math.round(performance.now()-t)+'ms', JSON.stringify(by), JSON.stringify(pb), 'rss', Math.round(process.memoryUsage().rss/1e6));
    for (const f of w.findings.slice(0,40)) console.log('  ', f.rule, f.path.slice(-80), f.member??'', f.message.slice(0,120));
    for (const f of w.problems.slice(0,15)) console.log('  P', f.code, f.path.slice(-80), f.reason.slice(0,120));
  }
}, 600000);
