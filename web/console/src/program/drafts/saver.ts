/** Saves a draft by itself, says truthfully how that goes, and never overwrites a colleague's words. */
import { problemOf } from '@regulars/shared/problems'

/** What a draft says. */
export interface Words {
  name: string
  document: string
}

/** What the server keeps of it. */
export interface Kept extends Words {
  revision: number
  changed_by: string
  changed_at: string
}

export type Phase =
  'saved' | 'changed' | 'saving' | 'failed' | 'offline' | 'refused' | 'conflict' | 'gone'

export interface Saving {
  phase: Phase
  /** What the server kept last, as far as is known here; what both sides of a conflict began from. */
  base: Kept
  /** Of a conflict: what a colleague saved meanwhile. */
  theirs?: Kept
  problem?: unknown
}

export interface Far {
  /** Throws a problem; `stale_mark` where somebody else was quicker. */
  put: (next: Words, revision: number) => Promise<Kept>
  get: () => Promise<Kept>
  isOnline: () => boolean
}

const PAUSE_MS = 700
const RETRIES_MS = [2_000, 5_000, 10_000, 30_000]

export class Saver {
  #saving: Saving
  #wanted: Words
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | null = null
  #tries = 0
  readonly #far: Far
  readonly #listeners = new Set<() => void>()

  constructor(first: Kept, far: Far) {
    this.#saving = { phase: 'saved', base: first }
    this.#wanted = { name: first.name, document: first.document }
    this.#far = far
  }

  readonly snapshot = (): Saving => this.#saving

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What the draft should say, saved or not. */
  get wanted(): Words {
    return this.#wanted
  }

  get isClean(): boolean {
    return this.#saving.phase === 'saved'
  }

  /** The draft says something else now; it is saved after a pause. */
  change(next: Partial<Words>): void {
    this.#wanted = { ...this.#wanted, ...next }
    if (this.#isStopped) return
    if (this.#running) return
    if (isSame(this.#wanted, this.#saving.base)) {
      clearTimeout(this.#timer)
      this.#tell({ phase: 'saved', base: this.#saving.base })
      return
    }
    this.#tell({ phase: 'changed', base: this.#saving.base })
    this.#later(PAUSE_MS)
  }

  /** Save now what is not saved yet. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer)
    if (this.#isStopped) return
    if (!this.#running && !isSame(this.#wanted, this.#saving.base)) this.#running = this.#run()
    await this.#running
  }

  /** A conflict is settled: the text was made knowing what they saved. */
  settle(next: Words): void {
    const { theirs } = this.#saving
    if (!theirs) return
    this.#wanted = next
    this.#tell({ phase: 'changed', base: theirs })
    this.change({})
    void this.flush()
  }

  /** Looks whether a colleague saved. Gives their words where nothing of one's own is unsaved, to be
   *  shown instead. */
  async look(): Promise<Kept | null> {
    if (!this.isClean) return null
    const found = await this.#far.get()
    const { phase, base } = this.#saving
    if (phase !== 'saved' || found.revision <= base.revision) return null
    this.#wanted = { name: found.name, document: found.document }
    this.#tell({ phase: 'saved', base: found })
    return found
  }

  /** Nothing is sent any more. */
  stop(): void {
    clearTimeout(this.#timer)
  }

  get #isStopped(): boolean {
    const { phase } = this.#saving
    return phase === 'conflict' || phase === 'gone'
  }

  #later(pause: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), pause)
  }

  async #run(): Promise<void> {
    const sent = this.#wanted
    const { base } = this.#saving
    this.#tell({ phase: 'saving', base })
    try {
      const kept = await this.#far.put(sent, base.revision)
      this.#running = null
      this.#tries = 0
      this.#tell({ phase: 'saved', base: kept })
      this.change({})
    } catch (error) {
      await this.#failed(error, base)
      this.#running = null
    }
  }

  async #failed(error: unknown, base: Kept): Promise<void> {
    const { code, status } = problemOf(error)
    if (code === 'stale_mark') return this.#overtaken(base)
    if (status === 404) {
      this.#tell({ phase: 'gone', base, problem: error })
      return
    }
    if (status >= 400 && status < 500 && status !== 401 && status !== 429) {
      this.#tell({ phase: 'refused', base, problem: error })
      return
    }
    this.#again(error, base)
  }

  #again(error: unknown, base: Kept): void {
    this.#tell({ phase: this.#far.isOnline() ? 'failed' : 'offline', base, problem: error })
    this.#later(RETRIES_MS[Math.min(this.#tries++, RETRIES_MS.length - 1)] ?? PAUSE_MS)
  }

  async #overtaken(base: Kept): Promise<void> {
    try {
      const theirs = await this.#far.get()
      // A new name is theirs where it was not changed here too.
      if (this.#wanted.name === base.name) this.#wanted = { ...this.#wanted, name: theirs.name }
      if (isSame(theirs, this.#wanted)) this.#tell({ phase: 'saved', base: theirs })
      else this.#tell({ phase: 'conflict', base, theirs })
    } catch (error) {
      this.#again(error, base)
    }
  }

  #tell(next: Saving): void {
    this.#saving = next
    for (const listener of this.#listeners) listener()
  }
}

function isSame(words: Words, other: Words): boolean {
  return words.name === other.name && words.document === other.document
}
