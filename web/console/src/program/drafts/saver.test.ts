import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Saver, type Far, type Kept, type Words } from './saver'

/** A server that keeps one draft, as ours does. */
class Server implements Far {
  kept: Kept = kept(1, 'a\n')
  isDown = false
  online = true
  puts = 0

  put = (next: Words, revision: number): Promise<Kept> => {
    this.puts++
    if (this.isDown) return Promise.reject(new TypeError('fetch failed'))
    if (revision !== this.kept.revision)
      return Promise.reject(Object.assign(new Error(), { code: 'stale_mark', status: 412 }))
    this.kept = { ...kept(revision + 1, next.document), name: next.name }
    return Promise.resolve(this.kept)
  }
  get = (): Promise<Kept> => Promise.resolve(this.kept)
  isOnline = (): boolean => this.online
}

function kept(revision: number, document: string): Kept {
  return { revision, document, name: 'Spring', changed_by: 'staff:1', changed_at: '2026-01-01' }
}

let server: Server
let saver: Saver
beforeEach(() => {
  vi.useFakeTimers()
  server = new Server()
  saver = new Saver(server.kept, server)
})
afterEach(() => {
  saver.stop()
  vi.useRealTimers()
})

const pause = () => vi.advanceTimersByTimeAsync(1_000)

describe('a draft that is written', () => {
  it('is saved once after a pause', async () => {
    saver.change({ document: 'ab\n' })
    saver.change({ document: 'abc\n' })
    expect(saver.snapshot().phase).toBe('changed')
    await pause()
    expect(saver.snapshot().phase).toBe('saved')
    expect(server.kept.document).toBe('abc\n')
    expect(server.puts).toBe(1)
  })

  it('is saved again when it changed while it was on its way', async () => {
    saver.change({ document: 'b\n' })
    const sending = saver.flush()
    saver.change({ document: 'c\n' })
    expect(saver.snapshot().phase).toBe('saving')
    await sending
    await pause()
    expect(server.kept.document).toBe('c\n')
    expect(saver.snapshot().phase).toBe('saved')
  })

  it('says that it is not saved while the server is out of reach, and is saved later', async () => {
    server.isDown = true
    server.online = false
    saver.change({ document: 'b\n' })
    await pause()
    expect(saver.snapshot().phase).toBe('offline')
    server.isDown = false
    await vi.advanceTimersByTimeAsync(3_000)
    expect(saver.snapshot().phase).toBe('saved')
    expect(server.kept.document).toBe('b\n')
  })

  it('need not be saved when it says again what it said', async () => {
    saver.change({ document: 'b\n' })
    saver.change({ document: 'a\n' })
    await pause()
    expect(saver.snapshot().phase).toBe('saved')
    expect(server.puts).toBe(0)
  })
})

describe('two people who write one draft', () => {
  it('never overwrite each other: the second sees a conflict', async () => {
    server.kept = kept(2, 'theirs\n')
    saver.change({ document: 'mine\n' })
    await pause()
    const { phase, base, theirs } = saver.snapshot()
    expect(phase).toBe('conflict')
    expect(base.document).toBe('a\n')
    expect(theirs?.document).toBe('theirs\n')
    expect(server.kept.document).toBe('theirs\n')
  })

  it('are not sent on while the conflict is open, and after it with what was chosen', async () => {
    server.kept = kept(2, 'theirs\n')
    saver.change({ document: 'mine\n' })
    await pause()
    saver.change({ document: 'mine!\n' })
    await pause()
    expect(server.puts).toBe(1)
    saver.settle({ name: 'Spring', document: 'both\n' })
    await pause()
    expect(server.kept.document).toBe('both\n')
    expect(server.kept.revision).toBe(3)
    expect(saver.snapshot().phase).toBe('saved')
  })

  it('have a new conflict when a third was quicker meanwhile', async () => {
    server.kept = kept(2, 'theirs\n')
    saver.change({ document: 'mine\n' })
    await pause()
    server.kept = kept(3, 'third\n')
    saver.settle({ name: 'Spring', document: 'both\n' })
    await pause()
    expect(saver.snapshot().phase).toBe('conflict')
    expect(saver.snapshot().theirs?.document).toBe('third\n')
  })

  it('have no conflict when both wrote the same', async () => {
    server.kept = kept(2, 'same\n')
    saver.change({ document: 'same\n' })
    await pause()
    expect(saver.snapshot().phase).toBe('saved')
    expect(saver.snapshot().base.revision).toBe(2)
  })

  it('see what the other saved when nothing of their own is unsaved', async () => {
    server.kept = kept(2, 'theirs\n')
    expect((await saver.look())?.document).toBe('theirs\n')
    saver.change({ document: 'mine\n' })
    expect(await saver.look()).toBeNull()
  })
})
