import { describe, expect, it } from 'vitest'

import { edit, parse, Tree, valueAt } from './tree'

const EXAMPLES = Object.entries(
  import.meta.glob<string>('../../../../../examples/*.yaml', {
    eager: true,
    query: '?raw',
    import: 'default',
  }),
)

const SHOP = `# The shop's program
regulars: 1
program: shop   # never change

rules:
  # The base of everything
  - id: base
    name: {en: "A point", zh-CN:   一分}  # two languages
    earn: {currency: points, rate: 1, per: 1.00}
    lines: {skus: [012, 9]}

  - id: weekend   # loved
    earn: {currency: points, multiply: 1.5}
    schedule: {weekdays: [sat, sun]}
returns: {spent: owe}
`

function lines(before: string, after: string): string[] {
  const known = new Set(before.split('\n'))
  return after.split('\n').filter((line) => !known.has(line))
}

describe('a change by a form', () => {
  it('touches only the line that it is about', () => {
    const after = edit(SHOP, (tree) => tree.set(['rules', 0, 'earn', 'rate'], 2))
    expect(lines(SHOP, after)).toEqual(['    earn: {currency: points, rate: 2, per: 1.00}'])
    expect(after).toContain('program: shop   # never change')
    expect(after.split('\n').length).toBe(SHOP.split('\n').length)
  })

  it('keeps the comments around what it adds', () => {
    const after = edit(SHOP, (tree) => tree.set(['rules', 1, 'audience'], { tiers: ['gold'] }))
    expect(lines(SHOP, after)).toEqual(['    audience: {tiers: [gold]}'])
    expect(after).toContain('- id: weekend   # loved')
  })

  it('writes money with its cents', () => {
    const after = edit(SHOP, (tree) => tree.setDecimal(['rules', 0, 'earn', 'per'], 2, 2))
    expect(after).toContain('per: 2.00}')
  })

  it('leaves article numbers that begin with 0 texts', () => {
    expect(valueAt(parse(SHOP).value, ['rules', 0, 'lines', 'skus'])).toEqual(['012', 9])
    expect(edit(SHOP, (tree) => tree.set(['rules', 0, 'lines', 'skus', 1], 8))).toContain(
      '[012, 8]',
    )
  })

  it('takes away what is left empty, and no more', () => {
    const after = edit(SHOP, (tree) => tree.remove(['rules', 1, 'schedule', 'weekdays']))
    expect(valueAt(parse(after).value, ['rules', 1])).toEqual({
      id: 'weekend',
      earn: { currency: 'points', multiply: 1.5 },
    })
    expect(after).toContain('# loved')
  })

  it('moves a rule with the comment before it', () => {
    const after = edit(SHOP, (tree) => tree.move(['rules'], 1, 0))
    expect(valueAt(parse(after).value, ['rules', 0, 'id'])).toBe('weekend')
    expect(after).toContain('# two languages')
  })

  it('puts a rule at the end in block style', () => {
    const rule = { id: 'new', on: 'purchase', earn: { currency: 'points', points: 50 } }
    const after = edit(SHOP, (tree) => tree.insert(['rules'], 2, rule))
    expect(valueAt(parse(after).value, ['rules', 2])).toEqual(rule)
    expect(lines(SHOP, after)).toContain('    earn: {currency: points, points: 50}')
  })

  it('makes what is missing on the way', () => {
    const after = edit(SHOP, (tree) => tree.set(['tiers', 'ladder', 0, 'id'], 'member'))
    expect(valueAt(parse(after).value, ['tiers'])).toEqual({ ladder: [{ id: 'member' }] })
  })

  it('changes one use of an anchor and not the others', () => {
    const text = 'a: &x {k: 1}\nb: *x\n'
    const after = edit(text, (tree) => tree.set(['b', 'k'], 2))
    expect(parse(after).value).toEqual({ a: { k: 1 }, b: { k: 2 } })
  })

  it('keeps a name in its place when it is changed', () => {
    const text = 'stacking: # how\n  promo: best # one\n  other: all\n'
    expect(edit(text, (tree) => tree.rename(['stacking'], 'promo', 'season'))).toBe(
      'stacking: # how\n  season: best # one\n  other: all\n',
    )
  })

  it('leaves a text that cannot be read alone', () => {
    expect(edit('a: [1', (tree) => tree.set(['a'], 2))).toBe('a: [1')
    expect(parse('a: [1').faults).toHaveLength(1)
  })

  it('writes JSON as JSON', () => {
    expect(edit('{"a": 1}', (tree) => tree.set(['b'], 'x'))).toBe('{\n  "a": 1,\n  "b": "x"\n}\n')
  })

  it('begins an empty document', () => {
    expect(edit('', (tree) => tree.set(['program'], 'shop'))).toBe('program: shop\n')
  })
})

describe.each(EXAMPLES)('%s', (_, text) => {
  const value = parse(text).value as Record<string, unknown>

  it('goes through the tree without losing a character', () => {
    expect(edit(text, () => undefined)).toBe(text)
  })

  it('comes out with every section as it went in, when each is written anew', () => {
    for (const section of Object.keys(value)) {
      const after = edit(text, (tree) => tree.set([section], value[section]))
      expect(parse(after).value).toEqual(value)
    }
  })

  it('keeps every comment when each value in it is changed once', () => {
    const comments = text.match(/^\s*#.*$/gm) ?? []
    for (const path of leaves(value).filter((_, at) => at % 9 === 0)) {
      const after = edit(text, (tree) => tree.set(path, 'changed'))
      expect(valueAt(parse(after).value, path)).toBe('changed')
      for (const comment of comments) expect(after).toContain(comment)
      const touched = lines(text, after).length
      expect(touched, path.join('/')).toBeLessThanOrEqual(1)
    }
  })

  it('says where each value stands', () => {
    const tree = new Tree(parse(text).document)
    for (const path of leaves(value)) {
      const [from, to] = tree.range(path) ?? [0, 0]
      expect(to).toBeGreaterThan(from)
    }
  })
})

function leaves(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path]
  if (Array.isArray(value)) return value.flatMap((inner, at) => leaves(inner, [...path, at]))
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}
