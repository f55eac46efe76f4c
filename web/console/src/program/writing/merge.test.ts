import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { clashes, diffLines, linesOf, merge, settle } from './merge'

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
  .map((l) => l.join('\n'))

function patched(a: string[], b: string[]): string[] {
  const result: string[] = []
  let at = 0
  for (const hunk of diffLines(a, b)) {
    result.push(...a.slice(at, hunk.aFrom), ...b.slice(hunk.bFrom, hunk.bTo))
    at = hunk.aTo
  }
  return [...result, ...a.slice(at)]
}

describe('the difference of two texts', () => {
  it('makes the one of the other', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(patched(linesOf(a), linesOf(b))).toEqual(linesOf(b))
      }),
    )
  })

  it('is as short as it can be', () => {
    expect(
      diffLines('abcabba'.split(''), 'cbabac'.split('')).reduce((n, h) => n + size(h), 0),
    ).toBe(5)
  })
})

describe('two people who changed one text', () => {
  it('get both changes where they changed different places', () => {
    const chunks = merge('a\nb\nc\nd\ne', 'A\nb\nc\nd\ne', 'a\nb\nc\nd\nE')
    expect(clashes(chunks)).toBe(0)
    expect(settle(chunks, [])).toBe('A\nb\nc\nd\nE')
  })

  it('choose where they changed the same place', () => {
    const chunks = merge('a\nb\nc', 'a\nmine\nc', 'a\ntheirs\nc')
    expect(clashes(chunks)).toBe(1)
    expect(settle(chunks, ['mine'])).toBe('a\nmine\nc')
    expect(settle(chunks, ['theirs'])).toBe('a\ntheirs\nc')
    expect(settle(chunks, ['both'])).toBe('a\nmine\ntheirs\nc')
  })

  it('need not choose when they did the same', () => {
    expect(clashes(merge('a\nb', 'a\nX', 'a\nX'))).toBe(0)
  })

  it('lose nothing: all mine is mine, all theirs is theirs', () => {
    fc.assert(
      fc.property(text, text, (base, mine) => {
        expect(settle(merge(base, mine, base), [])).toBe(mine)
        expect(settle(merge(base, base, mine), [])).toBe(mine)
      }),
    )
  })

  it('find every line that either added in what both choose', () => {
    fc.assert(
      fc.property(text, text, text, (base, mine, theirs) => {
        const chunks = merge(base, mine, theirs)
        const both = settle(
          chunks,
          chunks.map(() => 'both'),
        )
        const found = linesOf(both)
        const old = new Set(linesOf(base))
        for (const line of [...linesOf(mine), ...linesOf(theirs)])
          if (!old.has(line)) expect(found).toContain(line)
      }),
    )
  })
})

function size(hunk: { aFrom: number; aTo: number; bFrom: number; bTo: number }): number {
  return hunk.aTo - hunk.aFrom + hunk.bTo - hunk.bFrom
}
