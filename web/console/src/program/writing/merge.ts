/** Texts compared line by line: what differs between two, and what two people made of one. */

/** Lines `aFrom`…`aTo` of the one text became `bFrom`…`bTo` of the other; ends are not included. */
export interface Hunk {
  aFrom: number
  aTo: number
  bFrom: number
  bTo: number
}

/** A stretch on which all agree, or one that both changed. */
export type Chunk =
  | { kind: 'same'; lines: string[] }
  | { kind: 'clash'; base: string[]; mine: string[]; theirs: string[] }

/** Beyond so many differing lines, a stretch counts as changed in one piece. */
const MOST_STEPS = 4_000

export function linesOf(text: string): string[] {
  return text.split('\n')
}

/** Where two lists of lines differ, by the shortest way from one to the other (Myers 1986). */
export function diffLines(a: string[], b: string[]): Hunk[] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let end = 0
  while (
    end < a.length - start &&
    end < b.length - start &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end++
  const pairs = matches(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const hunks: Hunk[] = []
  let [i, j] = [start, start]
  for (const [x, y] of [
    ...pairs.map(([p, q]): [number, number] => [p + start, q + start]),
    [a.length - end, b.length - end] as [number, number],
  ]) {
    if (x > i || y > j) hunks.push({ aFrom: i, aTo: x, bFrom: j, bTo: y })
    i = x + 1
    j = y + 1
  }
  return hunks
}

/** Pairs of equal lines, in order, as many as there can be. */
function matches(a: string[], b: string[]): [number, number][] {
  const most = Math.min(a.length + b.length, MOST_STEPS)
  let ends = new Map<number, number>([[1, 0]])
  const trail: Map<number, number>[] = []
  for (let steps = 0; steps <= most; steps++) {
    trail.push(new Map(ends))
    for (let k = -steps; k <= steps; k += 2) {
      const down =
        k === -steps || (k !== steps && (ends.get(k - 1) ?? -1) < (ends.get(k + 1) ?? -1))
      let x = down ? (ends.get(k + 1) ?? 0) : (ends.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++
      ends.set(k, x)
      if (x >= a.length && x - k >= b.length) return walkBack(trail, a.length, b.length)
    }
    ends = new Map(ends)
  }
  return []
}

function walkBack(trail: Map<number, number>[], width: number, height: number): [number, number][] {
  const pairs: [number, number][] = []
  let [x, y] = [width, height]
  for (let steps = trail.length - 1; steps >= 0; steps--) {
    const ends = trail[steps]
    const k = x - y
    const down =
      k === -steps || (k !== steps && (ends?.get(k - 1) ?? -1) < (ends?.get(k + 1) ?? -1))
    const before = down ? k + 1 : k - 1
    const fromX = steps === 0 ? 0 : (ends?.get(before) ?? 0)
    const fromY = steps === 0 ? 0 : fromX - before
    while (x > fromX && y > fromY) pairs.push([--x, --y])
    if (steps > 0) [x, y] = [fromX, fromY]
  }
  return pairs.reverse()
}

/** What `mine` and `theirs` made of `base`. Changes of one alone are taken; where both changed the
 *  same lines differently, a clash is left for people. */
export function merge(base: string, mine: string, theirs: string): Chunk[] {
  const [o, a, b] = [linesOf(base), linesOf(mine), linesOf(theirs)]
  const ours = diffLines(o, a)
  const others = diffLines(o, b)
  const chunks: Chunk[] = []
  let [at, i, j] = [0, 0, 0]
  // How far the lines of each text are ahead of those of the base.
  let [shiftA, shiftB] = [0, 0]
  while (i < ours.length || j < others.length) {
    const from = Math.min(ours[i]?.aFrom ?? Infinity, others[j]?.aFrom ?? Infinity)
    let to = from
    const [startA, startB] = [shiftA, shiftB]
    let [touchedA, touchedB] = [false, false]
    for (;;) {
      const mineNext = ours[i]
      const theirsNext = others[j]
      if (mineNext && touches(mineNext, from, to)) {
        to = Math.max(to, mineNext.aTo)
        shiftA = mineNext.bTo - mineNext.aTo
        touchedA = true
        i++
      } else if (theirsNext && touches(theirsNext, from, to)) {
        to = Math.max(to, theirsNext.aTo)
        shiftB = theirsNext.bTo - theirsNext.aTo
        touchedB = true
        j++
      } else break
    }
    push(chunks, o.slice(at, from))
    const mineLines = a.slice(from + startA, to + shiftA)
    const theirLines = b.slice(from + startB, to + shiftB)
    if (!touchedB || mineLines.join('\n') === theirLines.join('\n')) push(chunks, mineLines)
    else if (!touchedA) push(chunks, theirLines)
    else
      chunks.push({ kind: 'clash', base: o.slice(from, to), mine: mineLines, theirs: theirLines })
    at = to
  }
  push(chunks, o.slice(at))
  return chunks
}

/** Whether a change begins within the stretch, or right at it. */
function touches(hunk: Hunk, from: number, to: number): boolean {
  return hunk.aFrom < to || hunk.aFrom === from || (hunk.aFrom === to && hunk.aFrom === hunk.aTo)
}

function push(chunks: Chunk[], lines: string[]): void {
  if (!lines.length) return
  const last = chunks.at(-1)
  if (last?.kind === 'same') last.lines.push(...lines)
  else chunks.push({ kind: 'same', lines: [...lines] })
}

export type Choice = 'mine' | 'theirs' | 'both'

/** The merged text, with a choice for each clash, in order. */
export function settle(chunks: Chunk[], choices: Choice[]): string {
  let number = 0
  return chunks
    .flatMap((chunk) => {
      if (chunk.kind === 'same') return chunk.lines
      const choice = choices[number++] ?? 'mine'
      if (choice === 'both') return [...chunk.mine, ...chunk.theirs]
      return choice === 'mine' ? chunk.mine : chunk.theirs
    })
    .join('\n')
}

export function clashes(chunks: Chunk[]): number {
  return chunks.filter((chunk) => chunk.kind === 'clash').length
}
