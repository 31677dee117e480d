import { describe, expect, it } from 'vitest';
import { formatCsv, parseCsv } from '../../../extractor/simulator/csv.ts';

describe('reading CSV', () => {
  it('copes with a byte order mark, CRLF, blank lines and a missing last line end', () => {
    expect(parseCsv('\uFEFFa,b\r\n1,2\r\n\r\n3,')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['1', '2'] },
      { line: 4, cells: ['3', ''] },
    ]);
  });

  it('reads quotes, commas and line ends within quotes, and counts lines on', () => {
    expect(parseCsv('"a ""b"", c","x\ny"\nlast,"",')).toEqual([
      { line: 1, cells: ['a "b", c', 'x\ny'] },
      { line: 3, cells: ['last', '', ''] },
    ]);
  });

  it('names the line of a quote that is never closed, and of text after a quote', () => {
    expect(() => parseCsv('a\n"b')).toThrow('line 2: a quoted cell is never closed');
    expect(() => parseCsv('a\n"b"c')).toThrow('line 2: text follows a closing quote');
  });
});

it('reads what it has written', () => {
  const rows = [{ name: 'Dana "Dee", N.A.', note: 'two\r\nlines' }, { name: 'سارة', note: null }];
  const [header, ...read] = parseCsv(formatCsv(['name', 'note'], rows)).map(({ cells }) => cells);
  expect(header).toEqual(['name', 'note']);
  expect(read).toEqual([['Dana "Dee", N.A.', 'two\r\nlines'], ['سارة', '']]);
});
